"""Misclassified page: filters, sort orders, pages, epochs and keys, all stored in the address."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.support.misclassified_page import PAGE_SIZE, MisclassifiedImages
from tests.support.waiting import wait_until

MARK_WHEN_DRAWN = """() => {
    const tiles = document.getElementById("tiles");
    const observer = new MutationObserver(() => {
        if (tiles.ariaBusy === "false") document.body.dataset.drawnAnew = "yes";
    });
    observer.observe(tiles, {attributes: true, attributeFilter: ["aria-busy"]});
}"""
COUNT_WHEN_COMPLETE = """document.addEventListener("DOMContentLoaded", () => {
    const tiles = document.getElementById("tiles");
    new MutationObserver(() => {
        if (tiles.ariaBusy === "false") tiles.dataset.complete ??= tiles.childElementCount;
    }).observe(tiles, {attributes: true, attributeFilter: ["aria-busy"]});
})"""
READ_CANVAS = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return Array.from({ length: data.length / 4 }, (_, place) => data[4 * place]);
}"""


def test_list_is_busy_until_its_last_tile_is_drawn(mistakes: MisclassifiedImages) -> None:
    mistakes.page.add_init_script(COUNT_WHEN_COMPLETE)
    mistakes.open()
    expect(mistakes.page.locator("#tiles")).to_have_attribute("data-complete", str(PAGE_SIZE))


def test_matrix_cell_toggles_its_filter(mistakes: MisclassifiedImages) -> None:
    mistakes.open()
    wrong = mistakes.server.get(f"/api{mistakes.path}?limit=1")["items"][0]
    chosen = {"true": wrong["true_label"], "predicted": wrong["predicted_label"]}
    cell = mistakes.cell(**chosen)
    count = int(cell.inner_text())
    cell.click()
    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(mistakes.page).to_have_url(re.compile(f"true={chosen['true']}.*predicted={chosen['predicted']}"))
    images = mistakes.stored(**chosen)
    assert len(images) == min(count, PAGE_SIZE)
    mistakes.expect_tiles(images)

    cell.click()
    mistakes.expect_tiles(mistakes.stored())


@pytest.mark.parametrize("sort", ["confidence", "loss", "margin", "index"])
def test_sorts(mistakes: MisclassifiedImages, sort: str) -> None:
    mistakes.open()
    mistakes.page.get_by_label("Sort by").select_option(sort)
    mistakes.page.get_by_label("Order").select_option("asc")
    mistakes.expect_tiles(mistakes.stored(sort=sort, order="asc"))


def test_filters_by_class(mistakes: MisclassifiedImages) -> None:
    mistakes.open()
    true = mistakes.server.get(f"/api{mistakes.path}?limit=1")["items"][0]["true_label"]
    mistakes.page.locator('select[name="true"]').select_option(str(true))
    mistakes.expect_tiles(mistakes.stored(true=true))
    mistakes.page.get_by_role("button", name="Clear filters").click()
    mistakes.expect_tiles(mistakes.stored())


def test_pages(mistakes: MisclassifiedImages) -> None:
    mistakes.open()
    assert len(mistakes.stored(limit=500)) > 2 * PAGE_SIZE, "the run is meant to be poor"
    mistakes.page.get_by_role("button", name="Next ›").click()
    mistakes.expect_tiles(mistakes.stored(offset=PAGE_SIZE))
    expect(mistakes.page.locator(".paging-position")).to_contain_text("Page 2 of")
    mistakes.page.get_by_role("button", name="‹ Previous").click()
    mistakes.expect_tiles(mistakes.stored())


def test_keys_step_across_pages(mistakes: MisclassifiedImages) -> None:
    page = mistakes.page
    mistakes.open()
    images = mistakes.stored(limit=PAGE_SIZE + 2)
    page.locator("#tiles .tile").first.focus()
    page.keyboard.press("Enter")
    detail = page.locator("#detail")
    expect(detail.locator('[data-part="index"]')).to_have_text(str(images[0]))
    expect(detail.locator(".outputs li")).to_have_count(10)
    page.keyboard.press("ArrowRight")
    expect(detail.locator('[data-part="index"]')).to_have_text(str(images[1]))
    page.keyboard.press("ArrowLeft")
    expect(detail.locator('[data-part="index"]')).to_have_text(str(images[0]))
    page.keyboard.press("Escape")
    expect(detail).to_be_hidden()
    expect(page.locator("#tiles .tile").first).to_be_focused()

    page.locator("#tiles .tile").last.click()
    expect(detail.locator('[data-part="index"]')).to_have_text(str(images[PAGE_SIZE - 1]))
    page.keyboard.press("ArrowRight")
    expect(detail.locator('[data-part="index"]')).to_have_text(str(images[PAGE_SIZE]))
    expect(page.locator(".paging-position")).to_contain_text("Page 2 of")


def test_key_pressed_during_a_redraw_is_not_lost(mistakes: MisclassifiedImages) -> None:
    page, server = mistakes.page, mistakes.server
    mistakes.open()
    images = mistakes.stored(limit=PAGE_SIZE + 1)
    page.locator("#tiles .tile").last.click()
    index = page.locator('#detail [data-part="index"]')
    expect(index).to_have_text(str(images[PAGE_SIZE - 1]))

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**{mistakes.path}?*offset={PAGE_SIZE}*", hold)
    with page.expect_request(f"**{mistakes.path}?*offset={PAGE_SIZE}*"):
        page.keyboard.press("ArrowRight")
    # The run is given another name: its status is told, and the page drawn anew, while the answer is awaited.
    page.evaluate(MARK_WHEN_DRAWN)
    run_address = f"/api{mistakes.path}".removesuffix("/misclassified")
    assert server.request("PATCH", run_address, {"name": "Another name"})[0] == 200
    expect(page.locator("#run-name")).to_have_text("Another name")
    expect(page.locator("body")).to_have_attribute("data-drawn-anew", "yes")
    held[0].continue_()

    expect(index).to_have_text(str(images[PAGE_SIZE]))
    expect(page.locator(".paging-position")).to_contain_text("Page 2 of")


def test_open_image_shows_the_stored_prediction(mistakes: MisclassifiedImages) -> None:
    item = mistakes.server.get(f"/api{mistakes.path}?limit=1")["items"][0]
    mistakes.open(image=item["index"])
    detail = mistakes.page.locator("#detail")
    expect(detail.locator('[data-part="true"]')).to_have_text(str(item["true_label"]))
    expect(detail.locator('[data-part="predicted"]')).to_have_text(f"✗ {item['predicted_label']}")
    expect(detail.locator('[data-part="confidence"]')).to_contain_text(f"{100 * item['confidence']:.1f}")
    picture = detail.locator('[data-part="image"] canvas')
    expect(picture).to_have_attribute("aria-label", re.compile(f"image {item['index']}, a {item['true_label']}"))
    expect(picture).to_have_css("image-rendering", "pixelated")
    pixels = mistakes.pixels(item["index"])
    wait_until(lambda: picture.evaluate(READ_CANVAS) == pixels, what="drawn")


def test_pixels_are_requested_once(mistakes: MisclassifiedImages) -> None:
    asked: list[str] = []
    mistakes.page.on("request", lambda request: asked.append(request.url) if "/pixels?" in request.url else None)
    mistakes.open()
    images = mistakes.stored()
    mistakes.expect_tiles(images)
    assert set(re.findall(r"\d+", asked[0].partition("indices=")[2])) == {str(index) for index in images}
    expect(mistakes.tiles.first.locator("canvas")).to_have_css("image-rendering", "pixelated")
    drawn = mistakes.page.evaluate(f"() => [...document.querySelectorAll('#tiles canvas')].map({READ_CANVAS})")
    assert drawn == [mistakes.pixels(index) for index in images]

    mistakes.page.get_by_label("Order").select_option("asc")
    mistakes.expect_tiles(mistakes.stored(order="asc"))
    mistakes.page.get_by_label("Order").select_option("desc")
    mistakes.expect_tiles(images)
    indices = [set(re.findall(r"\d+", url.partition("indices=")[2])) for url in asked]
    assert sum(map(len, indices)) == len(set.union(*indices)), "an image was asked for twice"


def test_earlier_epoch_can_be_shown(mistakes: MisclassifiedImages) -> None:
    mistakes.open()
    mistakes.page.locator('[data-part="number"]').fill("1")
    mistakes.page.keyboard.press("Enter")
    expect(mistakes.page).to_have_url(re.compile("epoch=1"))
    mistakes.expect_tiles(mistakes.stored(epoch=1))
    matrix = mistakes.server.get(f"/api{mistakes.path.replace('misclassified', 'confusion_matrix')}?epoch=1")["matrix"]
    for label in range(10):
        expect(mistakes.cell(label, label)).to_have_text(str(matrix[label][label]))
    mistakes.page.get_by_role("button", name="Last").click()
    mistakes.expect_tiles(mistakes.stored())


def test_reload_and_back_restore_the_view(mistakes: MisclassifiedImages) -> None:
    page = mistakes.page
    true = mistakes.server.get(f"/api{mistakes.path}?limit=1")["items"][0]["true_label"]
    mistakes.open()
    page.get_by_label("Sort by").select_option("loss")
    mistakes.expect_tiles(mistakes.stored(sort="loss"))
    page.locator(f'.matrix-header-true[data-row="{true + 1}"]').click()
    filtered = mistakes.stored(sort="loss", true=true)
    mistakes.expect_tiles(filtered)
    page.locator("#tiles .tile").nth(1).click()
    expect(page.locator('#detail [data-part="index"]')).to_have_text(str(filtered[1]))

    page.reload()
    mistakes.expect_tiles(filtered)
    expect(page.locator('#detail [data-part="index"]')).to_have_text(str(filtered[1]))
    expect(page.get_by_label("Sort by")).to_have_value("loss")

    page.go_back()
    expect(page.locator("#detail")).to_be_hidden()
    mistakes.expect_tiles(filtered)
    page.go_back()
    mistakes.expect_tiles(mistakes.stored(sort="loss"))
    page.go_forward()
    mistakes.expect_tiles(filtered)


def test_run_without_an_epoch_offers_the_next_step(page: Page, start_server: Any) -> None:
    server = start_server("--workers", "1")
    server.create_run(epochs=10_000, hidden_sizes=[300, 300])
    waiting = server.create_run(name="Waiting")
    page.goto(f"{server.base_url}/runs/{waiting['id']}/misclassified")
    expect(page.locator("#waiting")).to_be_visible()
    expect(page.locator("#waiting-next")).to_be_visible()


@pytest.mark.parametrize(
    "view",
    [
        {},
        {
            "true": 8,
            "answer": "any",
            "min_confidence": 0.2,
            "history": "never",
            "sort": "loss",
            "order": "asc",
            "epoch": 2,
        },
        {"offset": PAGE_SIZE, "image": 7, "trust": "true", "tab": "gap"},
    ],
    ids=["usual", "filtered", "image"],
)
def test_first_view_is_requested_once(mistakes: MisclassifiedImages, view: dict[str, Any]) -> None:
    asked: list[str] = []
    mistakes.page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    mistakes.open(**view)
    own = f"epoch={view.get('epoch', 3)}"
    first = [path for url in asked if own in (path := url.partition("/api/")[2]) or "epoch=" not in path]
    assert [path for path in first if "/misclassified?" in path] == first[:1]
    assert first == list(dict.fromkeys(first))
    query = {name: value for name, value in view.items() if name not in {"image", "trust", "tab"}}
    mistakes.expect_tiles(mistakes.stored(**query))
