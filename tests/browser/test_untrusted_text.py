"""Untrusted text: pages show it as text, never as markup, and have a strict content security policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.browser.support.accessibility import wait_until_settled
from tests.browser.support.charts import chart, expect_epochs
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

NAME = '<img src=x onerror="window.ran=1"><b>bold</b>&lt;i&gt;</script><script>window.ran=2</script>%{y}'
SHORT_NAME = "<b>&lt;</b><img src=x>%{y}"


@pytest.fixture(scope="module")
def hostile_run(shared_server: ServerProcess) -> Iterator[dict[str, Any]]:
    run = shared_server.create_run(name=NAME, epochs=2)
    ended = shared_server.wait_for_run(run["id"], "finished")
    status, _ = shared_server.request("PATCH", f"/api/runs/{run['id']}", {"notes": NAME})
    assert status == 200
    yield ended
    shared_server.request("DELETE", f"/api/runs/{run['id']}")


@pytest.fixture(scope="module")
def short_hostile_run(shared_server: ServerProcess) -> dict[str, Any]:
    """Return a run whose name contains markup, but is so short that a chart shows all of it."""
    run = shared_server.create_run(name=SHORT_NAME, epochs=2)
    ended: dict[str, Any] = shared_server.wait_for_run(run["id"], "finished")
    return ended


@pytest.mark.parametrize(
    ("path", "selector"),
    [
        ("/?run={id}", "#run-link"),
        ("/runs/{id}", "h1"),
        ("/runs/{id}", "#notes"),
        ("/runs/{id}/misclassified", "#run-name"),
        ("/runs?compare={id}", ".comparison-runs a"),
    ],
)
def test_page_shows_the_name_of_a_run_as_text(
    page: Page, shared_server: ServerProcess, hostile_run: dict[str, Any], path: str, selector: str
) -> None:
    page.goto(shared_server.base_url + path.format(id=hostile_run["id"]))
    expect(page.locator(selector).first).to_have_text(NAME)
    expect(page.locator('img[src="x"]')).to_have_count(0)
    expect(page.locator("main b")).to_have_count(0)
    assert page.evaluate("window.ran") is None


def test_chart_shows_the_name_of_a_run_as_text(
    page: Page, shared_server: ServerProcess, short_hostile_run: dict[str, Any]
) -> None:
    page.goto(f"{shared_server.base_url}/runs?compare={short_hostile_run['id']}")
    expect_epochs(page, "Accuracy", 2)
    wait_until_settled(page)
    frame = chart(page, "Accuracy")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    assert box is not None
    hover_layer = frame.locator(".hoverlayer")

    def hover_shows_text() -> bool:
        """Move the mouse across the chart, and return True as soon as the chart shows text."""
        for step in range(40):
            page.mouse.move(box["x"] + box["width"] * step / 40, box["y"] + box["height"] / 2)
            if hover_layer.text_content():
                return True
        return False

    wait_until(hover_shows_text, what="the chart shows text at the mouse")
    expect(hover_layer).to_contain_text(SHORT_NAME)
    expect(page.locator(".chart-key-name").first).to_have_text(SHORT_NAME)
    expect(page.locator('img[src="x"]')).to_have_count(0)
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("path", ["/", "/runs", "/datasets/digits", "/nowhere"])
def test_content_security_policy_is_strict(page: Page, shared_server: ServerProcess, faults: Faults, path: str) -> None:
    faults.allow("404")
    response = page.goto(shared_server.base_url + path)
    assert response is not None
    policy = {part.split()[0]: part.split()[1:] for part in response.headers["content-security-policy"].split(";")}
    assert policy["default-src"] in (["'none'"], ["'self'"])
    assert all("'unsafe-inline'" not in sources and "'unsafe-eval'" not in sources for sources in policy.values())
    assert policy["frame-ancestors"] == ["'none'"]
    assert response.headers["x-content-type-options"] == "nosniff"


def test_content_security_policy_blocks_an_inline_script(
    page: Page, shared_server: ServerProcess, faults: Faults
) -> None:
    """Check that a violation is recorded as a fault, because the other tests rely on it."""
    faults.allow("Content Security Policy")
    page.goto(shared_server.base_url)
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 3'}))")
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in fault for fault in faults.found)
