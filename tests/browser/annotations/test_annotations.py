"""Annotation panel and guess mode, on a test page that a real server serves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from nn.datasets.catalog import FASHION_NAMES
from tests.browser.conftest import Faults
from tests.browser.support.accessibility import assert_accessible, assert_no_wider_than_screen
from tests.browser.support.annotation_test_page import DIGITS, AnnotationTestPage, clear_annotations
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until


@pytest.fixture
def panel_page(
    page: Page, shared_server: ServerProcess, finished_run: dict[str, Any], faults: Faults
) -> Iterator[AnnotationTestPage]:
    """Yield a test page after all annotations and guesses are deleted."""
    faults.allow("404.*/nothing")
    clear_annotations(shared_server, finished_run)
    yield AnnotationTestPage(page, shared_server, finished_run, DIGITS)
    clear_annotations(shared_server, finished_run)


def test_flag_is_shown_before_it_is_stored_and_can_be_undone(panel_page: AnnotationTestPage) -> None:
    flag, undo = panel_page.button("Flag"), panel_page.button("Undo")
    expect(flag).to_have_attribute("aria-pressed", "false")
    expect(undo).to_have_attribute("aria-disabled", "true")
    flag.click()
    expect(flag).to_have_attribute("aria-pressed", "true")
    expect(flag).to_contain_text("⚑")
    panel_page.wait_until_saved()
    assert panel_page.annotations == [{"index": 0, "flagged": True, "label": None, "note": ""}]

    expect(undo).to_have_attribute("title", "Undo flagging image 0")
    undo.click()
    expect(flag).to_have_attribute("aria-pressed", "false")
    expect(undo).to_have_attribute("aria-disabled", "true")
    panel_page.wait_until_saved()
    assert panel_page.annotations == []


def test_label_is_set_removed_and_compared_with_data_set_and_prediction(panel_page: AnnotationTestPage) -> None:
    item = panel_page.items[0]
    other = next(label for label in range(10) if label not in {item["true_label"], item["predicted_label"]})
    no_label = panel_page.button("No label")
    expect(no_label).to_have_attribute("aria-pressed", "true")
    panel_page.button(str(other)).click()
    expect(panel_page.button(str(other))).to_have_attribute("aria-pressed", "true")
    expect(no_label).to_have_attribute("aria-pressed", "false")
    expect(panel_page.status("Agreement")).to_have_text("Agrees with neither the data set nor the prediction.")
    panel_page.button(str(item["true_label"])).click()
    expect(panel_page.button(str(other))).to_have_attribute("aria-pressed", "false")
    expect(panel_page.status("Agreement")).to_contain_text("Agrees with the data set")
    panel_page.wait_until_saved()
    assert panel_page.annotations == [{"index": 0, "flagged": False, "label": item["true_label"], "note": ""}]

    panel_page.button(str(item["true_label"])).click()
    expect(no_label).to_have_attribute("aria-pressed", "true")
    expect(panel_page.status("Agreement")).to_have_text("")
    for expected in (item["true_label"], other, None):
        panel_page.button("Undo").click()
        panel_page.wait_until_saved()
        assert panel_page.shown_annotation(0)["label"] == expected
    assert panel_page.annotations == []


@pytest.mark.parametrize("action", ["blur", "Control+Enter", "another image", "another page"])
def test_note_is_saved_after_each_action(panel_page: AnnotationTestPage, action: str) -> None:
    note, saved = panel_page.page.get_by_label("Note"), panel_page.status("Saving")
    note.fill("an open 4,\nor a 9 ")
    expect(saved).to_have_text("Not saved yet")
    if action == "blur":
        note.blur()
        expect(saved).to_have_text("✓ Saved")
    elif action == "Control+Enter":
        note.press(action)
        expect(saved).to_have_text("✓ Saved")
        expect(note).to_be_focused()
    elif action == "another image":
        panel_page.show_image(1)
        expect(note).to_have_value("")
        expect(saved).to_have_text("")
        panel_page.wait_until_saved()
        panel_page.show_image(0)
    else:
        panel_page.page.goto("about:blank")
        wait_until(lambda: panel_page.annotations, what="the note is stored")
        panel_page.open()
    expect(note).to_have_value("an open 4,\nor a 9")
    assert panel_page.annotations == [{"index": 0, "flagged": False, "label": None, "note": "an open 4,\nor a 9"}]


def test_rejected_change_is_reported_and_reverted(panel_page: AnnotationTestPage, faults: Faults) -> None:
    faults.allow("422|Unprocessable")
    panel_page.button("Flag").click()
    panel_page.wait_until_saved()
    assert panel_page.page.evaluate("() => window.store.setLabel([0, 359], 3)") is False
    expect(panel_page.page.locator("#problems")).to_have_text("indices must be a whole number from 0 to 358")
    assert panel_page.shown_annotation(0) == {"flagged": True, "label": None, "note": ""}
    assert panel_page.page.evaluate("() => window.store.undoDescription") == "flagging image 0"

    panel_page.page.get_by_label("Note").evaluate("note => { note.removeAttribute('maxlength'); }")
    panel_page.page.get_by_label("Note").fill("x" * 2001)
    panel_page.page.get_by_label("Note").blur()
    expect(panel_page.status("Saving")).to_have_text("✗ Not saved")
    expect(panel_page.page.get_by_label("Note")).to_have_value("x" * 2001)  # the page does not discard the draft
    panel_page.page.get_by_label("Note").fill("x")
    panel_page.page.get_by_label("Note").blur()
    expect(panel_page.status("Saving")).to_have_text("✓ Saved")


def test_change_is_reverted_while_the_server_is_down(panel_page: AnnotationTestPage, faults: Faults) -> None:
    faults.allow("failed: PATCH|ERR_FAILED")

    def abort_request(route: Route) -> None:
        route.abort()

    panel_page.page.route(f"**{panel_page.annotations_address}", abort_request)
    panel_page.button("Flag").click()
    expect(panel_page.page.locator("#problems")).to_contain_text("does not respond")
    expect(panel_page.button("Flag")).to_have_attribute("aria-pressed", "false")
    expect(panel_page.button("Undo")).to_have_attribute("aria-disabled", "true")
    panel_page.page.unroute(f"**{panel_page.annotations_address}")
    panel_page.button("Flag").click()
    panel_page.wait_until_saved()
    assert panel_page.annotations[0]["flagged"] is True


def test_undo_of_many_images_restores_the_value_of_each(panel_page: AnnotationTestPage) -> None:
    page = panel_page.page
    page.evaluate("() => { store.setFlag([2]); store.setLabel([1, 2], 5); store.setLabel([3], 6); }")
    panel_page.wait_until_saved()
    before = panel_page.annotations
    assert [(item["index"], item["flagged"], item["label"]) for item in before] == [
        (1, False, 5),
        (2, True, 5),
        (3, False, 6),
    ]
    page.evaluate("() => { store.setFlag([1, 2, 3, 3]); store.setLabel([1, 2, 3, 4], 0); }")
    assert [panel_page.shown_annotation(index)["flagged"] for index in (1, 2, 3, 4)] == [True, True, True, False]
    panel_page.wait_until_saved()
    assert [item["label"] for item in panel_page.annotations] == [0, 0, 0, 0]
    assert page.evaluate("() => [store.undo(), store.undo()]") == ["labeling 4 images", "flagging 2 images"]
    panel_page.wait_until_saved()
    assert panel_page.annotations == before

    page.evaluate("() => store.setFlag([2])")
    assert panel_page.shown_annotation(2)["flagged"] is False, "a second press removes the flag of a flagged image"
    page.evaluate("() => store.setFlag([2], false)")
    assert page.evaluate("() => store.undo()") == "unflagging image 2"


def test_changes_are_stored_in_order_and_cached_responses_do_not_revert_them(panel_page: AnnotationTestPage) -> None:
    for label in (1, 2, 3):
        panel_page.page.evaluate("label => { store.setLabel([0], label); }", label)
    panel_page.page.evaluate("() => store.receive([{index: 0, annotation: null}])")
    assert panel_page.shown_annotation(0)["label"] == 3
    panel_page.wait_until_saved()
    panel_page.page.evaluate("() => store.receive([{index: 0, annotation: null}, {index: 7, annotation: null}])")
    assert panel_page.shown_annotation(0)["label"] == panel_page.annotations[0]["label"] == 3
    assert panel_page.page.evaluate("() => window.saved") == [0, 0, 0]


def test_more_than_five_hundred_images_are_flagged(panel_page: AnnotationTestPage) -> None:
    requests: list[int] = []
    panel_page.page.on("request", lambda request: requests.append(1) if request.method == "PATCH" else None)
    panel_page.page.evaluate("""() => {
        store.address = store.address.replace("/test/", "/train/");
        return store.setFlag(Array.from({length: 1001}, (_, index) => index));
    }""")
    train = panel_page.annotations_address.replace("/test/", "/train/")
    assert panel_page.server.get(train)["total"] == 1001
    assert len(requests) == 3
    assert panel_page.page.evaluate("() => store.undo()") == "flagging 1,001 images"
    panel_page.wait_until_saved()
    assert panel_page.server.get(train)["total"] == 0


def test_guess_mode_hides_the_prediction_and_counts_correct_guesses(panel_page: AnnotationTestPage) -> None:
    page = panel_page.page
    toggle, result, next_image = (
        panel_page.button("Guess mode"),
        panel_page.status("Result"),
        panel_page.button("Next image"),
    )
    assert page.evaluate("() => [guessMode.hidesPrediction(0), guessMode.guess(3)]") == [False, False]
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(panel_page.status("Score")).to_have_text("No guesses yet.")
    expect(panel_page.button("Reset score…")).to_be_hidden()
    assert page.evaluate("() => [guessMode.hidesPrediction(0), guessMode.guess(10), window.events]") == [
        True,
        False,
        [True],
    ]

    first, second = panel_page.items[0], panel_page.items[1]
    incorrect = (first["true_label"] + 1) % 10
    panel_page.guess_choices.get_by_role("button", name=str(incorrect), exact=True).click()
    network = "✓" if first["predicted_label"] == first["true_label"] else "✗"
    expect(result).to_have_text(
        f"True class: {first['true_label']}. You ✗ {incorrect} Network {network} {first['predicted_label']}"
    )
    network_correct = int(network == "✓")
    expect(panel_page.status("Score")).to_have_text(f"You 0 of 1, network {network_correct} of 1")
    assert page.evaluate("() => [guessMode.hidesPrediction(0), guessMode.guess(3), window.events]") == [
        False,
        False,
        [True, 0],
    ]

    expect(next_image).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel_page.guess_choices).to_have_accessible_name("What is this?")
    expect(result).to_have_text("")
    expect(panel_page.guess_choices).to_be_focused()
    assert page.evaluate("() => guessMode.hidesPrediction(1)") is True
    assert page.evaluate("label => guessMode.guess(label)", second["true_label"]) is True
    expect(result).to_contain_text(f"You ✓ {second['true_label']}")
    expect(panel_page.status("Score")).to_contain_text("You 1 of 2")
    assert panel_page.server.get(f"{panel_page.run_address}/guesses")["score"]["person_right"] == 1


def test_only_the_first_guess_counts_and_reset_needs_confirmation(panel_page: AnnotationTestPage) -> None:
    item = panel_page.items[0]
    panel_page.server.request("POST", f"{panel_page.run_address}/guesses", {"index": 0, "label": item["true_label"]})
    panel_page.button("Guess mode").click()
    expect(panel_page.status("Score")).to_contain_text("You 1 of 1")
    panel_page.page.evaluate("label => guessMode.guess(label)", (item["true_label"] + 1) % 10)
    expect(panel_page.status("Result")).to_contain_text("only the first guess of an image counts")
    expect(panel_page.status("Score")).to_contain_text("You 1 of 1")

    panel_page.button("Reset score…").click()
    expect(panel_page.guess_mode.get_by_role("alert").first).to_have_text(
        "Reset the score of this run (1 guess)? This cannot be undone."
    )
    expect(panel_page.button("Cancel")).to_be_focused()
    panel_page.button("Cancel").click()
    expect(panel_page.button("Reset score…")).to_be_focused()
    assert panel_page.server.get(f"{panel_page.run_address}/guesses")["score"]["guesses"] == 1
    panel_page.button("Reset score…").click()
    panel_page.button("Reset score").click()
    expect(panel_page.status("Score")).to_have_text("No guesses yet.")
    assert panel_page.server.get(f"{panel_page.run_address}/guesses")["score"]["guesses"] == 0
    assert panel_page.page.evaluate("() => guessMode.hidesPrediction(0)") is True
    expect(panel_page.button("Guess mode")).to_be_focused()


def test_rejected_guess_is_reported_and_can_be_repeated(panel_page: AnnotationTestPage, faults: Faults) -> None:
    faults.allow("404")
    panel_page.button("Guess mode").click()
    panel_page.page.evaluate("item => guessMode.show(item, 99)", panel_page.items[0])
    faults.allow("422")
    panel_page.page.evaluate("() => guessMode.guess(1)")
    expect(panel_page.guess_mode.get_by_role("alert")).to_contain_text("epoch must be a whole number from 1 to")
    assert panel_page.page.evaluate("() => guessMode.hidesPrediction(0)") is True
    panel_page.page.evaluate("item => guessMode.show(item, 1)", panel_page.items[0])
    panel_page.page.evaluate("() => guessMode.guess(1)")
    expect(panel_page.status("Result")).to_contain_text("Network")
    expect(panel_page.guess_mode.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize("names", [DIGITS, list(FASHION_NAMES)], ids=["digits", "fashion"])
@pytest.mark.parametrize("width", [1280, 400])
def test_annotation_panel_and_guess_mode_are_accessible(
    panel_page: AnnotationTestPage, names: list[str], width: int
) -> None:
    page = panel_page.page
    page.set_viewport_size({"width": width, "height": 800})
    panel_page.class_names = names
    panel_page.open()

    def check_accessibility(name: str) -> None:
        assert_accessible(page, name)
        assert_no_wider_than_screen(page, name)

    check_accessibility("no annotation")
    page.evaluate("() => { store.setFlag([0]); store.setLabel([0], 4); store.setNote(0, 'x'); }")
    panel_page.button("Guess mode").click()
    expect(panel_page.status("Score")).to_have_text("No guesses yet.")
    check_accessibility("annotated, no guess")
    page.evaluate("() => guessMode.guess(9)")
    expect(panel_page.status("Result")).to_contain_text("Network")
    panel_page.button("Reset score…").click()
    check_accessibility("reset not yet confirmed")
