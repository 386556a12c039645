"""Fixtures: the misclassified page of a run with many misclassified images, and of a run with twelve epochs."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.support.misclassified_page import MisclassifiedPage, create_poor_run
from tests.support.server_process import ServerProcess


@pytest.fixture(scope="session")
def poor_run(shared_server: ServerProcess) -> dict[str, Any]:
    return create_poor_run(shared_server)


@pytest.fixture
def misclassified_page(page: Page, shared_server: ServerProcess, poor_run: dict[str, Any]) -> MisclassifiedPage:
    """Return the page of a run with many misclassified images."""
    return MisclassifiedPage(page, shared_server, poor_run)


@pytest.fixture
def finished_page(page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]) -> MisclassifiedPage:
    """Return the page of a run whose predictions differ between its twelve epochs."""
    return MisclassifiedPage(page, shared_server, finished_run)
