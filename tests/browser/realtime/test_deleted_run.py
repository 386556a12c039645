"""A run that is deleted on another page, while a page shows it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.browser.support.charts import expect_epochs, expect_lines
from tests.browser.support.interception import Interceptor, PausedRequest
from tests.browser.support.page_waiting import wait_for_events
from tests.support.server_process import ServerProcess


@pytest.fixture
def deletable(shared_server: ServerProcess) -> Any:
    """A finished run that only this test uses."""
    run = shared_server.create_run(name="Short-lived", epochs=2, hidden_sizes=[4])
    return shared_server.wait_for_run(run["id"], "finished")


def delete(server: ServerProcess, run: Any) -> None:
    assert server.request("DELETE", f"/api/runs/{run['id']}")[0] == 204


@pytest.mark.parametrize("path", ["/runs/{id}", "/runs/{id}/misclassified", "/?run={id}"])
def test_a_page_about_a_run_says_that_it_was_deleted(
    page: Page, shared_server: ServerProcess, deletable: Any, faults: Faults, path: str
) -> None:
    faults.allow("404")  # the page may still request other epochs while the run is deleted
    page.goto(shared_server.base_url + path.format(id=deletable["id"]))
    if "misclassified" in path:
        expect(page.locator("#tiles .tile").first).to_be_visible()
    else:
        expect_epochs(page, "Cost", 2)
    delete(shared_server, deletable)
    message = page.locator("#deleted")
    expect(message).to_contain_text(f"Run {deletable['id']} was deleted")
    expect(message).to_contain_text("“Short-lived” and its results no longer exist.")
    expect(page.get_by_role("link", name="csv")).to_have_count(0)
    for part in ("#run", "#misclassified", "#status-strip", "#charts"):
        expect(page.locator(part).filter(visible=True)).to_have_count(0)
    message.get_by_role("link", name="See the runs").click()
    expect(page).to_have_url(f"{shared_server.base_url}/runs")


def test_the_train_page_can_start_another_run_after_a_deletion(
    page: Page, shared_server: ServerProcess, deletable: Any, faults: Faults
) -> None:
    faults.allow("404")
    page.goto(f"{shared_server.base_url}/?run={deletable['id']}")
    expect_epochs(page, "Cost", 2)
    delete(shared_server, deletable)
    expect(page.locator("#deleted")).to_be_visible()
    expect(page).not_to_have_url(re.compile(rf"run={deletable['id']}\b"))
    page.locator("#start").click()
    expect(page.locator("#deleted")).to_be_hidden()
    expect_epochs(page, "Cost", 2)


def test_a_link_to_a_deleted_run_on_the_train_page_says_so(
    page: Page, shared_server: ServerProcess, faults: Faults
) -> None:
    faults.allow("404")
    page.goto(f"{shared_server.base_url}/?run=999999")
    expect(page.locator("#deleted")).to_contain_text("There is no run 999999")
    expect(page).to_have_title("There is no run 999999 · Misfit")


def test_the_list_and_the_comparison_say_that_a_run_was_deleted(
    page: Page, shared_server: ServerProcess, deletable: Any, finished_run: Any, faults: Faults
) -> None:
    faults.allow("404")
    page.goto(f"{shared_server.base_url}/runs?compare={deletable['id']},{finished_run['id']}")
    expect_lines(page, "Cost", {"Short-lived", "Finished"})
    delete(shared_server, deletable)
    notice = page.locator("#deleted")
    expect(notice).to_contain_text(f"Run {deletable['id']} (Short-lived) was deleted.")
    expect_lines(page, "Cost", {"Finished"})
    expect(page.locator(f'#runs a[href="/runs/{deletable["id"]}"]')).to_have_count(0)
    expect(page).to_have_url(f"{shared_server.base_url}/runs?compare={finished_run['id']}")
    notice.get_by_role("button", name="Close").click()
    expect(notice).to_be_empty()


def test_a_run_that_is_deleted_while_the_comparison_loads_it_hides_no_other(
    page: Page,
    shared_server: ServerProcess,
    deletable: Any,
    finished_run: Any,
    interceptor: Interceptor,
    faults: Faults,
) -> None:
    faults.allow("404")
    requests: list[PausedRequest] = []
    interceptor.pass_first(f"*/api/runs/{deletable['id']}/epochs*", [requests.append])
    page.goto(f"{shared_server.base_url}/runs?compare={deletable['id']},{finished_run['id']}")
    wait_for_events(page, lambda: requests, what="the request")
    delete(shared_server, deletable)
    expect(page.locator("#deleted")).to_contain_text("(Short-lived) was deleted.")
    requests[0].proceed()
    expect_lines(page, "Cost", {"Finished"})
    expect(page.locator(".page-failure")).to_have_count(0)


def test_the_page_that_deletes_a_run_needs_no_notice(
    page: Page, shared_server: ServerProcess, deletable: Any, interceptor: Interceptor
) -> None:
    page.goto(f"{shared_server.base_url}/runs")
    row = page.locator("#runs tbody tr").filter(has=page.locator(f'a[href="/runs/{deletable["id"]}"]'))
    row.get_by_role("button", name="Edit").click()
    requests: list[PausedRequest] = []
    interceptor.pass_all(f"*/api/runs/{deletable['id']}", requests.append)
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    wait_for_events(page, lambda: requests, what="the request")
    other = shared_server.create_run(name="Later", epochs=1, hidden_sizes=[4])
    delete(shared_server, deletable)  # its event arrives before the response to the page
    shared_server.request("PATCH", f"/api/runs/{other['id']}", {"name": "Renamed"})
    expect(page.locator("#runs")).to_contain_text("Renamed")  # the events have arrived
    requests[0].respond("", status=204)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row).to_have_count(0)
    expect(page.locator("#deleted")).to_be_empty()


def test_a_comparison_with_a_deleted_run_says_so(
    page: Page, shared_server: ServerProcess, finished_run: Any, faults: Faults
) -> None:
    faults.allow("404")
    page.goto(f"{shared_server.base_url}/runs?compare=999999,{finished_run['id']}")
    expect(page.locator("#deleted")).to_contain_text("There is no run 999999. Perhaps it was deleted.")
    expect(page).to_have_url(f"{shared_server.base_url}/runs?compare={finished_run['id']}")
