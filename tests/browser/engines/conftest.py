"""Fixture that starts each browser engine: Chromium, Firefox and WebKit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.engines.chromium import Chromium
from tests.browser.engines.engine import Engine
from tests.browser.engines.firefox import Firefox
from tests.browser.engines.webkit import WebKit
from tests.conftest import skip_or_fail

# Debian and Ubuntu install MiniBrowser outside of PATH, in a folder whose name contains the architecture and version.
MINI_BROWSERS = "*/webkit2gtk-4.*/MiniBrowser"


@pytest.fixture(autouse=True)
def faults() -> None:
    """Replace the fixture of the other browser tests, which opens Chromium; the engines record faults themselves."""


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Start an engine, or skip the test if the engine is not installed."""
    started: Engine
    if request.param == "chromium":
        started = Chromium(request.getfixturevalue("page"))
    elif request.param == "firefox":
        started = start_firefox(tmp_path)
    else:
        started = start_webkit(tmp_path)
    yield started
    started.close()


def start_firefox(folder: Path) -> Firefox:
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if not program:
        skip_or_fail("Firefox is not installed", "run `apt install firefox-esr`")
    return Firefox(program, folder)


def start_webkit(folder: Path) -> WebKit:
    driver, display = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    browser = max(map(str, Path("/usr/lib").glob(MINI_BROWSERS)), default=None)
    if not (driver and display and browser):
        skip_or_fail("WebKit is not installed", "run `apt install webkit2gtk-driver xvfb`")
    return WebKit(driver, browser, display, folder)
