"""Page in any engine: elements are found by role and accessible name, and each step waits for its condition."""

from __future__ import annotations

import re
from typing import Any

from tests.browser.engines.engine import TIMEOUT, Engine, Point, ScriptError
from tests.support.waiting import wait_until

# `FIND` returns the visible elements with a role whose accessible name matches a regular expression. The name is a
# simplification of https://www.w3.org/TR/accname, sufficient for these pages.
FIND = r"""(role, pattern) => {
    const selectors = {
        application: '[role="application"]',
        button: 'button, summary, [role="button"]',
        "button or link": 'button, a[href]',
        checkbox: 'input[type="checkbox"]',
        heading: "h1, h2, h3, h4, h5, h6",
        link: "a[href]",
        progressbar: 'progress, [role="progressbar"]',
        region: 'section, [role="region"]',
        slider: 'input[type="range"]',
        tab: '[role="tab"]',
        tabpanel: '[role="tabpanel"]',
    };
    const nameOf = (element) => {
        const ids = element.getAttribute("aria-labelledby")?.split(/\s+/);
        const label = element.getAttribute("aria-label");
        if (ids) return ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
        if (label !== null) return label;
        if (element.labels?.length) return [...element.labels].map((label) => label.textContent).join(" ");
        return element.matches('section, [role="tabpanel"]') ? "" : element.textContent;
    };
    const expression = new RegExp(pattern);
    return [...document.querySelectorAll(selectors[role])].filter((element) =>
        element.checkVisibility({visibilityProperty: true})
        && expression.test(nameOf(element).trim().replace(/\s+/g, " ")));
}"""
# Scroll the first element into view, and return its rectangle if a click at its center would reach it.
AIM = f"""(role, pattern) => {{
    const [element] = ({FIND})(role, pattern);
    if (!element || element.disabled) return null;
    element.scrollIntoView({{block: "center", behavior: "instant"}});
    const {{x, y, width, height}} = element.getBoundingClientRect();
    const target = document.elementFromPoint(x + width / 2, y + height / 2);
    const labels = [...element.labels ?? []];
    const isReached = [element, ...labels].some((each) => each.contains(target));
    return isReached && width && height ? {{x, y, width, height}} : null;
}}"""
READ_TEXT = f"(role, pattern) => ({FIND})(role, pattern)[0]?.textContent.trim().replace(/\\s+/g, ' ')"
READ_NAMES = f"(role, pattern) => ({FIND})(role, pattern).map((each) => each.textContent.trim().replace(/\\s+/g, ' '))"


class EnginePage:
    """Page of the dashboard in a browser engine."""

    def __init__(self, engine: Engine, base_url: str) -> None:
        self.engine = engine
        self.base_url = base_url

    def open(self, path: str) -> None:
        """Open a page, and wait until it has replaced the previous one."""
        self.engine.run_script("() => { window.isLeft = true; }")
        self.engine.open(self.base_url + path)
        is_open = "path => location.pathname === path && !window.isLeft"
        self.wait_for(is_open, path.partition("?")[0], what=f"the page {path}")

    def wait_for(self, function: str, *arguments: object, what: str) -> Any:
        """Wait until a JavaScript function returns a true value, and return this value."""
        problem = ""

        def call() -> Any:
            nonlocal problem
            try:
                return self.engine.run_script(function, *arguments)
            except ScriptError as error:  # usually because the next page is being opened
                problem = str(error)
                return None

        try:
            return wait_until(call, timeout=TIMEOUT, what=what, interval=0.05)
        except AssertionError as error:
            raise AssertionError(
                f"{error}; last error: {problem or None}; errors of pages: {self.engine.faults()}"
            ) from None

    def expect(self, role: str, name: str) -> None:
        """Wait until an element with this role and a name that matches is visible."""
        self.wait_for(f"(...wanted) => ({FIND})(...wanted).length > 0", role, name, what=f"{role} {name!r}")

    def expect_gone(self, role: str, name: str) -> None:
        self.wait_for(f"(...wanted) => ({FIND})(...wanted).length === 0", role, name, what=f"no {role} {name!r}")

    def expect_text(self, role: str, name: str, text: str) -> str:
        """Wait until the text of an element matches the regular expression `text`, and return the first match."""
        found: str = self.wait_for(
            f"(role, name, text) => ({READ_TEXT})(role, name)?.match(new RegExp(text))?.[0]",
            role,
            name,
            text,
            what=f"{role} {name!r} contains {text!r}",
        )
        return found

    def texts(self, role: str, name: str = "") -> list[str]:
        """Return the texts of all elements with this role whose names match."""
        found: list[str] = self.engine.run_script(READ_NAMES, role, name)
        return found

    def expect_address(self, pattern: str) -> str:
        """Wait until the address matches a regular expression, and return its first group, or else the match."""
        matched: list[str] = self.wait_for(
            "pattern => location.href.match(new RegExp(pattern))", pattern, what=f"the address {pattern!r}"
        )
        return matched[-1]

    def click(self, role: str, name: str) -> None:
        """Click at the center of an element as soon as it is visible, not covered and not moving."""
        x, y, width, height = self._rectangle(role, name)
        self.engine.drag([(x + width / 2, y + height / 2)])

    def drag_down(self, role: str, name: str, steps: int = 12) -> None:
        """Draw a vertical line with the mouse through the middle of an element."""
        x, y, width, height = self._rectangle(role, name)
        points: list[Point] = [(x + width / 2, y + height * (0.1 + 0.8 * step / steps)) for step in range(steps + 1)]
        self.engine.drag(points)

    def focus(self, role: str, name: str) -> None:
        focus = f"(...wanted) => {{ const [found] = ({FIND})(...wanted); found?.focus(); return Boolean(found); }}"
        self.wait_for(focus, role, name, what=f"{role} {name!r}")

    def _rectangle(self, role: str, name: str) -> tuple[float, float, float, float]:
        """Wait until an element can be clicked and has stopped moving, and return its rectangle."""
        previous = None
        while True:
            found = self.wait_for(AIM, role, name, what=f"{role} {name!r} that can be clicked")
            if found == previous:
                return found["x"], found["y"], found["width"], found["height"]
            previous = found


def exactly(name: str) -> str:
    """Return a regular expression that matches only this text."""
    return f"^{re.escape(name)}$"
