"""Data page: images by class and split, tables of numbers, and data sets that are not on the machine."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import StartServer
from tests.support.server_process import ServerProcess


def image_captions(page: Page) -> list[str]:
    captions: list[str] = page.locator("#tiles .tile").all_inner_texts()
    return [re.sub(r"\s+", " ", caption).strip() for caption in captions]


def table_rows(page: Page) -> list[list[str]]:
    rows: list[list[str]] = page.locator("#rows tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return rows


def test_class_and_split_filter_the_images(page: Page, shared_server: ServerProcess) -> None:
    page.goto(f"{shared_server.base_url}/datasets")
    expect(page).to_have_url(re.compile("/datasets/digits"))
    expect(page.locator("#total")).to_contain_text("1,438 training images")

    page.locator("#classes").get_by_role("button", name=re.compile("^3")).click()
    page.get_by_text("Test", exact=True).click()
    expect(page.get_by_role("radio", name="Test")).to_be_checked()
    expect(page).to_have_url(re.compile("split=test&label=3|label=3&split=test"))
    stored = shared_server.get("/api/datasets/digits/test?label=3&limit=500")
    expect(page.locator("#total")).to_contain_text(f"{stored['total']} test images of 3")
    assert image_captions(page) == [f"3 #{item['index']}" for item in stored["items"]]
    widths = page.locator("#tiles img").evaluate_all(
        "images => Promise.all(images.map(async image => { await image.decode(); return image.naturalWidth; }))"
    )
    assert set(widths) == {8}

    page.reload()
    expect(page.locator("#total")).to_contain_text(f"{stored['total']} test images of 3")
    page.go_back()
    expect(page.locator("#total")).to_contain_text("training images of 3")


def test_next_page_shows_other_images(page: Page, shared_server: ServerProcess) -> None:
    page.goto(f"{shared_server.base_url}/datasets/digits")
    expect(page.locator("#tiles .tile")).to_have_count(96)
    first_page = image_captions(page)
    page.get_by_role("button", name="Next ›").click()
    expect(page.locator("#paging")).to_contain_text("Page 2 of 15")
    expect(page.locator("#total")).to_contain_text("97 to 192 shown")
    assert set(first_page).isdisjoint(image_captions(page))


def test_gate_data_set_shows_its_rows(page: Page, shared_server: ServerProcess) -> None:
    page.goto(f"{shared_server.base_url}/datasets/xor_gate")
    expect(page.locator("#total")).to_have_text("4 training examples")
    expect(page.locator("#rows thead tr").last).to_contain_text("x₁")
    stored = shared_server.get("/api/datasets/xor_gate/train")["items"]
    expect(page.locator("#rows tbody tr")).to_have_count(4)
    assert table_rows(page) == [
        [str(item["index"]), *(f"{number:g}" for number in item["inputs"]), str(item["label"])] for item in stored
    ]
    for control in ("#split", "#classes", "#tiles"):
        expect(page.locator(control)).to_have_count(0)


def test_wide_table_shows_its_first_inputs_and_every_target(page: Page, shared_server: ServerProcess) -> None:
    page.goto(f"{shared_server.base_url}/datasets/random_regression")
    expect(page.locator("#total")).to_have_text("64 training examples; the first 20 of 1,000 inputs of each")
    stored = shared_server.get("/api/datasets/random_regression/train?limit=100")["items"]
    rows = table_rows(page)
    assert len(rows) == len(stored) == 64
    shown = [float(text.replace("−", "-")) for text in rows[-1][1:21] + rows[-1][22:]]
    assert shown == pytest.approx(stored[-1]["inputs"] + stored[-1]["targets"], rel=5e-3)


def test_failed_download_reports_the_missing_files_and_their_folder(page: Page, start_server: StartServer) -> None:
    server = start_server(env={"MISFIT_MIRRORS": "http://127.0.0.1:9/"})
    page.goto(f"{server.base_url}/datasets/mnist")
    expect(page.locator("#missing")).to_be_visible()
    page.locator("#fetch").click()
    error = page.locator("#fetch-error")
    expect(error).to_be_visible()
    expect(error).to_contain_text("train-images-idx3-ubyte.gz")
    expect(error).to_contain_text(str(server.data_dir.parent / "datasets"))
    expect(page.locator("#fetch")).to_be_enabled()


def test_mnist_images_are_shown_if_mnist_is_on_the_machine(
    page: Page, start_server: StartServer, mnist_dir: Any
) -> None:
    server = start_server(datasets_dir=mnist_dir)
    page.goto(f"{server.base_url}/datasets/mnist")
    expect(page.locator("#total")).to_contain_text("60,000 training images")
    image = page.locator("#tiles img").first
    assert image.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 28
