"""Fixtures for the tests of explanations: the open image, and a run with tanh units."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.support.image_detail import ImageDetail
from tests.support.server_process import ServerProcess


@pytest.fixture
def detail(page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]) -> ImageDetail:
    return ImageDetail(page, shared_server, finished_run)


@pytest.fixture(scope="module")
def tanh_run(shared_server: ServerProcess) -> dict[str, Any]:
    """Train a network of tanh units for more epochs than the history strip has cells."""
    run = shared_server.create_run(name="Tanh", epochs=90, hidden_sizes=[12, 6], activation="tanh", seed=3)
    ended: dict[str, Any] = shared_server.wait_for_run(run["id"], "finished")
    return ended
