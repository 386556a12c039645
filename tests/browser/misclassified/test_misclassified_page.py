"""Misclassified page: filters, sort orders, pages of the list, epochs, keys and requests."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Faults
from tests.browser.support.interception import Interceptor, PausedRequest
from tests.browser.support.misclassified_page import PAGE_SIZE, MisclassifiedPage
from tests.browser.test_page_failure import FAILURES
from tests.support.waiting import wait_until

MARK_NEXT_RENDERING = """() => {
    const tiles = document.getElementById("tiles");
    const observer = new MutationObserver(() => {
        if (tiles.ariaBusy === "false") document.body.dataset.renderedAgain = "yes";
    });
    observer.observe(tiles, {attributes: true, attributeFilter: ["aria-busy"]});
}"""
COUNT_TILES_WHEN_READY = """new MutationObserver(() => {
    const tiles = document.getElementById("tiles");
    if (tiles?.ariaBusy === "false") tiles.dataset.readyCount ??= tiles.childElementCount;
}).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ["aria-busy"]})"""
READ_CANVAS = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return Array.from({ length: data.length / 4 }, (_, index) => data[4 * index]);
}"""


def requested_images(urls: list[str]) -> set[int]:
    """Return the indices of the images in the addresses of pixels."""
    return {int(index) for url in urls for index in re.findall(r"\d+", url.partition("indices=")[2])}


def test_list_is_busy_until_its_last_tile_is_drawn(misclassified_page: MisclassifiedPage) -> None:
    tab = misclassified_page.page.context.new_page()  # its own, because a script cannot be removed from a tab
    tab.add_init_script(COUNT_TILES_WHEN_READY)
    MisclassifiedPage(tab, misclassified_page.server, misclassified_page.run).open()
    expect(tab.locator("#tiles")).to_have_attribute("data-ready-count", str(PAGE_SIZE))


def test_matrix_cell_toggles_its_filter(misclassified_page: MisclassifiedPage) -> None:
    misclassified_page.open()
    item = misclassified_page.server.get(f"/api{misclassified_page.path}?limit=1")["items"][0]
    classes = {"true": item["true_label"], "predicted": item["predicted_label"]}
    cell = misclassified_page.matrix_cell(**classes)
    count = int(cell.inner_text())
    cell.click()
    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(misclassified_page.page).to_have_url(re.compile(f"true={classes['true']}.*predicted={classes['predicted']}"))
    images = misclassified_page.get_indices(**classes)
    assert len(images) == min(count, PAGE_SIZE)
    misclassified_page.expect_tiles(images)

    cell.click()
    misclassified_page.expect_tiles(misclassified_page.get_indices())


def test_sort_order_can_be_changed(misclassified_page: MisclassifiedPage) -> None:
    misclassified_page.open()
    for sort in ("loss", "margin", "index", "confidence"):
        misclassified_page.page.get_by_label("Sort by").select_option(sort)
        misclassified_page.page.get_by_label("Order").select_option("asc")
        misclassified_page.expect_tiles(misclassified_page.get_indices(sort=sort, order="asc"))


def test_class_filter_can_be_cleared(misclassified_page: MisclassifiedPage) -> None:
    misclassified_page.open()
    true = misclassified_page.server.get(f"/api{misclassified_page.path}?limit=1")["items"][0]["true_label"]
    misclassified_page.page.locator('select[name="true"]').select_option(str(true))
    misclassified_page.expect_tiles(misclassified_page.get_indices(true=true))
    misclassified_page.page.get_by_role("button", name="Clear filters").click()
    misclassified_page.expect_tiles(misclassified_page.get_indices())


def test_buttons_step_through_the_pages(misclassified_page: MisclassifiedPage) -> None:
    misclassified_page.open()
    assert len(misclassified_page.get_indices(limit=500)) > 2 * PAGE_SIZE, "the test needs more than two pages"
    misclassified_page.page.get_by_role("button", name="Next ›").click()
    misclassified_page.expect_tiles(misclassified_page.get_indices(offset=PAGE_SIZE))
    expect(misclassified_page.page.locator("#paging")).to_contain_text("Page 2 of")
    misclassified_page.page.get_by_role("button", name="‹ Previous").click()
    misclassified_page.expect_tiles(misclassified_page.get_indices())


def test_keys_step_across_pages(misclassified_page: MisclassifiedPage) -> None:
    page = misclassified_page.page
    misclassified_page.open()
    images = misclassified_page.get_indices(limit=PAGE_SIZE + 2)
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
    expect(page.locator("#paging")).to_contain_text("Page 2 of")


def test_key_pressed_while_the_page_renders_is_not_lost(misclassified_page: MisclassifiedPage) -> None:
    page, server = misclassified_page.page, misclassified_page.server
    misclassified_page.open()
    images = misclassified_page.get_indices(limit=PAGE_SIZE + 1)
    page.locator("#tiles .tile").last.click()
    index = page.locator('#detail [data-part="index"]')
    expect(index).to_have_text(str(images[PAGE_SIZE - 1]))

    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"**{misclassified_page.path}?*offset={PAGE_SIZE}*", hold)
    with page.expect_request(f"**{misclassified_page.path}?*offset={PAGE_SIZE}*"):
        page.keyboard.press("ArrowRight")
    # Rename the run: the server then sends its status, and the page renders again while the list is still held back.
    page.evaluate(MARK_NEXT_RENDERING)
    run_address = f"/api{misclassified_page.path}".removesuffix("/misclassified")
    assert server.request("PATCH", run_address, {"name": "Another name"})[0] == 200
    expect(page.locator("#run-name")).to_have_text("Another name")
    expect(page.locator("body")).to_have_attribute("data-rendered-again", "yes")
    held[0].continue_()

    expect(index).to_have_text(str(images[PAGE_SIZE]))
    expect(page.locator("#paging")).to_contain_text("Page 2 of")


def test_open_image_shows_the_stored_prediction(misclassified_page: MisclassifiedPage) -> None:
    item = misclassified_page.server.get(f"/api{misclassified_page.path}?limit=1")["items"][0]
    misclassified_page.open(image=item["index"])
    detail = misclassified_page.page.locator("#detail")
    expect(detail.locator('[data-part="true"]')).to_have_text(str(item["true_label"]))
    expect(detail.locator('[data-part="predicted"]')).to_have_text(f"✗ {item['predicted_label']}")
    expect(detail.locator('[data-part="confidence"]')).to_contain_text(f"{100 * item['confidence']:.1f}")
    image = detail.locator('[data-part="image"] canvas')
    expect(image).to_have_attribute("aria-label", re.compile(f"image {item['index']}, a {item['true_label']}"))
    expect(image).to_have_css("image-rendering", "pixelated")
    pixels = misclassified_page.get_pixels(item["index"])
    wait_until(lambda: image.evaluate(READ_CANVAS) == pixels, what="the image is drawn")


def test_pixels_are_in_the_page_or_requested_once(misclassified_page: MisclassifiedPage) -> None:
    urls: list[str] = []
    misclassified_page.page.on(
        "request", lambda request: urls.append(request.url) if "/pixels?" in request.url else None
    )
    misclassified_page.open()
    images = misclassified_page.get_indices()
    misclassified_page.expect_tiles(images)
    assert not requested_images(urls) & set(images), "the page contains the images of its first view"
    expect(misclassified_page.tiles.first.locator("canvas")).to_have_css("image-rendering", "pixelated")
    displayed = misclassified_page.page.evaluate(
        f"() => [...document.querySelectorAll('#tiles canvas')].map({READ_CANVAS})"
    )
    assert displayed == [misclassified_page.get_pixels(index) for index in images]

    misclassified_page.page.get_by_label("Order").select_option("asc")
    others = misclassified_page.get_indices(order="asc")
    misclassified_page.expect_tiles(others)
    assert requested_images(urls) >= set(others) - set(images)
    misclassified_page.page.get_by_label("Order").select_option("desc")
    misclassified_page.expect_tiles(images)
    assert sum(len(requested_images([url])) for url in urls) == len(requested_images(urls)), "each image once"


def test_earlier_epoch_can_be_shown(misclassified_page: MisclassifiedPage) -> None:
    misclassified_page.open()
    misclassified_page.page.locator('[data-part="number"]').fill("1")
    misclassified_page.page.keyboard.press("Enter")
    expect(misclassified_page.page).to_have_url(re.compile("epoch=1"))
    misclassified_page.expect_tiles(misclassified_page.get_indices(epoch=1))
    matrix = misclassified_page.server.get(
        f"/api{misclassified_page.path.replace('misclassified', 'confusion_matrix')}?epoch=1"
    )["matrix"]
    for label in range(10):
        expect(misclassified_page.matrix_cell(label, label)).to_have_text(str(matrix[label][label]))
    misclassified_page.page.get_by_role("button", name="Last").click()
    misclassified_page.expect_tiles(misclassified_page.get_indices())


def test_reload_and_browser_history_restore_the_view(misclassified_page: MisclassifiedPage) -> None:
    page = misclassified_page.page
    true = misclassified_page.server.get(f"/api{misclassified_page.path}?limit=1")["items"][0]["true_label"]
    misclassified_page.open()
    page.get_by_label("Sort by").select_option("loss")
    misclassified_page.expect_tiles(misclassified_page.get_indices(sort="loss"))
    page.locator(f'.matrix-header-true[data-row="{true + 1}"]').click()
    filtered = misclassified_page.get_indices(sort="loss", true=true)
    misclassified_page.expect_tiles(filtered)
    page.locator("#tiles .tile").nth(1).click()
    expect(page.locator('#detail [data-part="index"]')).to_have_text(str(filtered[1]))

    page.reload()
    misclassified_page.expect_tiles(filtered)
    expect(page.locator('#detail [data-part="index"]')).to_have_text(str(filtered[1]))
    expect(page.get_by_label("Sort by")).to_have_value("loss")

    page.go_back()
    expect(page.locator("#detail")).to_be_hidden()
    misclassified_page.expect_tiles(filtered)
    page.go_back()
    misclassified_page.expect_tiles(misclassified_page.get_indices(sort="loss"))
    page.go_forward()
    misclassified_page.expect_tiles(filtered)


def test_run_without_an_epoch_shows_that_it_waits(page: Page, start_server: Any) -> None:
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
    ids=["default", "filtered", "image"],
)
def test_first_view_is_in_the_page_and_other_requests_are_sent_once(
    misclassified_page: MisclassifiedPage, view: dict[str, Any]
) -> None:
    urls: list[str] = []
    misclassified_page.page.on("request", lambda request: urls.append(request.url) if "/api/" in request.url else None)
    misclassified_page.open(**view)
    epoch_parameter = f"epoch={view.get('epoch', 3)}"
    paths = [path for url in urls if epoch_parameter in (path := url.partition("/api/")[2]) or "epoch=" not in path]
    assert [
        path for path in paths if re.search("/(misclassified|confusion_matrix|predictions|epochs)|^datasets$", path)
    ] == []
    assert paths == list(dict.fromkeys(paths))
    query = {name: value for name, value in view.items() if name not in {"image", "trust", "tab"}}
    misclassified_page.expect_tiles(misclassified_page.get_indices(**query))


def test_failed_request_for_pixels_is_reported_beside_the_list(
    misclassified_page: MisclassifiedPage, faults: Faults, interceptor: Interceptor
) -> None:
    faults.allow("ERR_FAILED")
    misclassified_page.open(offset=PAGE_SIZE)  # a neighboring page, which has no image of the first page
    interceptor.pass_all("*/test/pixels?*", PausedRequest.abort)
    misclassified_page.page.get_by_role("button", name="‹ Previous").click()
    expect(misclassified_page.page.locator("#problem")).to_have_text("The server could not load the images.")
    misclassified_page.expect_tiles(misclassified_page.get_indices())


def test_failed_request_for_a_list_is_reported_until_it_succeeds(
    misclassified_page: MisclassifiedPage, faults: Faults, interceptor: Interceptor
) -> None:
    page = misclassified_page.page
    faults.allow(r"/misclassified\?|ERR_FAILED|status of 500")
    misclassified_page.open()
    images = misclassified_page.get_indices()
    true = misclassified_page.get_list()["items"][0]["true_label"]
    # The page repeats a failed request when an event of the run arrives, so count no requests.
    responders = [handler for handler, _ in FAILURES]

    def respond(request: PausedRequest) -> None:
        responders[0](request)

    interceptor.pass_all(f"*/misclassified?*true={true}*", respond)
    problem = page.locator("#problem")
    for _, message in FAILURES:
        page.locator('select[name="true"]').select_option(str(true))
        expect(problem).to_contain_text(message)
        expect(problem).to_have_attribute("role", "alert")
        misclassified_page.expect_tiles(images)
        page.get_by_role("button", name="Clear filters").click()
        expect(problem).to_have_count(0)
        responders[:] = responders[1:] or [PausedRequest.proceed]
    page.locator('select[name="true"]').select_option(str(true))
    misclassified_page.expect_tiles(misclassified_page.get_indices(true=true))
    expect(problem).to_have_count(0)
