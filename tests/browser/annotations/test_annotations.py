"""Flags, labels, notes, undo and guessing, each part on a page of its own against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from nn.datasets.catalog import FASHION_NAMES
from tests.browser.conftest import Faults
from tests.browser.support.accessibility import assert_accessible, assert_no_wider_than_screen
from tests.browser.support.annotation_test_page import DIGITS, Bench, clear
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until


@pytest.fixture
def bench(page: Page, shared_server: ServerProcess, finished_run: dict[str, Any], faults: Faults) -> Iterator[Bench]:
    """Nothing is said of any image, nothing guessed."""
    faults.allow("404.*/nothing")
    clear(shared_server, finished_run)
    yield Bench(page, shared_server, finished_run, DIGITS)
    clear(shared_server, finished_run)


def test_a_flag_is_seen_at_once_kept_and_undone(bench: Bench) -> None:
    flag, undo = bench.button("Flag"), bench.button("Undo")
    expect(flag).to_have_attribute("aria-pressed", "false")
    expect(undo).to_have_attribute("aria-disabled", "true")
    flag.click()
    expect(flag).to_have_attribute("aria-pressed", "true")
    assert flag.evaluate("one => getComputedStyle(one, '::before').content").startswith('"⚑"')
    bench.settle()
    assert bench.annotations == [{"index": 0, "flagged": True, "label": None, "note": ""}]

    expect(undo).to_have_attribute("title", "Undo the flag of image 0")
    undo.click()
    expect(flag).to_have_attribute("aria-pressed", "false")
    expect(undo).to_have_attribute("aria-disabled", "true")
    bench.settle()
    assert bench.annotations == []


def test_a_label_is_chosen_taken_back_and_compared_with_both_sides(bench: Bench) -> None:
    item = bench.items[0]
    other = next(label for label in range(10) if label not in {item["true_label"], item["predicted_label"]})
    none = bench.button("No opinion")
    expect(none).to_have_attribute("aria-pressed", "true")
    bench.button(str(other)).click()
    expect(bench.button(str(other))).to_have_attribute("aria-pressed", "true")
    expect(none).to_have_attribute("aria-pressed", "false")
    expect(bench.part("annotation-agreement")).to_have_text("Neither the data set nor the network says so.")
    bench.button(str(item["true_label"])).click()
    expect(bench.button(str(other))).to_have_attribute("aria-pressed", "false")
    expect(bench.part("annotation-agreement")).to_contain_text("That is what the data set")
    bench.settle()
    assert bench.annotations == [{"index": 0, "flagged": False, "label": item["true_label"], "note": ""}]

    bench.button(str(item["true_label"])).click()
    expect(none).to_have_attribute("aria-pressed", "true")
    expect(bench.part("annotation-agreement")).to_have_text("")
    for expected in (item["true_label"], other, None):
        bench.button("Undo").click()
        bench.settle()
        assert bench.said(0)["label"] == expected
    assert bench.annotations == []


@pytest.mark.parametrize("way", ["blur", "Control+Enter", "another image", "leaving"])
def test_a_note_is_saved(bench: Bench, way: str) -> None:
    note, saved = bench.page.get_by_label("Note"), bench.part("annotation-saved")
    note.fill("an open 4,\nor a 9 ")
    expect(saved).to_have_text("Not saved yet")
    if way == "blur":
        note.blur()
        expect(saved).to_have_text("✓ Saved")
    elif way == "Control+Enter":
        note.press(way)
        expect(saved).to_have_text("✓ Saved")
        expect(note).to_be_focused()
    elif way == "another image":
        bench.look(1)
        expect(note).to_have_value("")
        expect(saved).to_have_text("")
        bench.settle()
        bench.look(0)
    else:
        bench.page.goto("about:blank")
        wait_until(lambda: bench.annotations, what="kept")
        bench.open()
    expect(note).to_have_value("an open 4,\nor a 9")
    assert bench.annotations == [{"index": 0, "flagged": False, "label": None, "note": "an open 4,\nor a 9"}]


def test_what_the_server_refuses_is_told_and_taken_back(bench: Bench, faults: Faults) -> None:
    faults.allow("422|Unprocessable")
    bench.button("Flag").click()
    bench.settle()
    assert bench.page.evaluate("() => window.desk.label([0, 359], 3)") is False
    expect(bench.page.locator("#problems")).to_have_text("indices must be a whole number from 0 to 358")
    assert bench.said(0) == {"flagged": True, "label": None, "note": ""}
    assert bench.page.evaluate("() => window.desk.undoable") == "the flag of image 0"

    bench.page.get_by_label("Note").evaluate("note => { note.removeAttribute('maxlength'); }")
    bench.page.get_by_label("Note").fill("x" * 2001)
    bench.page.get_by_label("Note").blur()
    expect(bench.part("annotation-saved")).to_have_text("✗ Not saved")
    expect(bench.page.get_by_label("Note")).to_have_value("x" * 2001)  # nobody's typing is lost
    bench.page.get_by_label("Note").fill("x")
    bench.page.get_by_label("Note").blur()
    expect(bench.part("annotation-saved")).to_have_text("✓ Saved")


def test_a_server_that_is_gone_takes_nothing_with_it(bench: Bench, faults: Faults) -> None:
    faults.allow("failed: PATCH|ERR_FAILED")

    def refuse(route: Route) -> None:
        route.abort()

    bench.page.route(f"**{bench.address}", refuse)
    bench.button("Flag").click()
    expect(bench.page.locator("#problems")).to_contain_text("does not answer")
    expect(bench.button("Flag")).to_have_attribute("aria-pressed", "false")
    expect(bench.button("Undo")).to_have_attribute("aria-disabled", "true")
    bench.page.unroute(f"**{bench.address}")
    bench.button("Flag").click()
    bench.settle()
    assert bench.annotations[0]["flagged"] is True


def test_many_are_flagged_at_once_and_undo_gives_each_what_it_had(bench: Bench) -> None:
    page = bench.page
    page.evaluate("() => { desk.flag(2); desk.label([1, 2], 5); desk.label(3, 6); }")
    bench.settle()
    before = bench.annotations
    assert [(item["index"], item["flagged"], item["label"]) for item in before] == [
        (1, False, 5),
        (2, True, 5),
        (3, False, 6),
    ]
    page.evaluate("() => { desk.flag([{index: 1}, 2, 3, 3]); desk.label([1, 2, 3, 4], 0); }")
    assert [bench.said(index)["flagged"] for index in (1, 2, 3, 4)] == [True, True, True, False]
    bench.settle()
    assert [item["label"] for item in bench.annotations] == [0, 0, 0, 0]
    assert page.evaluate("() => [desk.undo(), desk.undo()]") == ["the label of 4 images", "the flag of 2 images"]
    bench.settle()
    assert bench.annotations == before

    page.evaluate("() => desk.flag([2])")
    assert bench.said(2)["flagged"] is False, "all of them had a flag"
    page.evaluate("() => desk.flag([2], false)")
    assert page.evaluate("() => desk.undo()") == "taking the flag from image 2"


def test_changes_of_an_image_are_kept_in_their_order_and_old_news_does_not_undo_them(bench: Bench) -> None:
    for label in (1, 2, 3):
        bench.page.evaluate("label => { desk.label(0, label); }", label)
    bench.page.evaluate("() => desk.learn([{index: 0, annotation: null}])")
    assert bench.said(0)["label"] == 3
    bench.settle()
    bench.page.evaluate("() => desk.learn([{index: 0, annotation: null}, {index: 7, annotation: null}])")
    assert bench.said(0)["label"] == bench.annotations[0]["label"] == 3
    assert bench.page.evaluate("() => window.saved") == [0, 0, 0]


def test_more_than_five_hundred_images_are_flagged(bench: Bench) -> None:
    requests: list[int] = []
    bench.page.on("request", lambda request: requests.append(1) if request.method == "PATCH" else None)
    bench.page.evaluate("""() => {
        desk.address = desk.address.replace("/test/", "/train/");
        return desk.flag(Array.from({length: 1001}, (_, index) => index));
    }""")
    train = bench.address.replace("/test/", "/train/")
    assert bench.server.get(train)["total"] == 1001
    assert len(requests) == 3
    assert bench.page.evaluate("() => desk.undo()") == "the flag of 1,001 images"
    bench.settle()
    assert bench.server.get(train)["total"] == 0


def test_guessing_hides_then_tells_and_keeps_the_score(bench: Bench) -> None:
    page = bench.page
    toggle, result, next_image = bench.button("Guess first"), bench.part("guess-result"), bench.part("guess-next")
    assert page.evaluate("() => [guessing.covers(0), guessing.guess(3)]") == [False, False]
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(bench.part("guess-score")).to_have_text("No guesses yet.")
    expect(bench.button("Reset the score…")).to_be_hidden()
    assert page.evaluate("() => [guessing.covers(0), guessing.guess(10), window.heard]") == [True, False, [True]]

    first, second = bench.items[0], bench.items[1]
    wrong = (first["true_label"] + 1) % 10
    bench.part("guess-choices").get_by_role("button", name=str(wrong), exact=True).click()
    network = "✓" if first["predicted_label"] == first["true_label"] else "✗"
    expect(result).to_have_text(
        f"It is {first['true_label']}.You ✗ {wrong}The network {network} {first['predicted_label']}"
    )
    right = int(network == "✓")
    expect(bench.part("guess-score")).to_have_text(f"You 0 of 1, the network {right} of 1")
    assert page.evaluate("() => [guessing.covers(0), guessing.guess(3), window.heard]") == [False, False, [True, 0]]

    expect(next_image).to_be_focused()
    page.keyboard.press("Enter")
    expect(bench.part("guess-title")).to_have_text("What is this?")
    expect(result).to_have_text("")
    expect(bench.part("guess-choices")).to_be_focused()
    assert page.evaluate("() => guessing.covers(1)") is True
    assert page.evaluate("label => guessing.guess(label)", second["true_label"]) is True
    expect(result).to_contain_text(f"You ✓ {second['true_label']}")
    expect(bench.part("guess-score")).to_contain_text("You 1 of 2")
    assert bench.server.get(f"{bench.run}/guesses")["score"]["person_right"] == 1


def test_an_earlier_guess_counts_and_the_score_is_reset_only_after_a_question(bench: Bench) -> None:
    item = bench.items[0]
    bench.server.request("POST", f"{bench.run}/guesses", {"index": 0, "label": item["true_label"]})
    bench.button("Guess first").click()
    expect(bench.part("guess-score")).to_contain_text("You 1 of 1")
    bench.page.evaluate("label => guessing.guess(label)", (item["true_label"] + 1) % 10)
    expect(bench.part("guess-result")).to_contain_text("only the first guess of an image counts")
    expect(bench.part("guess-score")).to_contain_text("You 1 of 1")

    bench.button("Reset the score…").click()
    expect(bench.part("guess-question")).to_have_text("Forget 1 guess of this run? They cannot be brought back.")
    expect(bench.button("Keep them")).to_be_focused()
    bench.button("Keep them").click()
    expect(bench.button("Reset the score…")).to_be_focused()
    assert bench.server.get(f"{bench.run}/guesses")["score"]["guesses"] == 1
    bench.button("Reset the score…").click()
    bench.button("Forget them").click()
    expect(bench.part("guess-score")).to_have_text("No guesses yet.")
    assert bench.server.get(f"{bench.run}/guesses")["score"]["guesses"] == 0
    assert bench.page.evaluate("() => guessing.covers(0)") is True
    expect(bench.button("Guess first")).to_be_focused()


def test_a_guess_that_is_not_taken_is_told_and_can_be_made_again(bench: Bench, faults: Faults) -> None:
    faults.allow("404")
    bench.button("Guess first").click()
    bench.page.evaluate("item => guessing.show(item, 99)", bench.items[0])
    faults.allow("422")
    bench.page.evaluate("() => guessing.guess(1)")
    expect(bench.part("guess-problem")).to_contain_text("epoch must be a whole number from 1 to")
    assert bench.page.evaluate("() => guessing.covers(0)") is True
    bench.page.evaluate("item => guessing.show(item, 1)", bench.items[0])
    bench.page.evaluate("() => guessing.guess(1)")
    expect(bench.part("guess-result")).to_contain_text("The network")
    expect(bench.part("guess-problem")).to_be_hidden()


@pytest.mark.parametrize("names", [DIGITS, list(FASHION_NAMES)], ids=["digits", "fashion"])
@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(bench: Bench, names: list[str], width: int, scheme: str) -> None:
    page = bench.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    bench.class_names = names
    bench.open()

    def check(name: str) -> None:
        assert_accessible(page, name)
        assert_no_wider_than_screen(page, name)

    check("nothing said")
    page.evaluate("() => { desk.flag(0); desk.label(0, 4); desk.note(0, 'x'); }")
    bench.button("Guess first").click()
    expect(bench.part("guess-score")).to_have_text("No guesses yet.")
    check("all said, guessing")
    page.evaluate("() => guessing.guess(9)")
    expect(bench.part("guess-result")).to_contain_text("The network")
    bench.button("Reset the score…").click()
    check("guessed, asked")
