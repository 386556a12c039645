"""Durations of running runs in a browser whose clock differs from that of the server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import TIMEOUT
from tests.support.server_process import ServerProcess

SHIFTED_CLOCK = """
const {now} = Date;
const shift = SHIFT;
Date.now = () => now() + shift;
globalThis.Date = new Proxy(Date, {
    construct: (target, values) => values.length ? new target(...values) : new target(now() + shift),
});
"""
SECONDS = {"ms": 0.001, "s": 1, "min": 60, "h": 3600}


def seconds_of(text: str) -> float:
    return sum(float(number) * SECONDS[unit] for number, unit in re.findall(r"([\d.]+) (ms|s|min|h)", text))


@pytest.mark.parametrize("hours", [-2, 2])
def test_the_duration_of_a_running_run_is_that_of_the_server(
    browser_window: BrowserContext, shared_server: ServerProcess, endless: Any, hours: int
) -> None:
    page = browser_window.new_page()  # because of the script; the next test does not use this tab
    page.set_default_timeout(TIMEOUT)
    page.add_init_script(SHIFTED_CLOCK.replace("SHIFT", str(hours * 3_600_000)))
    before = shared_server.get(f"/api/runs/{endless['id']}")["duration"]
    page.goto(f"{shared_server.base_url}/runs")
    duration = page.get_by_role("row").filter(has_text="Endless").locator('[data-label="Duration"]').first
    shown = seconds_of(duration.inner_text())
    after = shared_server.get(f"/api/runs/{endless['id']}")["duration"]
    assert before - 1 <= shown <= after + 1  # rounded
    expect(duration).not_to_have_text(duration.inner_text())  # it grows
