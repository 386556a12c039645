"""Accessibility checks with axe, which start after the page has settled."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Fonts and style sheets determine the colors and sizes that axe measures, so both must be loaded.
IS_SETTLED = """() =>
    document.readyState === "complete"
    && document.fonts.status === "loaded"
    && document.querySelector('[aria-busy="true"]') === null
    && [...document.images].every((image) => image.complete || image.loading === "lazy")
    && document.getAnimations().every((animation) => animation.playState !== "running")
"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def wait_until_settled(page: Page) -> None:
    """Wait until the fonts and images are loaded, no part is busy, and no animation runs."""
    page.wait_for_function(IS_SETTLED)


def assert_accessible(page: Page, name: str, *, part: str | None = None) -> None:
    """Fail if axe finds a violation on the settled page, or in the element that matches `part` if it is given."""
    wait_until_settled(page)
    results = Axe().run(page, part)
    assert results.violations_count == 0, f"{name}: {results.generate_report()}"


def assert_no_wider_than_screen(page: Page, name: str) -> None:
    """Fail if the page needs horizontal scrolling."""
    overflow = page.evaluate(OVERFLOW)
    assert overflow <= 0, f"{name} is {overflow} px wider than the screen"
