"""Real server and real browser for the benchmarks of the dashboard."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.measuring.mnist import DATASETS_DIR
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.support.server_process import ServerProcess


@contextmanager
def dashboard() -> Iterator[tuple[ServerProcess, Browser]]:
    """Start a server with an empty data folder, and headless Chromium; end both when the context exits."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(Path(folder) / "data", datasets_dir=DATASETS_DIR) as server,
        sync_playwright() as playwright,
    ):
        yield server, playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS)
