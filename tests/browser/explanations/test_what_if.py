"""What-if editor: painting, transforming or correcting an image updates the prediction."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from tests.browser.support.image_detail import WHITE, ImageDetail, decode_pixels, parse_number
from webapp.explanations.number_format import upper_bound


def test_painting_updates_the_prediction_and_can_be_undone(detail: ImageDetail) -> None:
    explanation = detail.open(detail.misclassified(1)[0], "change")
    assert detail.canvas_pixels("paint-stage") == decode_pixels(explanation["pixels"])
    detail.expect_outputs("what-if-outputs", explanation)
    canvas = detail.part("paint-stage").bounding_box()
    assert canvas
    x, y = canvas["x"] + canvas["width"] * 0.5, canvas["y"] + canvas["height"] * 0.06
    detail.page.mouse.move(x, y)
    detail.page.mouse.down()
    detail.page.mouse.move(x, y + canvas["height"] * 0.85, steps=20)
    detail.page.mouse.up()
    painted = detail.canvas_pixels("paint-stage")
    assert [painted[8 * row + 4] for row in range(8)] == [WHITE] * 8
    detail.expect_outputs(
        "what-if-outputs",
        detail.predict_edited_image(explanation["index"], pixels=base64.b64encode(bytes(painted)).decode()),
    )
    expect(detail.part("what-if-live")).to_have_text(re.compile(r"^Now predicted as \d, (correct|misclassified), "))
    detail.part("undo-stroke").click()
    detail.expect_outputs("what-if-outputs", explanation)
    assert detail.canvas_pixels("paint-stage") == decode_pixels(explanation["pixels"])


def test_keys_paint_and_erase_a_pixel(detail: ImageDetail) -> None:
    explanation = detail.open(detail.misclassified(1)[0], "change")
    pixel_index = 8 * 4 + 3
    detail.part("paint-stage").focus()
    detail.page.keyboard.press("ArrowLeft")
    detail.page.keyboard.press("Space")
    expect(detail.part("paint-readout")).to_have_text("Row 4, column 3: 100% white")
    assert detail.canvas_pixels("paint-stage")[pixel_index] == WHITE
    detail.page.keyboard.press("Shift+Space")
    expect(detail.part("paint-readout")).to_have_text("Row 4, column 3: 0% white")
    assert detail.canvas_pixels("paint-stage")[pixel_index] == 0
    expect(detail.part("index")).to_have_text(f"{explanation['index']:,}")
    detail.part("reset-image").click()
    assert detail.canvas_pixels("paint-stage") == decode_pixels(explanation["pixels"])


def test_painting_continues_on_the_transformed_image(detail: ImageDetail) -> None:
    explanation = detail.open(detail.misclassified(1)[0], "change")
    detail.slider("Rotation").fill("30")
    rotated = detail.predict_edited_image(explanation["index"], rotation=30)
    detail.expect_outputs("what-if-outputs", rotated)
    assert detail.canvas_pixels("paint-stage") == decode_pixels(rotated["pixels"])
    detail.part("paint-stage").focus()
    detail.page.keyboard.press("Space")
    expect(detail.slider("Rotation")).to_have_value("0")
    changed_indices = [
        index
        for index, pixel in enumerate(decode_pixels(rotated["pixels"]))
        if detail.canvas_pixels("paint-stage")[index] != pixel
    ]
    assert set(changed_indices) <= {8 * 4 + 4}


def test_requests_that_are_outdated_before_they_start_are_skipped(detail: ImageDetail) -> None:
    explanation = detail.open(detail.misclassified(1)[0], "change")
    bodies: list[Any] = []
    held: list[Route] = []

    def hold(route: Route) -> None:
        bodies.append(json.loads(route.request.post_data or ""))
        if len(bodies) == 1:
            held.append(route)
        else:
            route.continue_()

    detail.page.route("**/probe", hold)
    with detail.page.expect_request("**/probe"):
        detail.slider("Rotation").fill("5")
    for angle in ["10", "15", "20"]:
        detail.slider("Rotation").fill(angle)
    held[0].continue_()
    detail.expect_outputs("what-if-outputs", detail.predict_edited_image(explanation["index"], rotation=20))
    assert [body["rotation"] for body in bodies] == [5, 20]


def test_counterfactual_is_found_and_can_be_edited(detail: ImageDetail) -> None:
    explanation = detail.open(detail.misclassified(1)[0], "change")
    counterfactual = detail.server.get(
        f"/api/runs/{detail.run_id}/explanations/{explanation['index']}/repair?epoch={detail.epoch}"
    )
    assert counterfactual["found"]
    expect(detail.part("change")).to_have_text("–")
    detail.part("counterfactual-search").click()
    expect(detail.part("counterfactual-found")).to_be_visible()
    expect(detail.part("change")).to_have_text(f"≤ {upper_bound(counterfactual['size'])}")
    expect(detail.part("counterfactual-text")).to_contain_text(f"at most {upper_bound(counterfactual['size'])}, ")
    caption = detail.part("counterfactual-found").locator("figcaption").last
    expect(caption).to_contain_text(f"✓ {explanation['true_label']}")
    detail.part("counterfactual-edit").click()
    expect(detail.part("what-if-now")).to_contain_text(f"✓ {explanation['true_label']}")
    assert detail.canvas_pixels("paint-stage") == decode_pixels(counterfactual["pixels"])
    difference = (np.array(detail.canvas_pixels("paint-stage")) - decode_pixels(explanation["pixels"])) / WHITE
    assert parse_number(detail.part("what-if-size").inner_text()) == pytest.approx(
        np.linalg.norm(difference), abs=0.005
    )


def test_correct_prediction_has_no_counterfactual_search(detail: ImageDetail) -> None:
    correct = detail.server.get(f"/api/runs/{detail.run_id}/misclassified?answer=right&limit=1")["items"][0]["index"]
    detail.open(correct, "change")
    expect(detail.part("counterfactual-search")).to_be_hidden()
    expect(detail.part("counterfactual-lead")).to_contain_text("correct already")
