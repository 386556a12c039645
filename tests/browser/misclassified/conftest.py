"""Misclassified pages of two runs."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.support.misclassified_page import MisclassifiedImages, create_poor_run
from tests.support.server_process import ServerProcess


@pytest.fixture(scope="session")
def poor_run(shared_server: ServerProcess) -> dict[str, Any]:
    return create_poor_run(shared_server)


@pytest.fixture
def mistakes(page: Page, shared_server: ServerProcess, poor_run: dict[str, Any]) -> MisclassifiedImages:
    """A run with many misclassified images."""
    return MisclassifiedImages(page, shared_server, poor_run)


@pytest.fixture
def finished(page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]) -> MisclassifiedImages:
    """A run of twelve epochs with different predictions."""
    return MisclassifiedImages(page, shared_server, finished_run)
