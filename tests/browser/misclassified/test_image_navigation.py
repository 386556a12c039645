"""Selection, keyboard shortcuts, epochs and live runs on the misclassified page."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.support.annotation_test_page import clear
from tests.browser.support.misclassified_page import PAGE_SIZE, MisclassifiedImages
from tests.browser.support.page_waiting import wait_for_events
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

# What the page shows in each frame: the epochs that the figures, the matrix and the list are of, as far as they differ.
RECORD_FRAMES = """({accuracies, diagonals, totals}) => {
    const diagonal = () => [...document.querySelectorAll(".matrix-diagonal")].map((cell) => cell.textContent).join();
    window.frames_seen = [];
    const look = () => {
        const frame = [
            accuracies.indexOf(document.getElementById("accuracy").textContent),
            diagonals.indexOf(diagonal()),
            totals.indexOf(document.getElementById("total").textContent.match(/^[0-9]+/)[0]),
        ].join();
        if (window.frames_seen.at(-1) !== frame) window.frames_seen.push(frame);
        requestAnimationFrame(look);
    };
    look();
}"""

TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def selected(mistakes: MisclassifiedImages) -> list[int]:
    """Return the positions of the selected tiles."""
    places: list[int] = mistakes.tiles.evaluate_all(
        "all => all.flatMap((one, place) => one.dataset.selected ? [place] : [])"
    )
    return places


def test_selection_by_mouse(mistakes: MisclassifiedImages) -> None:
    mistakes.open()
    bar = mistakes.page.get_by_role("region", name="Selected images")
    expect(bar).to_be_hidden()
    mistakes.tiles.nth(1).click(modifiers=["ControlOrMeta"])
    mistakes.tiles.nth(3).click(modifiers=["Shift"])
    expect(bar).to_contain_text("3 images selected")
    assert selected(mistakes) == [1, 2, 3]
    expect(mistakes.tiles.nth(2)).to_have_accessible_name(re.compile(", selected$"))
    mistakes.tiles.nth(2).click(modifiers=["ControlOrMeta"])
    assert selected(mistakes) == [1, 3]
    mistakes.tiles.nth(5).click(modifiers=["Shift"])
    assert selected(mistakes) == [1, 2, 3, 4, 5]
    mistakes.tiles.nth(0).click(modifiers=["Shift"])
    assert selected(mistakes) == [0, 1, 2]
    expect(mistakes.detail).to_be_hidden()
    bar.get_by_role("button", name="Clear").click()
    expect(bar).to_be_hidden()
    assert selected(mistakes) == []


def test_selection_by_keyboard(mistakes: MisclassifiedImages) -> None:
    page = mistakes.page
    mistakes.open()
    mistakes.tiles.nth(2).focus()
    page.keyboard.press("Space")
    assert selected(mistakes) == [2]
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    assert selected(mistakes) == [2, 3, 4]
    page.keyboard.press("Shift+ArrowLeft")
    assert selected(mistakes) == [2, 3]
    expect(mistakes.tiles.nth(3)).to_be_focused()
    columns = mistakes.tiles.evaluate_all("all => all.filter(one => one.offsetTop === all[0].offsetTop).length")
    page.keyboard.press("Shift+ArrowDown")
    assert selected(mistakes) == list(range(2, 4 + columns))
    page.keyboard.press("ControlOrMeta+a")
    assert selected(mistakes) == list(range(PAGE_SIZE))
    page.keyboard.press("Escape")
    assert selected(mistakes) == []


def test_selection_is_flagged_and_labeled_together(mistakes: MisclassifiedImages) -> None:
    page, images = mistakes.page, mistakes.stored()
    clear(mistakes.server, mistakes.run)
    address = f"/api/datasets/{mistakes.run['hyperparameters']['dataset']}/test/annotations"
    try:
        mistakes.open()
        mistakes.tiles.nth(0).click(modifiers=["ControlOrMeta"])
        mistakes.tiles.nth(2).click(modifiers=["ControlOrMeta"])
        page.keyboard.press("f")
        expect(mistakes.tiles.nth(0).locator(".tile-flag")).to_be_visible()
        expect(mistakes.tiles.nth(1).locator(".tile-flag")).to_be_hidden()
        page.get_by_label("Label the selected images as").select_option("7")
        expect(mistakes.tiles.nth(2).locator(".tile-label")).to_have_text("✎ 7")
        said = [{"index": index, "flagged": True, "label": 7, "note": ""} for index in sorted([images[0], images[2]])]
        wait_until(lambda: mistakes.server.get(address)["items"] == said, what="kept")
        assert selected(mistakes) == [0, 2]
        page.locator("#selection").get_by_role("button", name="Remove flags").click()
        expect(page.locator(".tile-flag:visible")).to_have_count(0)
        page.keyboard.press("u")
        expect(page.locator(".tile-flag:visible")).to_have_count(2)
        expect(page.locator("#done")).to_have_text(re.compile("^Undone: .*2 images"))
    finally:
        clear(mistakes.server, mistakes.run)


def test_selection_ends_on_another_page(mistakes: MisclassifiedImages) -> None:
    mistakes.open()
    mistakes.tiles.nth(1).click(modifiers=["ControlOrMeta"])
    mistakes.page.get_by_role("button", name="Next ›").click()
    mistakes.expect_tiles(mistakes.stored(offset=PAGE_SIZE))
    expect(mistakes.page.locator("#selection")).to_be_hidden()


def test_single_key_shortcuts_can_be_disabled(mistakes: MisclassifiedImages) -> None:
    page = mistakes.page
    mistakes.open()
    first = mistakes.stored()[0]
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
    mistakes.tiles.first.click()
    mistakes.expect_image(first)
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(mistakes.tiles.first).to_be_focused()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    dialog.get_by_label("Enable single-key shortcuts").check()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("[")
    expect(page).to_have_url(re.compile(r"epoch=2"))


def test_shortcuts_work_on_the_slider_but_not_in_a_number_field(mistakes: MisclassifiedImages) -> None:
    mistakes.open()
    mistakes.page.locator('[data-part="slider"]').focus()
    mistakes.page.keyboard.press("[")
    expect(mistakes.page).to_have_url(re.compile("epoch=2"))
    mistakes.page.locator('[data-part="number"]').focus()
    mistakes.page.keyboard.press("[")
    mistakes.page.keyboard.press("g")
    expect(mistakes.page).to_have_url(re.compile(r"epoch=2$"))


def test_epoch_appears_all_at_once(finished: MisclassifiedImages) -> None:
    page = finished.page
    results = finished.server.get(f"/api/runs/{finished.run['id']}/epochs")["items"]
    first, second, last = epochs = (4, 8, 12)
    known = {
        "accuracies": [f"{100 * results[epoch - 1]['test_accuracy']:.2f}%" for epoch in epochs],
        "diagonals": [",".join(str(finished.matrix(epoch)[k][k]) for k in range(10)) for epoch in epochs],
        "totals": [str(finished.answer(epoch=epoch)["total"]) for epoch in epochs],
    }
    assert all(len(set(figures)) == 3 for figures in known.values()), "the epochs are meant to differ"
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(rf"misclassified\?epoch={second}&|confusion_matrix\?epoch={first}$"), hold)
    finished.open()
    page.evaluate(RECORD_FRAMES, known)
    for epoch, soon in (
        (second, f"confusion_matrix?epoch={second}"),
        (first, f"misclassified?epoch={first}&"),
        (second, None),
        (last, None),
    ):
        page.locator('[data-part="number"]').fill(str(epoch))
        page.keyboard.press("Enter")
        if soon:
            page.wait_for_function(
                f"() => performance.getEntriesByType('resource').some(e => e.name.includes('{soon}'))"
            )
            page.evaluate(TWO_FRAMES)
            wait_for_events(page, lambda: held, what="a held request")
            for route in held:
                route.continue_()
            held.clear()
        finished.expect_tiles(finished.stored(epoch=epoch))
    frames = page.evaluate("window.frames_seen")
    assert len(frames) >= 5
    assert {frame for frame in frames if len(set(frame.split(","))) > 1} == set()


def test_scrubbing_cancels_requests_and_is_one_step_of_history(mistakes: MisclassifiedImages) -> None:
    page = mistakes.page
    mistakes.open(epoch=3, sort="index")
    page.route(re.compile("/misclassified.*epoch=2&.*sort=margin"), lambda _: None)  # which never answers
    page.get_by_label("Sort by").select_option("margin")
    mistakes.expect_tiles(mistakes.stored(epoch=3, sort="margin"))
    cancelled: list[str] = []
    page.on("requestfailed", lambda request: cancelled.append(request.url))
    slider = page.locator('[data-part="slider"]')
    slider.focus()
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    mistakes.expect_tiles(mistakes.stored(epoch=1, sort="margin"))
    wait_for_events(page, lambda: any(re.search("epoch=2&.*sort=margin", url) for url in cancelled), what="cancelled")
    page.go_back()
    mistakes.expect_tiles(mistakes.stored(epoch=3, sort="margin"))


def test_neighboring_epochs_are_prefetched(mistakes: MisclassifiedImages) -> None:
    page = mistakes.page
    with page.expect_response(re.compile("misclassified.*epoch=1&")):
        mistakes.open(epoch=2)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("]")
    mistakes.expect_tiles(mistakes.stored(epoch=3))
    assert [url for url in asked if re.search("(confusion_matrix|misclassified|pixels).*epoch=3", url)] == []


def test_image_stays_open_in_other_epochs(finished: MisclassifiedImages) -> None:
    wrong = {epoch: set(finished.stored(epoch=epoch, limit=500)) for epoch in (1, 12)}
    index = min(wrong[1] - wrong[12])
    finished.open(epoch=1, image=index)
    finished.expect_image(index)
    finished.page.get_by_role("button", name="Last").click()
    expect(finished.page).to_have_url(re.compile(rf"epoch=12.*image={index}"))
    expect(finished.detail.locator('[data-part="position"]')).to_have_text("correct in this epoch")
    expect(finished.detail.locator('[data-part="verdict"]')).to_have_text(re.compile("^Correct: "))


def test_guess_mode_hides_predictions(mistakes: MisclassifiedImages) -> None:
    page = mistakes.page
    item = mistakes.answer()["items"][0]
    mistakes.open(guess="true", answer="any", image=item["index"])
    expect(page.get_by_text("What is this?").first).to_be_visible()
    expect(page.locator(".matrix-cell[data-open]")).to_have_count(0)
    for tile in mistakes.tiles.all()[:3]:
        expect(tile).to_have_attribute("data-outcome", "hidden")
        expect(tile.locator(".tile-classes")).to_have_text("?", use_inner_text=True)
        expect(tile.locator(".tile-confidence")).to_have_text("")
    page.get_by_role("button", name="Guess mode").click()
    expect(mistakes.tiles.first).not_to_have_attribute("data-outcome", "hidden")
    expect(page).not_to_have_url(re.compile("guess="))


def test_live_run_is_followed_with_filters(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.create_run(epochs=10_000, optimizer="sgd", learning_rate=0.001, hidden_sizes=[8])
    address = f"/api/runs/{run['id']}"
    try:
        wait_until(lambda: shared_server.get(address)["epochs_completed"], what="an epoch")
        mistakes = MisclassifiedImages(page, shared_server, run)
        filters = {"answer": "any", "max_confidence": 0.5, "sort": "index", "order": "asc"}
        mistakes.open(**filters)
        number = page.locator('[data-part="number"]')
        first = int(number.input_value())
        wait_until(lambda: int(number.input_value()) > first + 3, what="followed")
        expect(page.locator(".epoch-follow input")).to_be_checked()
    finally:
        shared_server.request("POST", f"{address}/stop")
    ended = shared_server.wait_for_run(run["id"], "stopped")
    expect(number).to_have_value(str(ended["epochs_completed"]))
    expect(mistakes.heading).to_contain_text("with a confidence of 50% or less")
    mistakes.expect_tiles(mistakes.stored(**filters))
