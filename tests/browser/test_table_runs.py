"""Runs on tables of numbers: what their network answers is drawn in place of the pictures that it got wrong."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.charts import chart, column, expect_epochs, lines
from tests.browser.support.output_figures import drawn_epoch, expect_sketch, frame, parts, rows
from tests.browser.support.table_runs import RANDOM, SQUARES, XOR
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

STATUS = '#status-strip [data-part="status"]'


def share(output: float) -> str:
    """A probability as the page writes it, which never rounds to certainty."""
    if 0 < output < 0.0005:
        return "<0.1%"
    return ">99.9%" if 0.9995 <= output < 1 else f"{100 * output:.1f}%"


@pytest.fixture(scope="module")
def xor_run(shared_server: ServerProcess) -> dict[str, Any]:
    run: dict[str, Any] = shared_server.wait_for_run(shared_server.create_run(name="XOR", **XOR)["id"], "finished")
    return run


@pytest.fixture(scope="module")
def squares_run(shared_server: ServerProcess) -> dict[str, Any]:
    run = shared_server.create_run(name="Five squares", **SQUARES)
    ended: dict[str, Any] = shared_server.wait_for_run(run["id"], "finished")
    return ended


def test_a_gate_has_a_decision_boundary(page: Page, shared_server: ServerProcess, xor_run: dict[str, Any]) -> None:
    stored = shared_server.get(f"/api/runs/{xor_run['id']}/outputs")
    epochs = shared_server.get(f"/api/runs/{xor_run['id']}/epochs")["items"]
    page.goto(f"{shared_server.base_url}/runs/{xor_run['id']}")
    expect_sketch(page, "Decision boundary", xor_run["epochs_completed"])

    drawn = parts(page)
    assert drawn["output"] == {"x": stored["x"], "y": stored["y"], "z": stored["outputs"]}
    assert drawn["examples"]["x"] == [point["inputs"][0] for point in stored["points"]]
    assert rows(page) == [
        [
            *(f"{number:g}" for number in point["inputs"]),
            str(point["label"]),
            share(point["output"]),
            f"{point['predicted']} {'✓' if point['label'] == point['predicted'] else '✗'}",
        ]
        for point in stored["points"]
    ]
    expect(page.locator("#outputs")).to_contain_text("✓ All 4 predictions are correct")
    expect(page.locator("#outcome")).to_contain_text("All 4 examples correct in the last epoch")

    assert lines(page, "Accuracy") == {"Train": column(epochs, "train_accuracy")}
    expect(chart(page, "Cost").locator("..").get_by_role("group", name="Lines").get_by_role("button")).to_have_count(1)


def test_what_only_pictures_have_is_not_there(
    page: Page, shared_server: ServerProcess, xor_run: dict[str, Any]
) -> None:
    page.goto(f"{shared_server.base_url}/runs/{xor_run['id']}")
    expect_sketch(page, "Decision boundary", xor_run["epochs_completed"])
    for heading in (
        "Most confident misclassifications",
        "Confusion matrix",
        "Precision and recall",
        "First-layer weights",
    ):
        expect(page.get_by_role("heading", name=heading)).to_have_count(0)
    expect(page.get_by_role("link", name="See misclassified images")).to_have_count(0)
    expect(page.locator("#metrics")).not_to_contain_text("Test at end")

    page.goto(f"{shared_server.base_url}/runs/{xor_run['id']}/misclassified")
    expect(page).to_have_url(re.compile(rf"/runs/{xor_run['id']}#outputs$"))
    expect(page.locator("#outputs h2")).to_be_in_viewport()


def test_an_epoch_is_chosen_and_stays_in_the_address(
    page: Page, shared_server: ServerProcess, xor_run: dict[str, Any]
) -> None:
    def stored(epoch: int) -> Any:
        return shared_server.get(f"/api/runs/{xor_run['id']}/outputs?epoch={epoch}")["outputs"]

    page.goto(f"{shared_server.base_url}/runs/{xor_run['id']}?epoch=2")
    expect_sketch(page, "Decision boundary", 2)
    assert parts(page)["output"]["z"] == stored(2)
    expect(page.get_by_role("slider", name="Epoch")).to_have_value("2")

    page.get_by_role("slider", name="Epoch").press("ArrowRight")
    expect_sketch(page, "Decision boundary", 3)
    expect(page).to_have_url(re.compile(r"\?epoch=3$"))
    page.reload()
    expect_sketch(page, "Decision boundary", 3)
    assert parts(page)["output"]["z"] == stored(3)
    page.get_by_role("button", name="Last").click()
    expect_sketch(page, "Decision boundary", xor_run["epochs_completed"])
    page.go_back()
    expect_sketch(page, "Decision boundary", 3)


def test_the_drawing_follows_a_run_until_an_epoch_is_chosen(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.create_run(**{**XOR, "epochs": 10_000, "hidden_sizes": [500, 500], "learning_rate": 0.0001})
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    wait_until(lambda: drawn_epoch(page) > 1, what="a drawing of the second epoch or a later one")
    before = drawn_epoch(page)
    wait_until(lambda: drawn_epoch(page) > before, what="a drawing of a later epoch")

    page.get_by_role("spinbutton", name="Epoch").fill("1")
    page.keyboard.press("Enter")
    expect_sketch(page, "Decision boundary", 1)
    total = page.locator('#outputs [data-part="count"]')
    before_text = total.inner_text()
    expect(total).not_to_have_text(before_text)
    assert drawn_epoch(page) == 1

    page.get_by_label("Follow the latest epoch").check()
    wait_until(lambda: drawn_epoch(page) > 1, what="the latest epoch again")
    expect(page).not_to_have_url(re.compile("epoch="))
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(STATUS)).to_have_text("stopped")
    expect_sketch(page, "Decision boundary", shared_server.get(f"/api/runs/{run['id']}")["epochs_completed"])
    expect(page.get_by_label("Follow the latest epoch")).to_be_hidden()


def test_the_train_page_draws_a_gate_and_then_pictures_again(page: Page, shared_server: ServerProcess) -> None:
    query = urlencode({"preset": "none", **XOR, "hidden_sizes": "8"})
    page.goto(f"{shared_server.base_url}/?{query}")
    expect(page.locator("#field-dataset-hint")).to_have_text("4 examples, all for training")
    expect(page.locator("#field-hidden_sizes-hint")).to_have_text("2 inputs → 8 → 1 output: 33 parameters")
    page.locator("#start").click()
    expect(page.locator(STATUS)).to_have_text("finished")
    expect_sketch(page, "Decision boundary", XOR["epochs"])
    expect(page.locator("#worst")).to_be_hidden()

    page.locator("#field-dataset").select_option("digits")
    page.locator("#field-loss").select_option("softmax_cross_entropy")
    page.locator("#field-epochs").fill("1")
    page.locator("#start").click()
    expect(page.locator("#worst .tile").first).to_be_visible()
    expect(page.locator("#outputs")).to_be_hidden()
    expect_epochs(page, "Accuracy", 1)
    assert set(lines(page, "Accuracy")) == {"Train", "Validation", "Test"}


def test_a_regression_has_a_curve_and_no_accuracy(
    page: Page, shared_server: ServerProcess, squares_run: dict[str, Any]
) -> None:
    stored = shared_server.get(f"/api/runs/{squares_run['id']}/outputs")
    page.goto(f"{shared_server.base_url}/runs/{squares_run['id']}")
    expect_sketch(page, "Fitted curve", squares_run["epochs_completed"])
    drawn = parts(page)
    assert (drawn["output"]["x"], drawn["output"]["y"]) == (stored["x"], stored["outputs"])
    assert drawn["examples"]["y"] == [point["target"] for point in stored["points"]]
    assert [row[:2] for row in rows(page)] == [
        [f"{point['x']:g}", f"{point['target']:g}"] for point in stored["points"]
    ]

    expect_epochs(page, "Cost", squares_run["epochs_completed"])
    expect(page.get_by_role("heading", name="Accuracy")).to_have_count(0)
    expect(page.locator("#metrics")).to_contain_text("Cost at end")
    expect(page.locator("#metrics")).not_to_contain_text("Train at end")
    expect(page.locator("#outcome")).to_contain_text("The cost was")
    expect(page.locator("#outcome")).not_to_contain_text("–")


def test_many_targets_are_drawn_against_what_is_true(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.wait_for_run(shared_server.create_run(name="By heart", **RANDOM)["id"], "finished")
    stored = shared_server.get(f"/api/runs/{run['id']}/outputs")
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    expect_sketch(page, "Predicted against true", run["epochs_completed"])
    drawn = parts(page)
    assert (drawn["values"]["x"], drawn["values"]["y"]) == (stored["true"], stored["predicted"])
    assert drawn["diagonal"]["x"] == drawn["diagonal"]["y"] == [min(stored["true"]), max(stored["true"])]
    expect(page.locator("#outputs")).to_contain_text("640 values of 10 targets")
    expect(frame(page).locator(".chart-plot")).to_have_accessible_name(re.compile("root mean squared error is"))


def test_a_run_without_a_further_step_has_converged(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.create_run(**{**SQUARES, "optimizer": "lbfgs", "epochs": 500})
    ended = shared_server.wait_for_run(run["id"], "finished")
    assert ended["stop_reason"] == "converged"
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    expect(page.locator("#outcome")).to_contain_text(f"Converged after {ended['epochs_completed']} iterations")
    expect(page.locator("#outcome")).to_contain_text("No further step lowers the cost")


def test_the_table_of_runs_leads_to_the_outputs_and_tells_the_cost(
    page: Page, shared_server: ServerProcess, squares_run: dict[str, Any]
) -> None:
    page.goto(f"{shared_server.base_url}/runs?filter=Five+squares")
    row = page.locator("#runs tbody tr", has_text="Five squares").first
    expect(row.locator('[data-label="Test"]')).to_have_text("–")
    shown = float(row.locator('[data-label="Train cost"]').inner_text())
    assert shown == pytest.approx(squares_run["metrics"]["train_cost"], rel=1e-3)
    expect(row.get_by_role("link", name="Misclassified: Five squares")).to_have_count(0)
    row.get_by_role("link", name="Outputs: Five squares").click()
    expect_sketch(page, "Fitted curve", squares_run["epochs_completed"])
    expect(page.locator("#outputs h2")).to_be_in_viewport()


def test_runs_are_compared_by_what_they_have(
    page: Page,
    shared_server: ServerProcess,
    finished_run: dict[str, Any],
    xor_run: dict[str, Any],
    squares_run: dict[str, Any],
) -> None:
    page.goto(f"{shared_server.base_url}/runs?compare={xor_run['id']},{squares_run['id']}")
    comparison = page.locator("#comparison")
    expect_epochs(page, "Cost", XOR["epochs"])
    assert set(lines(page, "Cost")) == {"XOR", "Five squares"}
    assert set(lines(page, "Accuracy")) == {"XOR"}
    expect(comparison.get_by_label("Train", exact=True)).to_be_checked()
    expect(comparison.get_by_label("Validation")).to_be_disabled()

    page.goto(f"{shared_server.base_url}/runs?compare={finished_run['id']},{squares_run['id']}")
    expect_epochs(page, "Cost", finished_run["epochs_completed"])
    assert set(lines(page, "Cost")) == {"Finished"}
    expect(comparison.get_by_label("Validation")).to_be_checked()
    expect(comparison).to_contain_text("Runs without validation examples have no line: Five squares.")

    page.goto(f"{shared_server.base_url}/runs?compare={squares_run['id']}")
    expect_epochs(page, "Cost", squares_run["epochs_completed"])
    expect(comparison.get_by_role("heading", name="Accuracy")).to_have_count(0)
