"""The data page: images by class and split, and data that is not there yet."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.conftest import StartServer
from tests.server_process import ServerProcess


def shown(page: Page) -> list[str]:
    captions: list[str] = page.locator("#tiles .picture-caption").all_inner_texts()
    return [re.sub(r"\s+", " ", caption) for caption in captions]


def test_images_of_one_class_and_split(page: Page, shared_server: ServerProcess) -> None:
    page.goto(f"{shared_server.base_url}/datasets")
    expect(page).to_have_url(re.compile("/datasets/digits"))
    expect(page.locator("#total")).to_contain_text("1,438 training images")

    page.locator("#classes").get_by_role("button", name=re.compile("^3")).click()
    page.get_by_text("Test", exact=True).click()
    expect(page).to_have_url(re.compile("split=test&label=3|label=3&split=test"))
    stored = shared_server.get("/api/datasets/digits/test?label=3&limit=500")
    expect(page.locator("#total")).to_contain_text(f"{stored['total']} test images of 3")
    assert shown(page) == [f"3 #{item['index']}" for item in stored["items"]]
    widths = page.locator("#tiles img").evaluate_all(
        "images => Promise.all(images.map(async image => { await image.decode(); return image.naturalWidth; }))"
    )
    assert set(widths) == {8}

    page.reload()
    expect(page.locator("#total")).to_contain_text(f"{stored['total']} test images of 3")
    page.go_back()
    expect(page.locator("#total")).to_contain_text("training images of 3")


def test_pages_of_images(page: Page, shared_server: ServerProcess) -> None:
    page.goto(f"{shared_server.base_url}/datasets/digits")
    expect(page.locator("#tiles .tile")).to_have_count(96)
    first = shown(page)
    page.get_by_role("button", name="Next ›").click()
    expect(page.locator(".paging-place")).to_have_text("Page 2 of 15")
    expect(page.locator("#total")).to_contain_text("97 to 192 shown")
    assert set(first).isdisjoint(shown(page))


def test_data_that_cannot_be_fetched_says_which_files_to_put_where(page: Page, start_server: StartServer) -> None:
    server = start_server(env={"MISFIT_MIRRORS": "http://127.0.0.1:9/"})
    page.goto(f"{server.base_url}/datasets/mnist")
    expect(page.locator("#missing")).to_be_visible()
    page.locator("#fetch").click()
    error = page.locator("#fetch-error")
    expect(error).to_be_visible(timeout=60_000)
    expect(error).to_contain_text("train-images-idx3-ubyte.gz")
    expect(error).to_contain_text(str(server.data_dir.parent / "datasets"))
    expect(page.locator("#fetch")).to_be_enabled()


def test_mnist_is_browsed_where_it_is_there(page: Page, start_server: StartServer, mnist_dir: Any) -> None:
    server = start_server(datasets_dir=mnist_dir)
    page.goto(f"{server.base_url}/datasets/mnist")
    expect(page.locator("#total")).to_contain_text("60,000 training images", timeout=60_000)
    picture = page.locator("#tiles img").first
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth; }") == 28
