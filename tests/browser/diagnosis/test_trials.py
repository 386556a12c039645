"""Trials on the page of a run: start, curves, ranking, and the run with the best change."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Faults
from tests.browser.support.accessibility import (
    assert_accessible,
    assert_accessible_in_forced_colors,
    assert_no_wider_than_screen,
    assert_targets_large_enough,
)
from tests.browser.support.charts import y_values
from tests.browser.support.interception import Interceptor
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

NONE: dict[str, Any] = {
    "status": "none",
    "epochs": None,
    "train_size": None,
    "score": None,
    "twin": None,
    "control": None,
    "reference": None,
    "items": [],
    "error": None,
}


@pytest.fixture(scope="module")
def deep_run(shared_server: ServerProcess) -> dict[str, Any]:
    """Return an ended run that does not learn, with finished trials."""
    run = shared_server.create_run(name="Deep", preset="deep_sigmoid", epochs=20)
    ended: dict[str, Any] = shared_server.wait_for_run(run["id"], "finished")
    path = f"/api/runs/{run['id']}/trials"
    shared_server.request("POST", path)  # a conflict if they are in progress
    wait_until(lambda: shared_server.get(path)["status"] == "finished", what="the end of the trials")
    return ended


def open_run(page: Page, server: ServerProcess, run: dict[str, Any], query: str = "") -> Locator:
    """Open the page of a run, and return its panel of trials."""
    page.goto(f"{server.base_url}/runs/{run['id']}{query}")
    return page.locator("#trials")


def ranking(panel: Locator) -> Locator:
    return panel.locator('[data-part="ranking"]')


def status(panel: Locator) -> Locator:
    return panel.locator('[data-part="trials-status"]')


def test_one_click_finds_the_cause(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.create_run(name="Cause", preset="deep_sigmoid", epochs=10)
    shared_server.wait_for_run(run["id"], "finished")
    panel = open_run(page, shared_server, run)
    outcome = page.locator("#outcome")
    # Trials that start by themselves may be in progress or finished.
    outcome.get_by_role("button", name=re.compile("Find the cause|Show the trials")).press("Enter")
    expect(page).to_have_url(re.compile(r"\?trials=open$"))
    expect(panel.get_by_role("heading", name="Trials")).to_be_focused()
    expect(status(panel)).to_have_text("The trials are finished.")
    expect(ranking(panel)).to_have_text(
        re.compile(r": 1\d% → \d\d% after \d+ epochs\. A random change \(.+\): \d+%\.$")
    )
    expect(outcome).to_contain_text("Shown by trial")
    expect(outcome).to_contain_text("A random change:")
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    expect(outcome.get_by_role("button", name="Show the trials")).to_be_focused()


def test_curves_and_ranking_are_those_of_the_server(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]
) -> None:
    trials = shared_server.get(f"/api/runs/{deep_run['id']}/trials")
    panel = open_run(page, shared_server, deep_run, "?trials=open")
    rows = panel.locator("tbody tr")
    expect(rows).to_have_count(len(trials["items"]) + 3)
    expect(rows.first).to_contain_text(trials["items"][0]["label"])
    expect(rows.first).to_contain_text(f"{trials['items'][0]['gap_closed']:.0%}")
    assert trials["items"][0]["gap_closed"] > 0.5
    plot = panel.locator(".chart:not([hidden]) .js-plotly-plot")
    expect(plot).to_be_visible()
    shown = y_values(page, "Validation accuracy")
    assert shown["The unchanged run"] == trials["twin"]["accuracies"]
    assert shown[f"1. {trials['items'][0]['label']}"] == trials["items"][0]["accuracies"]
    panel.get_by_text("Cost", exact=True).first.click()
    expect(panel.get_by_role("heading", name="Training cost")).to_be_visible()
    expect(plot).to_be_visible()
    assert y_values(page, "Training cost")["A random change"] == trials["control"]["costs"]


def test_button_beside_a_trial_starts_a_run_with_its_change(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]
) -> None:
    best = shared_server.get(f"/api/runs/{deep_run['id']}/trials")["items"][0]
    panel = open_run(page, shared_server, deep_run, "?trials=open")
    panel.get_by_role("button", name=f"Apply: {best['label']}", exact=True).click()
    expect(page).not_to_have_url(re.compile(f"/runs/{deep_run['id']}"))
    changed = shared_server.get(f"/api/runs/{page.url.rpartition('/')[2]}")
    assert changed["same_start_as"] == deep_run["id"]
    assert {name: changed["hyperparameters"][name] for name in best["changes"]} == best["changes"]
    shared_server.wait_for_run(changed["id"])


def test_failed_trials_are_started_again(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any], interceptor: Interceptor
) -> None:
    finished = shared_server.get(f"/api/runs/{deep_run['id']}/trials")
    failed = NONE | {"status": "failed", "error": "The process was killed."}
    running = finished | {"status": "running", "items": finished["items"][:1]}
    # The responses: at first the trials have failed, after the click they run, and then they are finished.
    responses = [lambda request, body=body: request.respond(json.dumps(body)) for body in (failed, running)]
    interceptor.pass_first("*/api/runs/*/trials", responses)
    panel = open_run(page, shared_server, deep_run, "?trials=open")
    expect(status(panel)).to_have_text("The trials failed. The process was killed.")
    panel.get_by_role("button", name="Start the trials again").click()
    expect(status(panel)).to_have_text(f"Trial 4 of about {finished['expected']} is running.")
    expect(panel.get_by_role("button", name="Stop")).to_be_visible()
    expect(panel.get_by_role("button", name=re.compile("^Apply"))).to_have_count(0)
    expect(status(panel)).to_have_text("The trials are finished.")  # the page asks again, because events can be lost


def test_trials_that_cannot_start_are_reported(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any], interceptor: Interceptor, faults: Faults
) -> None:
    faults.allow("409")
    error = {"error": {"code": "conflict", "message": "The training examples differ."}}
    interceptor.pass_first(
        "*/api/runs/*/trials",
        [
            lambda request: request.respond(json.dumps(NONE)),
            lambda request: request.respond(json.dumps(error), status=409),
        ],
    )
    panel = open_run(page, shared_server, deep_run)
    page.get_by_role("button", name="Find the cause").click()
    expect(panel.get_by_role("alert")).to_contain_text("The training examples differ.")
    panel.get_by_role("button", name="Try again").click()
    expect(status(panel)).to_have_text("The trials are finished.")
    expect(panel.get_by_role("alert")).to_have_count(0)


def test_trials_are_accessible(page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]) -> None:
    for width in (400, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        panel = open_run(page, shared_server, deep_run, "?trials=open")
        expect(panel.locator(".chart:not([hidden]) .js-plotly-plot")).to_be_visible()
        name = f"trials, {width} px"
        assert_accessible(page, name, part="#trials")
        assert_no_wider_than_screen(page, name)
        assert_targets_large_enough(page, name)
    assert_accessible_in_forced_colors(page, "trials")
