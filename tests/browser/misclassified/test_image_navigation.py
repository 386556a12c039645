"""Selection, keyboard shortcuts, epochs and runs in progress on the misclassified page."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.support.annotation_test_page import clear_annotations
from tests.browser.support.misclassified_page import PAGE_SIZE, MisclassifiedPage
from tests.browser.support.page_waiting import wait_for_events
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

# In each frame of the page, record the epochs whose accuracy, matrix and list the page shows. Skip a frame that equals
# the previous one.
RECORD_FRAMES = """({accuracies, diagonals, totals}) => {
    const diagonal = () => [...document.querySelectorAll(".matrix-diagonal")].map((cell) => cell.textContent).join();
    window.recordedFrames = [];
    const recordFrame = () => {
        const frame = [
            accuracies.indexOf(document.getElementById("accuracy").textContent),
            diagonals.indexOf(diagonal()),
            totals.indexOf(document.getElementById("total").textContent.match(/^[0-9]+/)[0]),
        ].join();
        if (window.recordedFrames.at(-1) !== frame) window.recordedFrames.push(frame);
        requestAnimationFrame(recordFrame);
    };
    recordFrame();
}"""

WAIT_FOR_TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def selected_positions(misclassified_page: MisclassifiedPage) -> list[int]:
    """Return the positions of the selected tiles."""
    positions: list[int] = misclassified_page.tiles.evaluate_all(
        "tiles => tiles.flatMap((tile, position) => tile.dataset.selected ? [position] : [])"
    )
    return positions


def test_mouse_selects_tiles(misclassified_page: MisclassifiedPage) -> None:
    misclassified_page.open()
    bar = misclassified_page.page.get_by_role("region", name="Selected images")
    expect(bar).to_be_hidden()
    misclassified_page.tiles.nth(1).click(modifiers=["ControlOrMeta"])
    misclassified_page.tiles.nth(3).click(modifiers=["Shift"])
    expect(bar).to_contain_text("3 images selected")
    assert selected_positions(misclassified_page) == [1, 2, 3]
    expect(misclassified_page.tiles.nth(2)).to_have_accessible_name(re.compile(", selected$"))
    misclassified_page.tiles.nth(2).click(modifiers=["ControlOrMeta"])
    assert selected_positions(misclassified_page) == [1, 3]
    misclassified_page.tiles.nth(5).click(modifiers=["Shift"])
    assert selected_positions(misclassified_page) == [1, 2, 3, 4, 5]
    misclassified_page.tiles.nth(0).click(modifiers=["Shift"])
    assert selected_positions(misclassified_page) == [0, 1, 2]
    expect(misclassified_page.detail).to_be_hidden()
    bar.get_by_role("button", name="Clear").click()
    expect(bar).to_be_hidden()
    assert selected_positions(misclassified_page) == []


def test_keys_select_tiles(misclassified_page: MisclassifiedPage) -> None:
    page = misclassified_page.page
    misclassified_page.open()
    misclassified_page.tiles.nth(2).focus()
    page.keyboard.press("Space")
    assert selected_positions(misclassified_page) == [2]
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert selected_positions(misclassified_page) == [2, 3, 4]
    page.keyboard.press("Shift+ArrowLeft")
    assert selected_positions(misclassified_page) == [2, 3]
    expect(misclassified_page.tiles.nth(3)).to_be_focused()
    columns = misclassified_page.tiles.evaluate_all(
        "tiles => tiles.filter(tile => tile.offsetTop === tiles[0].offsetTop).length"
    )
    page.keyboard.press("Shift+ArrowDown")
    assert selected_positions(misclassified_page) == list(range(2, 4 + columns))
    page.keyboard.press("ControlOrMeta+a")
    assert selected_positions(misclassified_page) == list(range(PAGE_SIZE))
    page.keyboard.press("Escape")
    assert selected_positions(misclassified_page) == []


def test_all_selected_images_are_flagged_and_labeled(misclassified_page: MisclassifiedPage) -> None:
    page, images = misclassified_page.page, misclassified_page.get_indices()
    clear_annotations(misclassified_page.server, misclassified_page.run)
    address = f"/api/datasets/{misclassified_page.run['hyperparameters']['dataset']}/test/annotations"
    try:
        misclassified_page.open()
        misclassified_page.tiles.nth(0).click(modifiers=["ControlOrMeta"])
        misclassified_page.tiles.nth(2).click(modifiers=["ControlOrMeta"])
        page.keyboard.press("f")
        expect(misclassified_page.tiles.nth(0).locator(".tile-flag")).to_be_visible()
        expect(misclassified_page.tiles.nth(1).locator(".tile-flag")).to_be_hidden()
        page.get_by_label("Label the selected images as").select_option("7")
        expect(misclassified_page.tiles.nth(2).locator(".tile-label")).to_have_text("✎ 7")
        annotations = [
            {"index": index, "flagged": True, "label": 7, "note": ""} for index in sorted([images[0], images[2]])
        ]
        wait_until(lambda: misclassified_page.server.get(address)["items"] == annotations, what="stored annotations")
        assert selected_positions(misclassified_page) == [0, 2]
        page.locator("#selection").get_by_role("button", name="Remove flags").click()
        expect(page.locator(".tile-flag:visible")).to_have_count(0)
        page.keyboard.press("u")
        expect(page.locator(".tile-flag:visible")).to_have_count(2)
        expect(page.locator("#done")).to_have_text(re.compile("^Undone: .*2 images"))
    finally:
        clear_annotations(misclassified_page.server, misclassified_page.run)


def test_another_page_clears_the_selection(misclassified_page: MisclassifiedPage) -> None:
    misclassified_page.open()
    misclassified_page.tiles.nth(1).click(modifiers=["ControlOrMeta"])
    misclassified_page.page.get_by_role("button", name="Next ›").click()
    misclassified_page.expect_tiles(misclassified_page.get_indices(offset=PAGE_SIZE))
    expect(misclassified_page.page.locator("#selection")).to_be_hidden()


def test_single_key_shortcuts_can_be_disabled(misclassified_page: MisclassifiedPage) -> None:
    page = misclassified_page.page
    misclassified_page.open()
    first = misclassified_page.get_indices()[0]
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    for key in ("f", "0 … 9", "u", "j", "]", "g", "?", "Space", "Esc"):
        expect(dialog.locator("kbd", has_text=re.compile(rf"^{re.escape(key)}$"))).to_have_count(1)
    dialog.get_by_label("Enable single-key shortcuts").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("[")
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    expect(page).not_to_have_url(re.compile("epoch="))

    page.reload()
    misclassified_page.tiles.first.click()
    misclassified_page.expect_image(first)
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(misclassified_page.tiles.first).to_be_focused()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    dialog.get_by_label("Enable single-key shortcuts").check()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile(r"epoch=2"))


def test_shortcuts_work_on_the_slider_but_not_in_a_number_field(misclassified_page: MisclassifiedPage) -> None:
    misclassified_page.open()
    misclassified_page.page.locator('[data-part="slider"]').focus()
    misclassified_page.page.keyboard.press("[")
    expect(misclassified_page.page).to_have_url(re.compile("epoch=2"))
    misclassified_page.page.locator('[data-part="number"]').focus()
    misclassified_page.page.keyboard.press("[")
    misclassified_page.page.keyboard.press("g")
    expect(misclassified_page.page).to_have_url(re.compile(r"epoch=2$"))


def test_all_parts_switch_to_an_epoch_in_the_same_frame(finished_page: MisclassifiedPage) -> None:
    page = finished_page.page
    results = finished_page.server.get(f"/api/runs/{finished_page.run['id']}/epochs")["items"]
    first, second, last = epochs = (4, 8, 12)
    values_per_epoch = {
        "accuracies": [f"{100 * results[epoch - 1]['test_accuracy']:.2f}%" for epoch in epochs],
        "diagonals": [",".join(str(finished_page.get_matrix(epoch)[k][k]) for k in range(10)) for epoch in epochs],
        "totals": [str(finished_page.get_list(epoch=epoch)["total"]) for epoch in epochs],
    }
    assert all(len(set(values)) == 3 for values in values_per_epoch.values()), "the epochs must differ"
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(rf"misclassified\?epoch={second}&|confusion_matrix\?epoch={first}&"), hold)
    finished_page.open()
    page.evaluate(RECORD_FRAMES, values_per_epoch)
    for epoch, request_path in (
        (second, f"confusion_matrix?epoch={second}"),
        (first, f"misclassified?epoch={first}&"),
        (second, None),
        (last, None),
    ):
        page.locator('[data-part="number"]').fill(str(epoch))
        page.keyboard.press("Enter")
        if request_path:
            page.wait_for_function(
                f"() => performance.getEntriesByType('resource').some(entry => entry.name.includes('{request_path}'))"
            )
            page.evaluate(WAIT_FOR_TWO_FRAMES)
            wait_for_events(page, lambda: held, what="a held request")
            for route in held:
                route.continue_()
            held.clear()
        finished_page.expect_tiles(finished_page.get_indices(epoch=epoch))
    frames = page.evaluate("window.recordedFrames")
    assert len(frames) >= 5
    assert {frame for frame in frames if len(set(frame.split(","))) > 1} == set()


def test_moving_the_slider_cancels_requests_and_adds_one_history_entry(misclassified_page: MisclassifiedPage) -> None:
    page = misclassified_page.page
    misclassified_page.open(epoch=3, sort="index")
    page.route(re.compile("/misclassified.*epoch=2&.*sort=margin"), lambda _: None)  # never responds
    page.get_by_label("Sort by").select_option("margin")
    misclassified_page.expect_tiles(misclassified_page.get_indices(epoch=3, sort="margin"))
    canceled: list[str] = []
    page.on("requestfailed", lambda request: canceled.append(request.url))
    slider = page.locator('[data-part="slider"]')
    slider.focus()
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    misclassified_page.expect_tiles(misclassified_page.get_indices(epoch=1, sort="margin"))
    wait_for_events(
        page, lambda: any(re.search("epoch=2&.*sort=margin", url) for url in canceled), what="the cancellation"
    )
    page.go_back()
    misclassified_page.expect_tiles(misclassified_page.get_indices(epoch=3, sort="margin"))


def test_neighboring_epochs_are_prefetched(misclassified_page: MisclassifiedPage) -> None:
    page = misclassified_page.page
    with page.expect_response(re.compile("misclassified.*epoch=1&")):
        misclassified_page.open(epoch=2)
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.keyboard.press("]")
    misclassified_page.expect_tiles(misclassified_page.get_indices(epoch=3))
    assert [url for url in urls if re.search("(confusion_matrix|misclassified|pixels).*epoch=3", url)] == []


def test_image_stays_open_in_other_epochs(finished_page: MisclassifiedPage) -> None:
    misclassified = {epoch: set(finished_page.get_indices(epoch=epoch, limit=500)) for epoch in (1, 12)}
    index = min(misclassified[1] - misclassified[12])
    finished_page.open(epoch=1, image=index)
    finished_page.expect_image(index)
    finished_page.page.get_by_role("button", name="Last").click()
    expect(finished_page.page).to_have_url(re.compile(rf"epoch=12.*image={index}"))
    expect(finished_page.detail.locator('[data-part="position"]')).to_have_text("correct in this epoch")
    expect(finished_page.detail.locator('[data-part="verdict"]')).to_have_text(re.compile("^Correct: "))


def test_guess_mode_hides_predictions(misclassified_page: MisclassifiedPage) -> None:
    page = misclassified_page.page
    item = misclassified_page.get_list()["items"][0]
    misclassified_page.open(guess="true", answer="any", image=item["index"])
    expect(page.get_by_text("What is this?").first).to_be_visible()
    expect(page.locator(".matrix-cell[data-open]")).to_have_count(0)
    for tile in misclassified_page.tiles.all()[:3]:
        expect(tile).to_have_attribute("data-outcome", "hidden")
        expect(tile.locator(".tile-classes")).to_have_text("?", use_inner_text=True)
        expect(tile.locator(".tile-confidence")).to_have_text("")
    page.get_by_role("button", name="Guess mode").click()
    expect(misclassified_page.tiles.first).not_to_have_attribute("data-outcome", "hidden")
    expect(page).not_to_have_url(re.compile("guess="))


def test_filtered_list_follows_a_run_in_progress(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.create_run(epochs=10_000, optimizer="sgd", learning_rate=0.001, hidden_sizes=[8])
    address = f"/api/runs/{run['id']}"
    try:
        wait_until(lambda: shared_server.get(address)["epochs_completed"], what="an epoch")
        misclassified_page = MisclassifiedPage(page, shared_server, run)
        filters = {"answer": "any", "max_confidence": 0.5, "sort": "index", "order": "asc"}
        misclassified_page.open(**filters)
        number = page.locator('[data-part="number"]')
        first = int(number.input_value())
        wait_until(lambda: int(number.input_value()) > first + 3, what="a later epoch")
        expect(page.locator(".epoch-follow input")).to_be_checked()
    finally:
        shared_server.request("POST", f"{address}/stop")
    ended = shared_server.wait_for_run(run["id"], "stopped")
    expect(number).to_have_value(str(ended["epochs_completed"]))
    expect(misclassified_page.heading).to_contain_text("with a confidence of 50% or less")
    misclassified_page.expect_tiles(misclassified_page.get_indices(**filters))
