"""Runs on tables of numbers: the page plots the outputs of the network instead of listing misclassified images."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.charts import chart, column, expect_epochs, expect_lines, y_values
from tests.browser.support.output_plot import expect_output_plot, output_frame, output_rows, plot_traces, plotted_epoch
from tests.browser.support.table_runs import RANDOM, SQUARES, XOR
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

STATUS = '#status-strip [data-part="status"]'


def format_probability(output: float) -> str:
    """Return a probability in the format of the page, which rounds no value to 0% or 100%."""
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


def test_gate_run_shows_its_decision_boundary(
    page: Page, shared_server: ServerProcess, xor_run: dict[str, Any]
) -> None:
    stored = shared_server.get(f"/api/runs/{xor_run['id']}/outputs")
    epochs = shared_server.get(f"/api/runs/{xor_run['id']}/epochs")["items"]
    page.goto(f"{shared_server.base_url}/runs/{xor_run['id']}")
    expect_output_plot(page, "Decision boundary", xor_run["epochs_completed"])

    traces = plot_traces(page)
    assert traces["output"] == {"x": stored["x"], "y": stored["y"], "z": stored["outputs"]}
    assert traces["examples"]["x"] == [point["inputs"][0] for point in stored["points"]]
    assert output_rows(page) == [
        [
            *(f"{number:g}" for number in point["inputs"]),
            str(point["label"]),
            format_probability(point["output"]),
            f"{point['predicted']} {'✓' if point['label'] == point['predicted'] else '✗'}",
        ]
        for point in stored["points"]
    ]
    expect(page.locator("#outputs")).to_contain_text("✓ All 4 predictions are correct")
    expect(page.locator("#outcome")).to_contain_text("All 4 examples correct in the last epoch")

    assert y_values(page, "Accuracy") == {"Train": column(epochs, "train_accuracy")}
    expect(chart(page, "Cost").locator("..").get_by_role("group", name="Lines").get_by_role("button")).to_have_count(1)


def test_gate_run_page_has_no_parts_for_images(
    page: Page, shared_server: ServerProcess, xor_run: dict[str, Any]
) -> None:
    page.goto(f"{shared_server.base_url}/runs/{xor_run['id']}")
    expect_output_plot(page, "Decision boundary", xor_run["epochs_completed"])
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


def test_selected_epoch_is_stored_in_the_address(
    page: Page, shared_server: ServerProcess, xor_run: dict[str, Any]
) -> None:
    def stored(epoch: int) -> Any:
        return shared_server.get(f"/api/runs/{xor_run['id']}/outputs?epoch={epoch}")["outputs"]

    page.goto(f"{shared_server.base_url}/runs/{xor_run['id']}?epoch=2")
    expect_output_plot(page, "Decision boundary", 2)
    assert plot_traces(page)["output"]["z"] == stored(2)
    expect(page.get_by_role("slider", name="Epoch")).to_have_value("2")

    page.get_by_role("slider", name="Epoch").press("ArrowRight")
    expect_output_plot(page, "Decision boundary", 3)
    expect(page).to_have_url(re.compile(r"\?epoch=3$"))
    page.reload()
    expect_output_plot(page, "Decision boundary", 3)
    assert plot_traces(page)["output"]["z"] == stored(3)
    page.get_by_role("button", name="Last").click()
    expect_output_plot(page, "Decision boundary", xor_run["epochs_completed"])
    page.go_back()
    expect_output_plot(page, "Decision boundary", 3)


def test_output_plot_follows_a_run_until_an_epoch_is_selected(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.create_run(**{**XOR, "epochs": 10_000, "hidden_sizes": [500, 500], "learning_rate": 0.0001})
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    wait_until(lambda: plotted_epoch(page) > 1, what="a plot of the second epoch")
    earlier = plotted_epoch(page)
    wait_until(lambda: plotted_epoch(page) > earlier, what="a plot of a later epoch")

    page.get_by_role("spinbutton", name="Epoch").fill("1")
    page.keyboard.press("Enter")
    expect_output_plot(page, "Decision boundary", 1)
    epoch_count = page.locator("#outputs").get_by_text(re.compile(r"^of \d+$"))
    earlier_count = epoch_count.inner_text()
    expect(epoch_count).not_to_have_text(earlier_count)
    assert plotted_epoch(page) == 1

    page.get_by_label("Follow the latest epoch").check()
    wait_until(lambda: plotted_epoch(page) > 1, what="a plot of the latest epoch")
    expect(page).not_to_have_url(re.compile("epoch="))
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(STATUS)).to_have_text("stopped")
    expect_output_plot(page, "Decision boundary", shared_server.get(f"/api/runs/{run['id']}")["epochs_completed"])
    expect(page.get_by_label("Follow the latest epoch")).to_be_hidden()


def test_train_page_switches_from_outputs_to_images(page: Page, shared_server: ServerProcess) -> None:
    query = urlencode({"preset": "none", **XOR, "hidden_sizes": "8"})
    page.goto(f"{shared_server.base_url}/?{query}")
    expect(page.locator("#field-dataset-hint")).to_have_text("4 examples, all for training")
    expect(page.locator("#field-hidden_sizes-hint")).to_contain_text("2 inputs → 8 → 1 output: 33 parameters")
    page.locator("#start").click()
    expect(page.locator(STATUS)).to_have_text("finished")
    expect_output_plot(page, "Decision boundary", XOR["epochs"])
    expect(page.locator("#worst")).to_be_hidden()

    page.locator("#field-dataset").select_option("digits")
    page.locator("#field-loss").select_option("softmax_cross_entropy")
    page.locator("#field-epochs").fill("1")
    page.locator("#start").click()
    expect(page.locator("#worst .tile").first).to_be_visible()
    expect(page.locator("#outputs")).to_be_hidden()
    expect_epochs(page, "Accuracy", 1)
    assert set(y_values(page, "Accuracy")) == {"Train", "Validation", "Test"}


def test_regression_run_shows_a_curve_and_no_accuracy(
    page: Page, shared_server: ServerProcess, squares_run: dict[str, Any]
) -> None:
    stored = shared_server.get(f"/api/runs/{squares_run['id']}/outputs")
    page.goto(f"{shared_server.base_url}/runs/{squares_run['id']}")
    expect_output_plot(page, "Fitted curve", squares_run["epochs_completed"])
    traces = plot_traces(page)
    assert (traces["output"]["x"], traces["output"]["y"]) == (stored["x"], stored["outputs"])
    assert traces["examples"]["y"] == [point["target"] for point in stored["points"]]
    assert [row[:2] for row in output_rows(page)] == [
        [f"{point['x']:g}", f"{point['target']:g}"] for point in stored["points"]
    ]

    expect_epochs(page, "Cost", squares_run["epochs_completed"])
    expect(page.get_by_role("heading", name="Accuracy")).to_have_count(0)
    expect(page.locator("#metrics")).to_contain_text("Cost at end")
    expect(page.locator("#metrics")).not_to_contain_text("Train at end")
    expect(page.locator("#outcome")).to_contain_text("The cost was")
    expect(page.locator("#outcome")).not_to_contain_text("–")


def test_predictions_of_many_targets_are_plotted_against_true_values(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.wait_for_run(shared_server.create_run(name="Many targets", **RANDOM)["id"], "finished")
    stored = shared_server.get(f"/api/runs/{run['id']}/outputs")
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    expect_output_plot(page, "Predicted against true", run["epochs_completed"])
    traces = plot_traces(page)
    assert (traces["values"]["x"], traces["values"]["y"]) == (stored["true"], stored["predicted"])
    assert traces["diagonal"]["x"] == traces["diagonal"]["y"] == [min(stored["true"]), max(stored["true"])]
    expect(page.locator("#outputs")).to_contain_text("640 values of 10 targets")
    expect(output_frame(page).locator(".chart-plot")).to_have_accessible_name(re.compile("root mean squared error is"))


def test_convergence_is_reported(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.create_run(**{**SQUARES, "optimizer": "lbfgs", "epochs": 500})
    ended = shared_server.wait_for_run(run["id"], "finished")
    assert ended["stop_reason"] == "converged"
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    expect(page.locator("#outcome")).to_contain_text(f"Converged after {ended['epochs_completed']} iterations")
    expect(page.locator("#outcome")).to_contain_text("No further step lowers the cost")


def test_runs_table_shows_the_cost_and_links_to_the_outputs(
    page: Page, shared_server: ServerProcess, squares_run: dict[str, Any]
) -> None:
    page.goto(f"{shared_server.base_url}/runs?filter=Five+squares")
    row = page.locator("#runs tbody tr", has_text="Five squares").first
    expect(row.locator('[data-label="Test"]')).to_have_text("–")
    shown = float(row.locator('[data-label="Train cost"]').inner_text())
    assert shown == pytest.approx(squares_run["metrics"]["train_cost"], rel=1e-3)
    expect(row.get_by_role("link", name="Misclassified: Five squares")).to_have_count(0)
    row.get_by_role("link", name="Outputs: Five squares").click()
    expect_output_plot(page, "Fitted curve", squares_run["epochs_completed"])
    expect(page.locator("#outputs h2")).to_be_in_viewport()


def test_comparison_shows_only_metrics_that_the_runs_have(
    page: Page,
    shared_server: ServerProcess,
    finished_run: dict[str, Any],
    xor_run: dict[str, Any],
    squares_run: dict[str, Any],
) -> None:
    page.goto(f"{shared_server.base_url}/runs?compare={xor_run['id']},{squares_run['id']}")
    comparison = page.locator("#comparison")
    expect_epochs(page, "Cost", XOR["epochs"])
    expect_lines(page, "Cost", {"XOR", "Five squares"})
    expect_lines(page, "Accuracy", {"XOR"})
    expect(comparison.get_by_label("Train", exact=True)).to_be_checked()
    expect(comparison.get_by_role("radio")).to_have_count(1)
    expect(comparison).to_contain_text("These runs have no validation examples.")

    page.goto(f"{shared_server.base_url}/runs?compare={finished_run['id']},{squares_run['id']}")
    expect_epochs(page, "Cost", finished_run["epochs_completed"])
    expect_lines(page, "Cost", {"Finished"})
    expect(comparison.get_by_label("Validation")).to_be_checked()
    expect(comparison).to_contain_text("Runs without validation examples have no line: Five squares.")

    page.goto(f"{shared_server.base_url}/runs?compare={squares_run['id']}")
    expect_epochs(page, "Cost", squares_run["epochs_completed"])
    expect(comparison.get_by_role("heading", name="Accuracy")).to_have_count(0)
