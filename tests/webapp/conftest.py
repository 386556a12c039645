"""Dashboards, with and without runs, in this process and in real servers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.app_client import RunClient, Trained, store_long_run
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
    store = RunStore(config.database)
    yield store
    store.close()


@pytest.fixture
def engine(config: Config) -> Iterator[Engine]:
    with Engine(config) as engine:
        yield engine


@pytest.fixture
def app(config: Config) -> Iterator[App]:
    """A dashboard whose scheduler is closed, so that new runs stay in the queue."""
    app = create_app(config)
    app.scheduler.close()
    yield app
    app.close()


@pytest.fixture
def client(app: App) -> FlaskClient:
    return app.flask_app.test_client()


@pytest.fixture(scope="session")
def empty_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A dashboard without runs, for tests that create none. Unlike in `app`, a run would start a real worker."""
    app = create_app(make_config(tmp_path_factory.mktemp("empty")))
    yield app
    app.close()


@pytest.fixture(scope="session")
def empty_client(empty_app: App) -> FlaskClient:
    return empty_app.flask_app.test_client()


@pytest.fixture(scope="session")
def trained_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one finished run, which the tests copy."""
    folder = tmp_path_factory.mktemp("trained-once")
    with Trained(make_config(folder)):
        return folder


def copy_run(trained_dir: Path, folder: Path) -> RunClient:
    """Return a dashboard with a copy of the finished run."""
    shutil.copytree(trained_dir, folder, dirs_exist_ok=True)
    return RunClient(make_config(folder))


@pytest.fixture(scope="session")
def trained(trained_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunClient]:
    """A dashboard with one finished run, for tests that only read."""
    with copy_run(trained_dir, tmp_path_factory.mktemp("trained")) as trained:
        yield trained


@pytest.fixture
def trained_copy(trained_dir: Path, tmp_path: Path) -> Iterator[RunClient]:
    """A dashboard with one finished run whose files the test may change."""
    with copy_run(trained_dir, tmp_path / "data") as trained:
        yield trained


@pytest.fixture(scope="session", params=["one hidden layer", "two hidden layers", "none"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    """A dashboard with one finished run. Tests are repeated for each depth of the network."""
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
