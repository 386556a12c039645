"""Real server, started from the command line, for tests, benchmarks and screenshots."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from tests.support.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
READY = re.compile(r"^Misfit is ready at (http://\S+)$", re.MULTILINE)
ENDED = ("finished", "stopped", "diverged", "failed", "interrupted")


class ServerProcess:
    """Process of `python -m webapp --port 0 --no-browser` with its own data folder.

    The process is terminated at the end of the `with` block.
    """

    def __init__(
        self,
        data_dir: Path,
        *arguments: str,
        datasets_dir: Path | None = None,
        cwd: Path = ROOT,
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self.data_dir = data_dir
        self.log_path = data_dir.with_name(f"{data_dir.name}.log")
        folders = ["--data-dir", str(data_dir)] + (["--datasets-dir", str(datasets_dir)] if datasets_dir else [])
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "webapp", "--port", "0", "--no-browser", *folders, *arguments],
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUTF8": "1", **env},
            )
        try:
            self.base_url = wait_until(self._ready_url, timeout=120, what="the server is ready", interval=0.01)
        except BaseException:
            self.end()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.end()

    def _ready_url(self) -> str | None:
        ready = READY.search(self.log)
        if ready is None and self.process.poll() is not None:
            raise AssertionError(f"the server ended with exit code {self.process.returncode}:\n{self.log}")
        return ready[1] if ready else None

    @property
    def log(self) -> str:
        """The server's output so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def end(self, *, grace: float = 30.0) -> int:
        """Terminate the server, kill it if it still runs after `grace` seconds, and return its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(grace)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()

    def request(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Send a request and return the status and the JSON of the response."""
        request = urllib.request.Request(  # noqa: S310 - always this server
            self.base_url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                status, text = response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                status, text = error.code, error.read()
        return status, json.loads(text) if text else None

    def request_text(self, path: str) -> str:
        """Return the text of a page. Raises urllib.error.HTTPError for an error status."""
        with urllib.request.urlopen(self.base_url + path, timeout=60) as response:  # noqa: S310
            text: str = response.read().decode()
            return text

    def get(self, path: str) -> Any:
        """Return the JSON of a request that must succeed."""
        status, answer = self.request("GET", path)
        assert status == 200, (path, status, answer)
        return answer

    def create_run(self, name: str | None = None, preset: str | None = None, **hyperparameters: object) -> Any:
        """Queue a run and return its JSON."""
        body = {"name": name, "preset": preset, "hyperparameters": hyperparameters}
        status, run = self.request("POST", "/api/runs", {key: value for key, value in body.items() if value})
        assert status == 201, (status, run)
        return run

    def wait_for_run(self, run_id: int, *statuses: str, timeout: float = 120.0) -> Any:
        """Wait until the run has one of `statuses`, by default until it has ended, and return its JSON."""
        wanted = statuses or ENDED

        def reached() -> Any:
            run = self.get(f"/api/runs/{run_id}")
            if run["status"] in wanted:
                return run
            assert run["status"] not in ENDED, f"the run ended as {run['status']}, not {wanted}: {run['error']}"
            return None

        return wait_until(reached, timeout=timeout, what=f"run {run_id} is {' or '.join(wanted)}")
