"""Fixtures for the engine: its settings, and itself with real workers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.webapp.engine import Engine, make_config
from webapp.config import Config
from webapp.store import Store


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_config(tmp_path / "data")


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    store = Store(config.store_url)
    yield store
    store.close()


@pytest.fixture
def engine(config: Config) -> Iterator[Engine]:
    with Engine(config) as engine:
        yield engine
