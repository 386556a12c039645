"""Fixtures for the settings, the engine with real workers, and the dashboard around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.app_client import Trained, store_long_run
from tests.support.raw_client import RawClient
from tests.support.run_engine import Engine, make_config
from tests.support.server_process import ServerProcess
from webapp.app import App, create_app
from webapp.config import Config
from webapp.storage.run_store import RunStore


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_config(tmp_path / "data")


@pytest.fixture
def store(config: Config) -> Iterator[RunStore]:
    store = RunStore(config.store_url)
    yield store
    store.close()


@pytest.fixture
def engine(config: Config) -> Iterator[Engine]:
    with Engine(config) as engine:
        yield engine


@pytest.fixture
def app(config: Config) -> Iterator[App]:
    """The dashboard without a web server."""
    app = create_app(config)
    yield app
    app.close()


@pytest.fixture
def client(app: App) -> FlaskClient:
    return app.flask_app.test_client()


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    """A dashboard with one finished run, for tests that only read."""
    with Trained(make_config(tmp_path_factory.mktemp("trained"))) as trained:
        yield trained


@pytest.fixture(scope="session", params=["one hidden layer", "two hidden layers", "none"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    """Dashboards with a run whose answers are explained, one for each depth of network."""
    hidden = {"one hidden layer": [20], "two hidden layers": [20, 14], "none": []}[request.param]
    with Trained(make_config(tmp_path_factory.mktemp("run")), hidden_sizes=hidden) as trained:
        yield trained


@pytest.fixture(scope="session")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A real server whose run 1 finished after LONG epochs."""
    folder = tmp_path_factory.mktemp("long-run") / "data"
    folder.mkdir()
    store_long_run(folder)
    with ServerProcess(folder) as server:
        yield server


@pytest.fixture
def viewer(long_run: ServerProcess) -> Iterator[RawClient]:
    """A connection to the server of `long_run`."""
    with RawClient(long_run.base_url) as viewer:
        yield viewer
