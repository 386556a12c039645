"""Accessibility checks of settled pages with axe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
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
COLOR_RULES = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def wait_until_settled(page: Page) -> None:
    """Wait until the fonts and images are loaded, no part is busy, and no animation runs."""
    page.wait_for_function(IS_SETTLED)


def assert_accessible(
    page: Page,
    name: str,
    *,
    part: str = "html",
    without: str | None = None,
    schemes: Sequence[Literal["light", "dark"]] = ("light", "dark"),
) -> None:
    """Fail if axe finds a violation in `part` of the settled page, except in the elements that match `without`.

    The color schemes differ only in colors, so axe checks the first scheme with all rules, and the others only with the
    rules about colors.
    """
    context = {"include": [[part]], "exclude": [[without]] if without else []}
    if page.evaluate("!window.axe"):  # a page loads axe once, because loading takes 0.15 s
        page.evaluate(AXE_SCRIPT)
    axe = Axe(axe_script="null")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        wait_until_settled(page)
        rules: dict[str, Any] = {} if scheme == schemes[0] else COLOR_RULES
        results = axe.run(page, context, {"resultTypes": ["violations"], **rules})
        assert results.violations_count == 0, f"{name}, {scheme}: {results.generate_report()}"


def assert_no_wider_than_screen(page: Page, name: str) -> None:
    """Fail if the page needs horizontal scrolling."""
    overflow = page.evaluate(OVERFLOW)
    assert overflow <= 0, f"{name} is {overflow} px wider than the screen"
