"""Findings in the outcome of a run: what is seen, why, how it is known, what to change, and the run with the change."""

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
from tests.browser.support.charts import expect_lines
from tests.browser.support.interception import Interceptor
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

STATUS = '#status-strip [data-part="status"]'
DEAD_UNITS: dict[str, Any] = {"hidden_sizes": [32, 32], "optimizer": "sgd", "learning_rate": 2}


@pytest.fixture(scope="module")
def deep_run(shared_server: ServerProcess) -> dict[str, Any]:
    run = shared_server.create_run(name="Deep", preset="deep_sigmoid", epochs=20)
    shared_server.wait_for_run(run["id"], "finished")
    return wait_for_verdict(shared_server, run["id"], "ill")


@pytest.fixture(scope="module")
def dead_run(shared_server: ServerProcess) -> dict[str, Any]:
    run = shared_server.create_run(name="Dead", **DEAD_UNITS)
    shared_server.wait_for_run(run["id"], "finished")
    return wait_for_verdict(shared_server, run["id"], "ill")


def wait_for_verdict(server: ServerProcess, run_id: int, status: str) -> dict[str, Any]:
    """Wait until the run is diagnosed with this status, and return it."""

    def diagnosed() -> dict[str, Any] | None:
        run: dict[str, Any] = server.get(f"/api/runs/{run_id}")
        return run if run["diagnosis"] and run["diagnosis"]["status"] == status else None

    found: dict[str, Any] = wait_until(diagnosed, what=f"run {run_id} is {status}")
    return found


def open_run(page: Page, server: ServerProcess, run: dict[str, Any], query: str = "") -> Locator:
    """Open the page of an ill run, and return its outcome when the first finding is drawn."""
    page.goto(f"{server.base_url}/runs/{run['id']}{query}")
    outcome = page.locator("#outcome")
    expect(part(outcome, "remedies").first).to_be_visible()
    return outcome


def part(root: Locator, name: str) -> Locator:
    return root.locator(f'[data-part="{name}"]')


def first_remedy(outcome: Locator) -> Locator:
    return part(outcome, "remedies").first.get_by_role("button").first


def run_of_page(page: Page) -> int:
    return int(page.url.rpartition("/")[2].partition("?")[0])


def test_first_finding_explains_why_the_run_does_not_learn(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]
) -> None:
    outcome = open_run(page, shared_server, deep_run)
    expect(outcome).to_have_class(re.compile(r"\balert-danger\b"))
    expect(outcome.get_by_role("heading", level=2)).to_have_text(
        re.compile("The gradient of hidden layer 1 is .* smaller")
    )
    certainty = part(outcome, "certainty").first
    expect(certainty).to_contain_text("✗ Critical")
    expect(certainty).to_contain_text("Vanishing gradient")
    expect(certainty).to_contain_text(re.compile(r"Observed, \d+% sure|Exact|Shown by trial"))
    expect(part(outcome, "remedies").first).to_contain_text("Activation: Sigmoid →")
    expect(outcome).to_contain_text("Finished after 20 epochs.")
    term = outcome.get_by_role("link", name="vanishing gradient")
    expect(term).to_have_attribute("href", "/glossary#vanishing-gradient")


def test_numbers_link_to_the_strip_and_the_chart_that_show_them(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]
) -> None:
    outcome = open_run(page, shared_server, deep_run, "?findings=all&quantity=update")
    number = outcome.get_by_role("link", name="Gradient of the first layer / last layer").first
    assert str(number.get_attribute("href")).endswith(f"/runs/{deep_run['id']}?quantity=gradient&layer=1#inside")
    number.click()
    expect(page).to_have_url(re.compile(r"\?quantity=gradient&layer=1&findings=all$"))
    expect(page.locator('#inside [data-part="explanation"]')).to_contain_text("the gradient of hidden layer 1")
    expect(page.locator("#inside .strip-track").first).to_be_focused()
    outcome.get_by_role("link", name="Cost", exact=True).first.click()
    expect(page.get_by_role("group", name="Cost", exact=True)).to_be_focused()


def test_other_findings_are_collapsed_and_the_address_opens_them(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]
) -> None:
    outcome = open_run(page, shared_server, deep_run)
    others = outcome.locator(".findings-more", has_text="other finding")
    expect(others.locator("li").first).to_be_hidden()
    others.locator("summary").first.click()
    expect(page).to_have_url(re.compile(r"\?findings=all$"))
    page.reload()
    expect(others.locator("[data-code=input_ignored]")).to_be_visible()
    page.go_back()
    expect(others.locator("[data-code=input_ignored]")).to_be_hidden()


def test_one_click_starts_a_run_with_the_change_and_shows_before_and_after(
    page: Page, shared_server: ServerProcess, dead_run: dict[str, Any]
) -> None:
    outcome = open_run(page, shared_server, dead_run)
    remedy = first_remedy(outcome)
    remedy.press("Enter")
    expect(page).not_to_have_url(re.compile(f"/runs/{dead_run['id']}$"))
    expect(page.locator("#before-after")).to_contain_text("Both runs have the same seed")
    changed = shared_server.wait_for_run(run_of_page(page), "finished")
    assert changed["same_start_as"] == dead_run["id"]
    assert changed["hyperparameters"]["seed"] == dead_run["hyperparameters"]["seed"]
    expect_lines(page, "Validation accuracy", {"Before", "After"})
    table = page.get_by_role("region", name="Results before and after the change")
    expect(table.get_by_role("link", name=f"run {dead_run['id']}")).to_be_visible()
    expect(table.get_by_role("row", name="Epochs completed")).to_contain_text("30")
    expect(outcome).to_contain_text("Learns well")
    expect(outcome).not_to_have_class(re.compile("alert-danger"))
    compare = page.get_by_role("link", name="Compare in full")
    expect(compare).to_have_attribute("href", f"/runs?compare={dead_run['id']},{changed['id']}")


def test_deleted_earlier_run_is_named(page: Page, shared_server: ServerProcess, faults: Faults) -> None:
    faults.allow("404")
    earlier = shared_server.wait_for_run(shared_server.create_run(name="Earlier", epochs=1)["id"], "finished")
    body = {"same_start_as": earlier["id"], "changes": {"epochs": 2}}
    status, run = shared_server.request("POST", "/api/runs", body)
    assert status == 201
    shared_server.wait_for_run(run["id"], "finished")
    assert shared_server.request("DELETE", f"/api/runs/{earlier['id']}")[0] == 204
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    expect(page.locator("#before-after")).to_contain_text(f"of run {earlier['id']}, which was deleted.")


def test_remedy_on_the_train_page_changes_the_form_and_starts_the_run(
    page: Page, shared_server: ServerProcess, dead_run: dict[str, Any]
) -> None:
    page.goto(f"{shared_server.base_url}/?run={dead_run['id']}")
    outcome = page.locator("#outcome")
    remedy = first_remedy(outcome)
    label = remedy.inner_text()
    rate = label.removeprefix("Lower the learning rate to ")
    remedy.click()
    expect(page).to_have_url(re.compile(rf"run=(?!{dead_run['id']}\b)\d+"))
    expect(page.locator("#field-learning_rate")).to_have_value(rate)
    match = re.search(r"run=(\d+)", page.url)
    assert match is not None
    changed = shared_server.wait_for_run(int(match[1]), "finished")
    assert (changed["same_start_as"], changed["hyperparameters"]["learning_rate"]) == (dead_run["id"], float(rate))
    expect(outcome).to_contain_text("Learns well")


def test_well_trained_run_has_no_alarm(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.create_run(name="Good")
    shared_server.wait_for_run(run["id"], "finished")
    wait_for_verdict(shared_server, run["id"], "healthy")
    page.goto(f"{shared_server.base_url}/runs/{run['id']}")
    outcome = page.locator("#outcome")
    expect(outcome.get_by_role("heading", level=2)).to_contain_text("Finished after 30 epochs")
    expect(outcome).to_contain_text("✓ Learns well")
    expect(outcome).to_have_class(re.compile("alert-secondary"))
    expect(outcome.get_by_role("button")).to_have_count(0)
    expect(outcome.get_by_role("status")).to_be_empty()


def test_finding_of_a_training_run_is_announced_once_and_explained_on_request(
    page: Page, shared_server: ServerProcess
) -> None:
    run = shared_server.create_run(name="Dies", epochs=1000, batch_size=4, **DEAD_UNITS)
    try:
        wait_for_verdict(shared_server, run["id"], "ill")
        shared_server.request("POST", f"/api/runs/{run['id']}/pause")
        shared_server.wait_for_run(run["id"], "paused")
        page.goto(f"{shared_server.base_url}/runs/{run['id']}")
        outcome = page.locator("#outcome")
        explain = outcome.get_by_role("button", name="Explain")
        expect(explain).to_be_visible()
        expect(outcome).to_contain_text("Paused.")
        expect(outcome.get_by_role("status")).to_have_text(re.compile(r"^Diagnosis: .+\.$"))
        expect(part(outcome, "explanation")).to_have_count(0)
        explain.click()
        expect(page).to_have_url(re.compile(r"\?findings=open$"))
        expect(part(outcome, "explanation").first).to_be_visible()
        page.reload()
        expect(part(outcome, "explanation").first).to_be_visible()
    finally:
        shared_server.request("POST", f"/api/runs/{run['id']}/stop")
    shared_server.wait_for_run(run["id"], "stopped")
    expect(outcome).to_contain_text("Stopped on request.")
    expect(part(outcome, "remedies").first).to_be_visible()


def test_remedy_that_the_server_rejects_is_reported(
    page: Page, shared_server: ServerProcess, dead_run: dict[str, Any], interceptor: Interceptor, faults: Faults
) -> None:
    faults.allow("409")
    outcome = open_run(page, shared_server, dead_run)
    error = json.dumps({"error": {"code": "conflict", "message": "100 runs are already queued."}})
    interceptor.pass_first("*/api/runs", [lambda request: request.respond(error, status=409)])
    first_remedy(outcome).click()
    expect(outcome.get_by_role("alert")).to_contain_text("100 runs are already queued.")
    expect(first_remedy(outcome)).to_be_enabled()
    assert run_of_page(page) == dead_run["id"]


def test_findings_are_accessible(page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]) -> None:
    for width in (400, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        open_run(page, shared_server, deep_run, "?findings=all")
        expect(page.locator("#outcome .findings-more li").first).to_be_visible()
        name = f"findings, {width} px"
        assert_accessible(page, name, part="#outcome")
        assert_no_wider_than_screen(page, name)
        assert_targets_large_enough(page, name)
    assert_accessible_in_forced_colors(page, "findings")
