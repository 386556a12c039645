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
# Links in running text are exempt. A label belongs to the target of its checkbox or radio button.
SMALL_TARGETS = """(least) =>
    [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [role=tab]")]
        .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        .filter((element) => !element.matches(".visually-hidden-focusable:not(:focus)"))
        .filter((element) => getComputedStyle(element).display !== "inline" || !element.matches(":is(p, dd, li) a"))
        .filter((element) =>
            [element, element.closest("label"), ...(element.labels ?? [])].every((target) => {
                const { width, height } = target?.getBoundingClientRect() ?? { width: 0, height: 0 };
                return width < least || height < least;
            })
        )
        .map((element) => element.outerHTML.slice(0, 120))
"""
LEAST_TARGET = 23.9  # pixels; 24, but for rounding
# axe reads the color of text from -webkit-text-fill-color, whose computed value ignores forced colors. The pages never
# set this property, so the text has the color in `color`.
READ_FORCED_COLORS = """() => {
    const { getPropertyValue } = CSSStyleDeclaration.prototype;
    CSSStyleDeclaration.prototype.getPropertyValue = function (name) {
        return getPropertyValue.call(this, name === "-webkit-text-fill-color" ? "color" : name);
    };
}"""
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
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        rules: dict[str, Any] = {} if scheme == schemes[0] else COLOR_RULES
        _assert_no_violation(page, f"{name}, {scheme}", part=part, without=without, rules=rules)


def assert_accessible_in_forced_colors(page: Page, name: str, *, without: str | None = None) -> None:
    """Fail if axe finds a violation in the colors of the page while the system forces its own colors."""
    page.emulate_media(forced_colors="active")
    page.evaluate(READ_FORCED_COLORS)
    _assert_no_violation(page, f"{name}, forced colors", without=without, rules=COLOR_RULES)
    page.emulate_media(forced_colors="none")


def _assert_no_violation(
    page: Page, name: str, *, part: str = "html", without: str | None = None, rules: dict[str, Any]
) -> None:
    wait_until_settled(page)
    if page.evaluate("!window.axe"):  # a page loads axe once, because loading takes 0.15 s
        page.evaluate(AXE_SCRIPT)
    context = {"include": [[part]], "exclude": [[without]] if without else []}
    results = Axe(axe_script="null").run(page, context, {"resultTypes": ["violations"], **rules})
    assert results.violations_count == 0, f"{name}: {results.generate_report()}"


def assert_no_wider_than_screen(page: Page, name: str) -> None:
    """Fail if the page needs horizontal scrolling."""
    overflow = page.evaluate(OVERFLOW)
    assert overflow <= 0, f"{name} is {overflow} px wider than the screen"


def assert_targets_large_enough(page: Page, name: str) -> None:
    """Fail if a link, button or input is smaller than 24 px, except links in running text."""
    small = page.evaluate(SMALL_TARGETS, LEAST_TARGET)
    assert small == [], f"{name} has targets that are too small: {small}"
