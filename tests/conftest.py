"""Fixtures that several folders of tests share: data sets, real servers, and a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Playwright

from tests.support.empty_database import add_empty_database
from tests.support.server_process import ROOT, ServerProcess

IN_CI = os.environ.get("CI") == "true"

# A container has a small /dev/shm and runs as root. The browser may reach nothing but the server under test.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def skip_or_fail(problem: str, remedy: str) -> NoReturn:
    """Skip the test, or fail it in continuous integration, which installs everything."""
    if IN_CI:
        pytest.fail(f"{problem}: {remedy}")
    pytest.skip(f"{problem}: {remedy}")


@pytest.fixture(scope="session")
def mnist_dir() -> Path:
    """A data sets folder that contains MNIST."""
    chosen = os.environ.get("MISFIT_DATASETS_DIR")
    folder = Path(chosen) if chosen else ROOT.parent / "shared" / "data"
    if not any((folder / "mnist").glob("train-images-idx3-ubyte*")):
        skip_or_fail("MNIST is not on this machine", "set MISFIT_DATASETS_DIR to a folder that contains mnist/")
    return folder


StartServer = Callable[..., ServerProcess]


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Start real servers with `start_server(*arguments, data_dir=, datasets_dir=, env=)`; end them after the test."""
    servers: list[ServerProcess] = []

    def start(
        *arguments: str, data_dir: Path | None = None, datasets_dir: Path | None = None, **options: Any
    ) -> ServerProcess:
        folder = data_dir or tmp_path / f"data-{len(servers)}"
        folder.mkdir(exist_ok=True)
        add_empty_database(folder)
        server = ServerProcess(folder, *arguments, datasets_dir=datasets_dir or tmp_path / "datasets", **options)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.end()


@pytest.fixture
def server(start_server: StartServer) -> ServerProcess:
    """A real server for this test alone."""
    return start_server()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One real server for all tests that neither end it nor depend on its list of runs."""
    folder = tmp_path_factory.mktemp("shared-server")
    (folder / "data").mkdir()
    add_empty_database(folder / "data")
    with ServerProcess(folder / "data", datasets_dir=folder / "datasets") as server:
        yield server


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    """The system's Chromium, best without the frame of a window, or if there is none, Playwright's own."""
    chosen = {"args": CHROMIUM_ARGUMENTS}
    system = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if system:
        return browser_type_launch_args | chosen | {"executable_path": system}
    if not Path(playwright.chromium.executable_path).exists():
        skip_or_fail(
            "No browser is installed",
            "install Chromium (`apt install chromium`), or run `python -m playwright install chromium` in .venv",
        )
    return browser_type_launch_args | chosen
