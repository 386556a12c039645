"""Explanation tabs: each shows the server's values and works with mouse and keyboard."""

from __future__ import annotations

import base64
import re
from typing import Any, Literal

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Faults
from tests.browser.support.accessibility import assert_accessible
from tests.browser.support.image_detail import PIXELS_ON_CANVAS, ImageDetail, decode_pixels, parse_number
from tests.support.server_process import ServerProcess

TABS = ["answer", "gap", "pixels", "change", "examples"]


@pytest.fixture(scope="module")
def perceptron(shared_server: ServerProcess) -> dict[str, Any]:
    """Train a network without a hidden layer."""
    run = shared_server.create_run(name="Perceptron", epochs=3, hidden_sizes=[], seed=3)
    ended: dict[str, Any] = shared_server.wait_for_run(run["id"], "finished")
    return ended


def test_arrow_keys_select_a_tab_and_the_address_stores_it(detail: ImageDetail) -> None:
    page = detail.page
    detail.open(detail.misclassified(1)[0])
    detail.tab("answer").focus()
    presses = [("ArrowRight", tab) for tab in [*TABS[1:], TABS[0]]] + [("End", TABS[-1]), ("ArrowLeft", TABS[-2])]
    for key, tab in presses:
        page.keyboard.press(key)
        expect(detail.tab(tab)).to_be_focused()
        expect(detail.tab(tab)).to_have_attribute("aria-selected", "true")
        expect(detail.root.get_by_role("tabpanel")).to_have_id(f"explanation-{tab}")
    expect(page).to_have_url(re.compile(f"tab={TABS[-2]}"))
    expect(detail.part("index")).to_have_text(f"{detail.misclassified(1)[0]:,}")  # the keys opened no other image
    page.reload()
    expect(detail.tab(TABS[-2])).to_have_attribute("aria-selected", "true")


def test_outputs_are_shown_with_their_logits(detail: ImageDetail) -> None:
    explanation = detail.open(detail.misclassified(1)[0])
    detail.expect_outputs("outputs", explanation)
    true, predicted = explanation["true_label"], explanation["predicted_label"]
    rows = detail.part("outputs").locator("li")
    expect(rows.nth(true)).to_contain_text("✓ true")
    expect(rows.nth(predicted)).to_contain_text("✗ predicted")
    difference = explanation["sums"][predicted] - explanation["sums"][true]
    assert parse_number(detail.part("outputs-gap").inner_text().partition(" by ")[2]) == pytest.approx(
        difference, abs=0.005
    )
    detail.part("open-gap").click()
    expect(detail.tab("gap")).to_have_attribute("aria-selected", "true")


def test_contributions_add_up_to_the_logit_gap(detail: ImageDetail) -> None:
    explanation = detail.open(detail.misclassified(1)[0], "gap")
    contributions = [parse_number(text) for text in detail.part("gap-units").locator("td:last-child").all_inner_texts()]
    other_terms = [parse_number(text) for text in detail.part("gap-rest").locator("td:last-child").all_inner_texts()]
    assert contributions == pytest.approx([unit["contribution"] for unit in explanation["gap"]["units"]], abs=0.005)
    assert sum(contributions) + sum(other_terms[:-1]) == pytest.approx(
        other_terms[-1], abs=0.005 * (len(contributions) + len(other_terms))
    )
    assert other_terms[-1] == pytest.approx(
        explanation["sums"][explanation["predicted_label"]] - explanation["sums"][explanation["true_label"]], abs=0.005
    )
    expect(detail.part("gap-sentence")).to_have_text(
        re.compile(rf"{explanation['predicted_label']} leads {explanation['true_label']}")
    )
    proof = detail.part("gap-proof")
    expect(proof).to_have_text(re.compile(r"error of (0|\d\s×\s10⁻[¹²]\S)\. The (rounded )?numbers above "))
    rounded_sum = sum(contributions) + sum(other_terms[:-1])
    note = proof.inner_text().partition("add up to ")[2].rpartition("add up to ")[2]
    shown_sum = parse_number(note) if note else other_terms[-1]
    assert shown_sum == pytest.approx(rounded_sum, abs=1e-6)


def test_mouse_and_keys_enlarge_a_unit(detail: ImageDetail) -> None:
    units = detail.open(detail.misclassified(1)[0], "gap")["gap"]["units"]
    magnified_unit = detail.part("magnifier-unit")
    expect(magnified_unit).to_have_text(f"Unit {units[0]['unit']}")
    first_image = detail.canvas_pixels("magnifier-image")
    buttons = detail.part("gap-units").get_by_role("button")
    buttons.nth(2).hover()
    expect(magnified_unit).to_have_text(f"Unit {units[2]['unit']}")
    assert detail.canvas_pixels("magnifier-image") != first_image
    buttons.first.focus()
    detail.page.keyboard.press("ArrowDown")
    expect(buttons.nth(1)).to_be_focused()
    expect(magnified_unit).to_have_text(f"Unit {units[1]['unit']}")


def test_network_without_hidden_layer_shows_no_units(
    page: Page, shared_server: ServerProcess, perceptron: dict[str, Any]
) -> None:
    detail = ImageDetail(page, shared_server, perceptron)
    detail.open(detail.misclassified(1)[0], "gap")
    expect(detail.part("gap-lead")).to_contain_text("no hidden layer")
    expect(detail.part("gap-body")).to_be_hidden()


def test_keys_show_the_contribution_of_a_pixel(detail: ImageDetail) -> None:
    explanation = detail.open(detail.misclassified(1)[0], "pixels")
    attribution = explanation["evidence"]
    levels = np.frombuffer(base64.b64decode(attribution["levels"]), np.int8).reshape(explanation["shape"])
    detail.part("attribution-stage").focus()
    for _ in range(2):
        detail.page.keyboard.press("ArrowUp")
    row, column = 2, int(np.abs(levels[2]).argmax())
    for _ in range(abs(column - 4)):
        detail.page.keyboard.press("ArrowRight" if column > 4 else "ArrowLeft")
    readout = detail.part("attribution-readout")
    expect(readout).to_contain_text(f"Row {row}, column {column}")
    contribution = parse_number(readout.inner_text().rpartition(" white, ")[2])
    assert contribution == pytest.approx(levels[row, column] / 127 * attribution["scale"], abs=0.005)
    expect(detail.part("attribution-sum")).to_contain_text("with an error of")


def test_attribution_has_three_views(detail: ImageDetail) -> None:
    explanation = detail.open(detail.misclassified(1)[0], "pixels")
    overlay = detail.canvas_pixels("attribution-stage")
    detail.part("attribution-views").get_by_text("Image", exact=True).click()
    assert detail.canvas_pixels("attribution-stage") == decode_pixels(explanation["pixels"])
    detail.page.keyboard.press("ArrowLeft")  # this key selects another view; the image stays open
    expect(detail.part("attribution-views").get_by_label("Attribution alone")).to_be_checked()
    assert detail.canvas_pixels("attribution-stage") not in (overlay, decode_pixels(explanation["pixels"]))
    expect(detail.part("index")).to_have_text(f"{explanation['index']:,}")


def test_tanh_units_show_the_error_of_integrated_gradients(
    page: Page, shared_server: ServerProcess, tanh_run: dict[str, Any]
) -> None:
    detail = ImageDetail(page, shared_server, tanh_run)
    explanation = detail.open(detail.misclassified(1)[0], "pixels")
    assert explanation["evidence"]["method"] == "integrated_gradients"
    expect(detail.part("attribution-sum")).to_contain_text(
        f"{explanation['evidence']['steps']} steps leave an error of"
    )
    detail.tab("gap").click()
    expect(detail.part("magnifier-meaning")).to_contain_text("raises the activation")


def test_arrow_keys_select_a_shift(detail: ImageDetail) -> None:
    explanation = detail.open(detail.misclassified(1)[0], "pixels")
    shifts, true = explanation["shifts"], explanation["true_label"]
    shift_map = detail.part("shift-map")
    labels = [f"{label}{'✓' if label == true else '✗'}" for row in shifts["predicted"] for label in row]
    expect(shift_map.get_by_role("gridcell")).to_have_text(labels)
    expect(detail.part("shift-readout")).to_contain_text("No shift")
    expect(detail.part("shift-edit")).to_be_hidden()
    shift_map.locator('[tabindex="0"]').focus()
    for key in ["ArrowUp", "ArrowRight", "ArrowRight"]:
        detail.page.keyboard.press(key)
    expect(detail.part("shift-readout")).to_contain_text(f"1 up, 2 right: {labels[3 * 9 + 6][::-1][0]}")
    preview = np.array(detail.part("shift-preview").evaluate(PIXELS_ON_CANVAS)).reshape(explanation["shape"])
    expected = np.zeros_like(preview)
    expected[:-1, 2:] = np.array(decode_pixels(explanation["pixels"])).reshape(explanation["shape"])[1:, :-2]
    assert preview.tolist() == expected.tolist()

    detail.part("shift-edit").click()
    expect(detail.tab("change")).to_have_attribute("aria-selected", "true")
    expect(detail.slider("Right")).to_have_value("2")
    expect(detail.slider("Down")).to_have_value("-1")
    detail.expect_outputs("what-if-outputs", detail.predict_edited_image(explanation["index"], shift=[-1, 2]))


def test_training_images_link_to_the_data_page(detail: ImageDetail) -> None:
    explanation = detail.open(detail.misclassified(1)[0], "examples")
    examples = detail.server.get(
        f"/api/runs/{detail.run_id}/explanations/{explanation['index']}/examples?epoch={detail.epoch}"
    )
    expect(detail.part("examples")).to_have_attribute("aria-busy", "false")
    for part, neighbors in [
        ("examples-by-pixels", examples["by_pixels"]),
        ("examples-by-hidden", examples["by_hidden"]),
    ]:
        expect(detail.part(part).get_by_role("link")).to_have_count(5)
        texts = detail.part(part).locator('[data-part="example-text"]').all_inner_texts()
        distances = [parse_number(text) for text in texts]
        assert distances == pytest.approx([image["distance"] for image in neighbors], abs=0.005)
    contributions = detail.part("examples-by-influence").locator('[data-part="example-text"]').all_inner_texts()
    classes = {True: explanation["predicted_label"], False: explanation["rival_label"]}
    assert [int(text.rpartition("→ ")[2]) for text in contributions] == [
        classes[image["push"] > 0] for image in examples["pushes"]
    ]
    nearest = examples["by_pixels"][0]
    link = detail.part("examples-by-pixels").get_by_role("link").first
    expect(link).to_have_accessible_name(re.compile(rf"^Training image {nearest['index']}, {nearest['label']}, "))
    link.click()
    expect(detail.page.locator("#tiles .tile", has_text=f"#{nearest['index']}").first).to_be_visible()


def test_search_for_training_images_reports_its_start_and_failure(detail: ImageDetail, faults: Faults) -> None:
    faults.allow("409")
    held: list[Route] = []

    def respond_with_conflict(route: Route) -> None:
        route.fulfill(status=409, json={"error": {"code": "conflict", "message": "There are none."}})

    detail.page.route("**/examples?*", lambda route: held.append(route))  # noqa: PLW0108 -- Playwright sets an attribute of its handlers
    detail.open(detail.misclassified(1)[0], "examples")
    expect(detail.part("examples-busy")).to_have_text("Searching the training images…")
    # The page repeats the request when it renders the tab again.
    detail.page.route("**/examples?*", respond_with_conflict)
    respond_with_conflict(held[0])
    expect(detail.part("examples-checkpoints")).to_have_text("There are none.")
    expect(detail.part("examples-busy")).to_have_text("")
    expect(detail.part("examples")).to_have_attribute("aria-busy", "false")


def test_note_reports_the_epoch_of_the_weights(detail: ImageDetail) -> None:
    index = detail.misclassified(1)[0]
    explanation = detail.get_explanation(index) | {"weights_epoch": detail.epoch - 2}
    detail.page.route(f"**/explanations/{index}?*", lambda route: route.fulfill(json=explanation))
    detail.open(index)
    expect(detail.part("explanation-note")).to_contain_text(
        f"the nearest stored weights, those of epoch {detail.epoch - 2}."
    )


def test_run_without_weights_links_to_the_run_page(detail: ImageDetail, faults: Faults) -> None:
    faults.allow("409")
    index = detail.misclassified(1)[0]
    message = "The weights of run 1 are not stored. Train it again to explain its predictions."
    error = {"error": {"code": "conflict", "message": message}}
    detail.page.route(f"**/explanations/{index}?*", lambda route: route.fulfill(status=409, json=error))
    detail.page.goto(detail.url(index, "gap"))
    expect(detail.part("explanation-problem")).to_contain_text(message)
    expect(detail.part("explanation-problem-next")).to_have_attribute("href", f"/runs/{detail.run_id}")
    expect(detail.root.locator("#explanation-gap")).to_be_hidden()
    detail.tab("answer").click()
    expect(detail.part("outputs").locator("li").first).to_be_visible()


def test_explanation_can_be_downloaded(detail: ImageDetail) -> None:
    index = detail.misclassified(1)[0]
    detail.open(index)
    with detail.page.expect_download() as download:
        detail.part("explanation-download").click()
    assert download.value.suggested_filename.endswith(".html")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_every_tab_is_accessible_and_fits(detail: ImageDetail, width: int, scheme: Literal["light", "dark"]) -> None:
    detail.page.set_viewport_size({"width": width, "height": 900})
    detail.open(detail.misclassified(1)[0])
    for tab in TABS:
        detail.tab(tab).click()
        panel = detail.root.locator(f"#explanation-{tab}")
        panel.get_by_text("How is this computed?").click()
        if tab == "change":
            detail.part("counterfactual-search").click()
            expect(detail.part("counterfactual-found")).to_be_visible()
        if tab == "examples":
            expect(detail.part("examples")).to_have_attribute("aria-busy", "false")
        assert_accessible(detail.page, f"{tab}, {width}", part="#detail", schemes=[scheme])
        right_edges = "panel => [...panel.querySelectorAll('*')].map(element => element.getBoundingClientRect().right)"
        assert max(panel.evaluate(right_edges)) <= width, tab
