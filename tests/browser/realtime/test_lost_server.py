"""A page whose server has ended."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.conftest import StartServer


def test_a_narrow_window_has_room_for_the_notice_of_a_lost_connection(
    page: Page, start_server: StartServer, faults: Faults
) -> None:
    faults.allow("ERR_|WebSocket")
    page.set_viewport_size({"width": 400, "height": 800})
    server = start_server()
    with page.expect_websocket():
        page.goto(f"{server.base_url}/runs")
    server.process.kill()
    expect(page.locator("#connection")).to_have_text("Reconnecting…")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
