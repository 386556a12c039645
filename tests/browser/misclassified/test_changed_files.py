"""The notice about images that are not those which the run was tested on."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.conftest import StartServer
from tests.support.datasets.idx_files import small_mnist_files, write_files

FILES, OTHER_FILES = small_mnist_files(60, 100), small_mnist_files(60, 100, seed=1)


def test_an_open_page_shows_a_notice_when_other_files_replace_its_images(
    page: Page, start_server: StartServer, tmp_path: Path, faults: Faults
) -> None:
    folder = tmp_path / "datasets" / "mnist"
    write_files(folder, FILES)
    server = start_server(datasets_dir=folder.parent)
    server.create_run(dataset="mnist", validation_fraction=0, batch_size=10, epochs=2)
    server.wait_for_run(1)

    page.goto(f"{server.base_url}/runs/1/misclassified")
    expect(page.locator("#total")).to_contain_text("misclassified")
    expect(page.locator("#images-notice")).to_be_hidden()
    write_files(folder, OTHER_FILES)
    page.get_by_text("Include correct", exact=True).click()
    expect(page.locator("#images-notice")).to_be_visible()
    expect(page.locator("#images-notice")).to_contain_text("These are not the images this run was tested on.")

    page.goto(f"{server.base_url}/runs/1")
    expect(page.locator("#images-notice")).to_be_visible()
    expect(page.locator("#downloads")).to_contain_text("after epoch 2, for NumPy")
    write_files(folder, FILES)
    page.reload()
    expect(page.locator("#images-notice")).to_be_hidden()
    page.goto(f"{server.base_url}/datasets/mnist")
    expect(page.locator("#file-warning")).to_contain_text("of unknown origin")

    faults.allow("404")  # the page may still request the images while the run is deleted
    write_files(folder, OTHER_FILES)
    page.goto(f"{server.base_url}/?run=1")
    expect(page.locator("#images-notice")).to_be_visible()
    server.request("DELETE", "/api/runs/1")
    expect(page.locator("#deleted")).to_be_visible()
    expect(page.locator("#images-notice")).to_be_hidden()
