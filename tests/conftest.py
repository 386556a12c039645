"""Fixtures for several folders of tests: data sets, real servers and a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Playwright

from tests.support.run_engine import ENDLESS, add_empty_database
from tests.support.server_process import ROOT, ServerProcess

IN_CI = os.environ.get("CI") == "true"

# In a container, /dev/shm is small and the browser runs as root. The browser may connect only to the server under test.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def skip_or_fail(problem: str, remedy: str) -> NoReturn:
    """Skip the test, or fail it in continuous integration, where everything must be installed."""
    if IN_CI:
        pytest.fail(f"{problem}: {remedy}")
    pytest.skip(f"{problem}: {remedy}")


@pytest.fixture(scope="session")
def mnist_dir() -> Path:
    """Return a folder of data sets that contains MNIST."""
    configured = os.environ.get("MISFIT_DATASETS_DIR")
    folder = Path(configured) if configured else ROOT.parent / "shared" / "data"
    if not any((folder / "mnist").glob("train-images-idx3-ubyte*")):
        skip_or_fail("MNIST is not on this machine", "set MISFIT_DATASETS_DIR to a folder that contains mnist/")
    return folder


StartServer = Callable[..., ServerProcess]


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """Yield a function that starts real servers, and end these servers after the test."""
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
    """Start a real server that only this test uses."""
    return start_server()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Start one real server for all tests that do not end it and do not depend on its list of runs.

    It also accepts requests for the host lab.example.
    """
    folder = tmp_path_factory.mktemp("shared-server")
    (folder / "data").mkdir()
    add_empty_database(folder / "data")
    with ServerProcess(folder / "data", "--allowed-host", "lab.example", datasets_dir=folder / "datasets") as server:
        yield server


@pytest.fixture
def endless(shared_server: ServerProcess) -> Iterator[dict[str, Any]]:
    """Yield a running run of the shared server that trains until the test ends."""
    run = shared_server.create_run(name="Endless", **ENDLESS)
    yield shared_server.wait_for_run(run["id"], "running")
    shared_server.request("POST", f"/api/runs/{run['id']}/stop")
    shared_server.wait_for_run(run["id"])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    """Return the launch arguments for the installed Chromium, or else for the Chromium that Playwright downloads."""
    arguments = {"args": CHROMIUM_ARGUMENTS}
    installed = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if installed:
        return browser_type_launch_args | arguments | {"executable_path": installed}
    if not Path(playwright.chromium.executable_path).exists():
        skip_or_fail(
            "No browser is installed",
            "install Chromium (`apt install chromium`), or run `python -m playwright install chromium` in .venv",
        )
    return browser_type_launch_args | arguments
