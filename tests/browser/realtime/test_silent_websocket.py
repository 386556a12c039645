"""A WebSocket that is accepted and never answered, as by some proxies and virus scanners."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.charts import column, expect_epochs, y_values
from tests.browser.support.silent_proxy import SilentProxy
from tests.support.server_process import ServerProcess


@pytest.fixture(scope="module")
def proxy(shared_server: ServerProcess) -> Iterator[SilentProxy]:
    with SilentProxy(shared_server.base_url) as proxy:
        yield proxy


def test_charts_stay_live_and_the_page_connects_by_polling(
    page: Page, shared_server: ServerProcess, proxy: SilentProxy, endless: Any
) -> None:
    accepted = proxy.websockets
    with page.expect_request(lambda request: "transport=polling&t=" in request.url and "sid=" in request.url):
        page.goto(f"{proxy.base_url}/runs/{endless['id']}")
        page.wait_for_function("() => Number(document.querySelector('.chart-frame')?.dataset.epochs) >= 3")
    assert proxy.websockets == accepted + 1
    shared_server.request("POST", f"/api/runs/{endless['id']}/stop")
    expect(page.locator("[data-part=status]").first).to_have_text("stopped")
    stored = shared_server.get(f"/api/runs/{endless['id']}/epochs")["items"]
    expect_epochs(page, "Cost", len(stored))
    assert y_values(page, "Cost")["Test"] == column(stored, "test_cost")


def test_a_page_without_any_connection_shows_every_epoch(
    page: Page, shared_server: ServerProcess, proxy: SilentProxy
) -> None:
    """Neither a WebSocket nor polling is answered."""
    page.route("**/socket.io/**", lambda _route: None)
    run = shared_server.create_run(epochs=30, hidden_sizes=[8])
    page.goto(f"{proxy.base_url}/runs/{run['id']}")
    expect_epochs(page, "Cost", 30)
    expect(page.locator("[data-part=status]").first).to_have_text("finished")
    stored = shared_server.get(f"/api/runs/{run['id']}/epochs")["items"]
    assert y_values(page, "Cost")["Test"] == column(stored, "test_cost")
    page.unroute_all(behavior="ignoreErrors")


def test_the_list_of_runs_stays_live(page: Page, shared_server: ServerProcess, proxy: SilentProxy) -> None:
    page.goto(f"{proxy.base_url}/runs")
    run = shared_server.create_run(name="Behind a proxy", epochs=2)
    expect(page.get_by_role("row").filter(has_text="Behind a proxy").first).to_contain_text("finished")
    assert shared_server.wait_for_run(run["id"])["epochs_completed"] == 2
