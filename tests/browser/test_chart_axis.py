"""X axis of the charts: epochs, gradient evaluations or seconds.

The address of the page contains the selected quantity.
"""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.support.charts import column, expect_epochs, expect_lines, expect_x_axis, x_values, y_values
from tests.support.server_process import ServerProcess

TITLES = ("Cost", "Accuracy")


def test_run_page_charts_use_the_selected_x_axis(
    page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]
) -> None:
    epochs = shared_server.get(f"/api/runs/{finished_run['id']}/epochs")["items"]
    page.goto(f"{shared_server.base_url}/runs/{finished_run['id']}")
    expect_epochs(page, "Cost", len(epochs))
    assert x_values(page, "Cost")["Train"] == column(epochs, "epoch")

    page.get_by_label("Over").select_option("evaluations")
    for title in TITLES:
        expect_x_axis(page, title, "evaluations")
        lines = x_values(page, title)
        assert set(lines) == {"Train", "Validation", "Test"}
        assert all(values == column(epochs, "gradient_evaluations") for values in lines.values())
    assert y_values(page, "Cost")["Test"] == column(epochs, "test_cost")
    expect(page).to_have_url(re.compile(r"\?x=evaluations$"))

    page.get_by_label("Over").select_option("seconds")
    expect_x_axis(page, "Cost", "seconds")
    page.reload()
    expect(page.get_by_label("Over")).to_have_value("seconds")
    expect_x_axis(page, "Accuracy", "seconds")
    expect_epochs(page, "Accuracy", len(epochs))
    assert x_values(page, "Accuracy")["Validation"] == column(epochs, "elapsed_seconds")

    page.go_back()
    expect_x_axis(page, "Cost", "evaluations")
    page.go_back()
    expect_x_axis(page, "Cost", "epochs")


def test_train_page_keeps_its_x_axis_when_the_form_changes_and_a_run_starts(
    page: Page, shared_server: ServerProcess
) -> None:
    page.goto(f"{shared_server.base_url}/?preset=none&epochs=2")
    page.locator("#field-epochs").fill("3")
    expect(page).to_have_url(re.compile("epochs=3"))
    page.locator("#start").click()
    expect(page.get_by_label("Over")).to_be_visible()
    page.get_by_label("Over").select_option("evaluations")
    expect(page).to_have_url(re.compile("x=evaluations"))
    expect_epochs(page, "Cost", 3)
    expect_x_axis(page, "Cost", "evaluations")

    page.locator("#field-epochs").fill("2")
    expect(page).to_have_url(re.compile(r"epochs=2.*x=evaluations"))
    previous_url = page.url
    page.locator("#start").click()
    expect(page).not_to_have_url(previous_url)
    expect(page).to_have_url(re.compile(r"epochs=2.*run=\d+.*x=evaluations|epochs=2.*x=evaluations.*run=\d+"))
    expect_epochs(page, "Cost", 2)
    run_id = int(re.findall(r"run=(\d+)", page.url)[0])
    epochs = shared_server.get(f"/api/runs/{run_id}/epochs")["items"]
    assert x_values(page, "Cost")["Train"] == column(epochs, "gradient_evaluations")


def test_full_batch_and_mini_batch_runs_are_compared_by_gradient_evaluations(
    page: Page, shared_server: ServerProcess
) -> None:
    common: dict[str, Any] = {"epochs": 2, "hidden_sizes": [8]}
    ids = [
        shared_server.create_run(name="Small steps", batch_size=100, **common)["id"],
        shared_server.create_run(name="One step", batching="full_batch", **common)["id"],
    ]
    for run_id in ids:
        shared_server.wait_for_run(run_id, "finished")
    page.goto(f"{shared_server.base_url}/runs?compare={ids[0]},{ids[1]}&x=evaluations")
    expect_epochs(page, "Accuracy", 2)
    expect_x_axis(page, "Accuracy", "evaluations")
    expect_lines(page, "Accuracy", {"Small steps", "One step"})
    batches = shared_server.get(f"/api/runs/{ids[0]}")["batches_per_epoch"]
    assert x_values(page, "Accuracy") == {"Small steps": [batches, 2 * batches], "One step": [1, 2]}
    page.locator("#comparison").get_by_label("Over").select_option("epochs")
    expect_x_axis(page, "Cost", "epochs")
    expect(page).not_to_have_url(re.compile("x="))
    expect_lines(page, "Cost", {"Small steps", "One step"})
    assert x_values(page, "Cost") == {"Small steps": [1, 2], "One step": [1, 2]}
