"""Faults of the store at random moments: a locked database and a full disk.

`python tasks.py bench store_faults [--injections 20] [--seed 0]`

Another process holds a write transaction, as a backup or a database browser does: for 13 s the first time, then for 1
to 4 s. The full disk is a file system in memory of 32 MB, which only root can mount. Without root, it is a limit of the
size of files, set for the processes of the server.

A lost epoch is missing in the database although the server has reported it or the worker has completed it. A run hangs
if it has not ended 90 s after the fault. A response is clear if it is a success, or an error whose message states what
prevents the request. The three counts of lost epochs, runs that hang and unclear responses must be 0.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks.measuring.spread import percentile
from benchmarks.measuring.tables import markdown_table
from nn.storage.prediction_history import PredictionHistory
from tests.support.server_process import ENDED, ServerProcess
from tests.support.waiting import wait_until

SECONDS_OF_FIRST_LOCK = 13.0
SECONDS_OF_OTHER_LOCKS = (1.0, 4.0)
DISK_SIZE = "32m"
RUN_TIMEOUT = 90.0
CLEAR = {200, 201, 204, 404, 409, 503, 507}
PAGES = ("/", "/runs", "/api/runs?limit=5")


@dataclass
class Counts:
    """What happened during the faults of one kind."""

    epochs: int = 0
    lost: int = 0
    hanging: int = 0
    requests: int = 0
    unclear: int = 0
    waits: list[float] = field(default_factory=list)
    waits_before: list[float] = field(default_factory=list)


class Faults:
    """A server, and the requests and runs during its faults."""

    def __init__(self, server: ServerProcess, seed: int) -> None:
        self.server = server
        self.random = random.Random(seed)  # noqa: S311 - not for cryptography
        self.counts = Counts()

    def send(self, method: str, path: str, body: object = None, *wanted: int) -> tuple[int, Any]:
        """Send a request, and count it as unclear unless its status is in `wanted`, by default any clear status."""
        self.counts.requests += 1
        try:
            status, response = self.server.request(method, path, body)
            message = "" if status < 400 else response["error"]["message"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            status, response, message = 0, None, repr(error)
        if status not in (wanted or CLEAR) or (status >= 400 and not message):
            self.counts.unclear += 1
            print(f"{method} {path}: {status} {message}", flush=True)
        return status, response

    def create(self, epochs: int) -> int:
        """Queue a run on the digits, and return its id."""
        created = self.server.create_run(epochs=epochs, seed=self.random.randrange(10_000), hidden_sizes=[16])
        return int(created["id"])

    def change_something(self, run_id: int) -> None:
        """Send a request that must write to the database."""
        method, path, body = self.random.choice(
            [
                ("POST", f"/api/runs/{run_id}/pause", None),
                ("POST", f"/api/runs/{run_id}/resume", None),
                ("PATCH", f"/api/runs/{run_id}", {"notes": "changed during the fault"}),
                ("PATCH", "/api/datasets/digits/test/annotations", {"indices": [1], "flagged": True}),
                ("POST", "/api/runs", {"hyperparameters": {"epochs": 1}}),
            ]
        )
        self.send(method, path, body)

    def check_run(self, run_id: int, n_reported: int) -> None:
        """Wait for the end of the run, and count its lost epochs. `n_reported` epochs were reported before."""
        try:
            run = wait_until(lambda: self._ended_run(run_id), timeout=RUN_TIMEOUT)
        except AssertionError:
            self.counts.hanging += 1
            print(f"run {run_id} hangs; log:\n{self.server.log[-2000:]}", flush=True)
            return
        stored = [epoch["epoch"] for epoch in self.server.get(f"/api/runs/{run_id}/epochs")["items"]]
        n_completed = max(n_reported, run["epochs_completed"])
        if run["status"] != "failed":  # a run on a full disk ends after an epoch that could not be stored
            with PredictionHistory.open(self.server.data_dir / "runs" / str(run_id) / "predictions.bin") as history:
                n_completed = max(n_completed, history.epochs)
        self.counts.epochs += len(stored)
        self.counts.lost += len(set(range(1, n_completed + 1)).symmetric_difference(stored))

    def _ended_run(self, run_id: int) -> Any:
        run = self.server.get(f"/api/runs/{run_id}")
        if run["status"] == "paused":
            self.server.request("POST", f"/api/runs/{run_id}/resume")
        return run if run["status"] in ENDED else None

    @contextmanager
    def watching_pages(self, waits: list[float]) -> Iterator[None]:
        """Request pages one after the other during the `with` block, and append the seconds of each to `waits`."""
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.02):
                for page in PAGES:
                    began = time.monotonic()
                    self.server.request_text(page)
                    waits.append(time.monotonic() - began)

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def lock_database(faults: Faults, seconds: float) -> None:
    """Lock the database at a random moment of a run, and change something meanwhile."""
    run_id = faults.create(epochs=faults.random.randrange(20, 200))
    with faults.watching_pages(faults.counts.waits_before):
        time.sleep(faults.random.uniform(0.2, 2.0))
    n_reported = faults.server.get(f"/api/runs/{run_id}")["epochs_completed"]
    database = sqlite3.connect(faults.server.data_dir / "misfit.db", isolation_level=None, timeout=30)
    database.execute(faults.random.choice(["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"]))
    ends = time.monotonic() + seconds
    with faults.watching_pages(faults.counts.waits):
        while time.monotonic() < ends:
            faults.change_something(run_id)
            time.sleep(faults.random.uniform(0, 0.5))
        database.execute("ROLLBACK")
    database.close()
    faults.check_run(run_id, n_reported)


def lock_repeatedly(injections: int, seed: int) -> Counts:
    """Lock the database of a server `injections` times."""
    with tempfile.TemporaryDirectory() as folder, ServerProcess(Path(folder) / "data", "--workers", "2") as server:
        faults = Faults(server, seed)
        for index in range(injections):
            lock_database(faults, faults.random.uniform(*SECONDS_OF_OTHER_LOCKS) if index else SECONDS_OF_FIRST_LOCK)
        return faults.counts


class SmallDisk:
    """A file system in memory, or a limit of the size of files if this process may not mount one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        mount = [shutil.which("mount") or "mount", "-t", "tmpfs", "-o", f"size={DISK_SIZE}", "tmpfs", str(folder)]
        self.is_mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0

    def fill(self, server: ServerProcess) -> None:
        """Let every write that needs room fail."""
        if self.is_mounted:
            with (self.folder / "filler").open("ab", buffering=0) as filler, suppress(OSError):
                while filler.write(bytes(4096)):
                    pass
        else:
            self._limit(server, 4096)

    def empty(self, server: ServerProcess) -> None:
        """Make room again."""
        if self.is_mounted:
            (self.folder / "filler").unlink()
        else:
            self._limit(server, resource.RLIM_INFINITY)

    def close(self) -> None:
        """Remove the file system."""
        if self.is_mounted:
            subprocess.run([shutil.which("umount") or "umount", "--lazy", str(self.folder)], check=True)

    def _limit(self, server: ServerProcess, n_bytes: int) -> None:
        process = psutil.Process(server.process.pid)
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                each.rlimit(psutil.RLIMIT_FSIZE, (n_bytes, resource.RLIM_INFINITY))


def fill_disk(faults: Faults, disk: SmallDisk, earlier_run: int) -> int:
    """Fill the disk at a random moment of a run, and return the run's id. `earlier_run` has ended."""
    run_id = faults.create(epochs=10_000)
    with faults.watching_pages(faults.counts.waits_before):
        time.sleep(faults.random.uniform(0.2, 3.0))
    n_reported = faults.server.get(f"/api/runs/{run_id}")["epochs_completed"]
    disk.fill(faults.server)
    with faults.watching_pages(faults.counts.waits):
        try:
            wait_until(lambda: faults.server.get(f"/api/runs/{run_id}")["status"] in ENDED, timeout=RUN_TIMEOUT)
        except AssertionError:
            faults.counts.hanging += 1
        run = faults.server.get(f"/api/runs/{run_id}")
        if run["error"] is None or not run["error"]["message"].startswith("The disk is full"):
            faults.counts.unclear += 1
            print(f"run {run_id}: {run['status']} {run['error']}", flush=True)
        for _ in range(3):
            faults.change_something(run_id)
        faults.send("DELETE", f"/api/runs/{earlier_run}", None, 204)
        faults.send("GET", f"/api/runs/{earlier_run}", None, 404)
    disk.empty(faults.server)
    faults.check_run(run_id, n_reported)
    return run_id


def fill_repeatedly(injections: int, seed: int) -> Counts:
    """Fill the disk of a server `injections` times."""
    with tempfile.TemporaryDirectory() as folder:
        disk = SmallDisk(Path(folder))
        try:
            with ServerProcess(Path(folder) / "data", "--workers", "2") as server:
                faults = Faults(server, seed)
                earlier_run = faults.create(epochs=1)
                faults.check_run(earlier_run, 0)
                for _ in range(injections):
                    earlier_run = fill_disk(faults, disk, earlier_run)
                    later_run = faults.create(epochs=3)
                    faults.check_run(later_run, 3)  # the server continues without a restart
                    faults.send("DELETE", f"/api/runs/{later_run}", None, 204)
                return faults.counts
        finally:
            disk.close()


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"


def table(injections: int = 20, seed: int = 0) -> str:
    """Inject each fault `injections` times, and return a Markdown table."""
    kinds = {"database locked": lock_repeatedly(injections, seed), "disk full": fill_repeatedly(injections, seed)}
    rows: dict[str, Callable[[Counts], object]] = {
        "injections": lambda _: injections,
        "epochs stored": lambda counts: counts.epochs,
        "epochs lost": lambda counts: counts.lost,
        "runs that hang": lambda counts: counts.hanging,
        "requests during the faults": lambda counts: counts.requests,
        "requests without a clear response": lambda counts: counts.unclear,
        "pages loaded during the faults": lambda counts: len(counts.waits),
        "median time of a page": lambda counts: milliseconds(median(counts.waits)),
        "99th percentile": lambda counts: milliseconds(percentile(counts.waits, 99)),
        "slowest page before the faults": lambda counts: milliseconds(max(counts.waits_before)),
        "slowest page": lambda counts: milliseconds(max(counts.waits)),
    }
    cells = [[title, *(str(value(counts)) for counts in kinds.values())] for title, value in rows.items()]
    return markdown_table(["quantity", *kinds], cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--injections", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(table(options.injections, options.seed))


if __name__ == "__main__":
    main()
