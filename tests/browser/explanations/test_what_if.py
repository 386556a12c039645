"""What-if editor: paint, transform or correct an image, and see the new prediction at once."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Route, expect

from tests.browser.support.image_detail import LIGHT, Detail, bytes_of, number


def test_painted_image_is_classified_at_once_and_can_be_undone(detail: Detail) -> None:
    told = detail.open(detail.mistakes(1)[0], "change")
    assert detail.canvas("paint-stage") == bytes_of(told["pixels"])
    detail.expect_outputs("what-if-outputs", told)
    board = detail.part("paint-stage").bounding_box()
    assert board
    x, y = board["x"] + board["width"] * 0.5, board["y"] + board["height"] * 0.06
    detail.page.mouse.move(x, y)
    detail.page.mouse.down()
    detail.page.mouse.move(x, y + board["height"] * 0.85, steps=20)
    detail.page.mouse.up()
    painted = detail.canvas("paint-stage")
    assert [painted[8 * row + 4] for row in range(8)] == [LIGHT] * 8
    detail.expect_outputs(
        "what-if-outputs", detail.probe(told["index"], pixels=base64.b64encode(bytes(painted)).decode())
    )
    expect(detail.part("what-if-live")).to_have_text(re.compile(r"^Now predicted as \d, (correct|misclassified), "))
    detail.part("undo-stroke").click()
    detail.expect_outputs("what-if-outputs", told)
    assert detail.canvas("paint-stage") == bytes_of(told["pixels"])


def test_keyboard_paints(detail: Detail) -> None:
    told = detail.open(detail.mistakes(1)[0], "change")
    place = 8 * 4 + 3
    detail.part("paint-stage").focus()
    detail.page.keyboard.press("ArrowLeft")
    detail.page.keyboard.press("Space")
    expect(detail.part("paint-readout")).to_have_text("Row 4, column 3: 100% white")
    assert detail.canvas("paint-stage")[place] == LIGHT
    detail.page.keyboard.press("Shift+Space")
    expect(detail.part("paint-readout")).to_have_text("Row 4, column 3: 0% white")
    assert detail.canvas("paint-stage")[place] == 0
    expect(detail.part("index")).to_have_text(f"{told['index']:,}")
    detail.part("reset-image").click()
    assert detail.canvas("paint-stage") == bytes_of(told["pixels"])


def test_painting_continues_on_the_transformed_image(detail: Detail) -> None:
    told = detail.open(detail.mistakes(1)[0], "change")
    detail.slider("rotation").fill("30")
    turned = detail.probe(told["index"], rotation=30)
    detail.expect_outputs("what-if-outputs", turned)
    assert detail.canvas("paint-stage") == bytes_of(turned["pixels"])
    detail.part("paint-stage").focus()
    detail.page.keyboard.press("Space")
    expect(detail.slider("rotation")).to_have_value("0")
    differs = [
        place for place, pixel in enumerate(bytes_of(turned["pixels"])) if detail.canvas("paint-stage")[place] != pixel
    ]
    assert set(differs) <= {8 * 4 + 4}


def test_only_the_latest_request_waits(detail: Detail) -> None:
    told = detail.open(detail.mistakes(1)[0], "change")
    asked: list[Any] = []
    held: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(json.loads(route.request.post_data or ""))
        if len(asked) == 1:
            held.append(route)
        else:
            route.continue_()

    detail.page.route("**/probe", hold)
    with detail.page.expect_request("**/probe"):
        detail.slider("rotation").fill("5")
    for angle in ["10", "15", "20"]:
        detail.slider("rotation").fill(angle)
    held[0].continue_()
    detail.expect_outputs("what-if-outputs", detail.probe(told["index"], rotation=20))
    assert [body["rotation"] for body in asked] == [5, 20]


def test_smallest_change_is_found_and_can_be_edited(detail: Detail) -> None:
    told = detail.open(detail.mistakes(1)[0], "change")
    found = detail.server.get(f"/api/runs/{detail.run_id}/explanations/{told['index']}/repair?epoch={detail.epoch}")
    assert found["found"]
    detail.part("counterfactual-search").click()
    expect(detail.part("counterfactual-found")).to_be_visible()
    expect(detail.part("counterfactual-text")).to_contain_text(f"{found['size']:.2f}")
    expect(detail.part("counterfactual-prediction")).to_contain_text(f"✓ {told['true_label']}")
    detail.part("counterfactual-edit").click()
    expect(detail.part("what-if-now")).to_contain_text(f"✓ {told['true_label']}")
    difference = (np.array(detail.canvas("paint-stage")) - bytes_of(told["pixels"])) / LIGHT
    assert np.linalg.norm(difference) == pytest.approx(found["size"], abs=0.03)
    assert number(detail.part("what-if-size").inner_text()) == pytest.approx(np.linalg.norm(difference), abs=0.005)


def test_correct_prediction_needs_no_change(detail: Detail) -> None:
    right = detail.server.get(f"/api/runs/{detail.run_id}/misclassified?answer=right&limit=1")["items"][0]["index"]
    detail.open(right, "change")
    expect(detail.part("counterfactual-search")).to_be_hidden()
    expect(detail.part("counterfactual-lead")).to_contain_text("correct already")
