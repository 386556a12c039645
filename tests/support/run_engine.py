"""Execution of runs without a web server: a real store, real worker processes and a recording emitter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self, TypeVar

import gevent
import psutil
from gevent.lock import Semaphore

from nn.datasets import BUILT_IN_DATASETS, DatasetRegistry
from nn.training.events import StopReason
from webapp.config import Config
from webapp.datasets.library import DatasetLibrary
from webapp.execution.engine import ExecutionEngine
from webapp.execution.scheduler import Scheduler
from webapp.execution.worker_process import LocalEngine
from webapp.realtime.publisher import Publisher
from webapp.runs.results import RunResults
from webapp.runs.service import Runs
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import ENDED, RunStatus
from webapp.storage.run_store import RunStore
from webapp.worker.messages import Command, Finished, WorkerMessage

T = TypeVar("T")

# Hyperparameters of a run with many mini-batches per epoch, and with more epochs than any test waits for.
ENDLESS: dict[str, Any] = {"epochs": 10_000, "batch_size": 8}


@dataclass
class RecordingEmitter:
    """Emitter that records all events."""

    events: list[tuple[str, dict[str, Any], Any]] = field(default_factory=list)
    on_emit: Callable[[str, dict[str, Any]], None] = lambda _name, _payload: None

    def emit(self, event: str, *args: Any, **kwargs: Any) -> None:
        """Record an event with its payload and its rooms."""
        self.on_emit(str(event), args[0])
        self.events.append((str(event), args[0], kwargs.get("to")))

    def payloads(self, event: str, run_id: int) -> list[dict[str, Any]]:
        """Return the payloads of all events with this name about the run."""
        return [payload for name, payload, _ in self.events if name == event and payload["run_id"] == run_id]


@dataclass
class NoDownload:
    """Downloader for data that is already available."""

    def ensure(self, name: str, cancelled: Callable[[], bool]) -> None:
        """Do nothing."""


class Engine:
    """The services that execute runs, without the web server. `__init__` starts them."""

    def __init__(
        self,
        config: Config,
        *,
        downloader: Any = None,
        execution_engine: ExecutionEngine | None = None,
        emitter: RecordingEmitter | None = None,
        datasets: DatasetRegistry = BUILT_IN_DATASETS,
    ) -> None:
        self.config = config
        self.emitter = emitter or RecordingEmitter()
        self.store = RunStore(config.database, datasets)
        publisher = Publisher(self.emitter)
        self.scheduler = Scheduler(
            execution_engine or LocalEngine(config), config.workers, self.store, publisher, downloader or NoDownload()
        )
        self.runs = Runs(config, self.store, self.scheduler, publisher, datasets)
        self.results = RunResults(config, self.store, self.runs, DatasetLibrary(config, datasets))
        self.scheduler.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Shut down as the server does."""
        self.scheduler.close()
        self.store.close()

    def create(self, **hyperparameters: object) -> RunRecord:
        """Queue a run."""
        return self.runs.create(hyperparameters=hyperparameters)

    def status(self, run_id: int) -> RunStatus:
        """Return the status of a run."""
        return self.runs.get(run_id).status

    def wait_for_status(self, run_id: int, *statuses: RunStatus, timeout: float = 120.0) -> RunRecord:
        """Wait until the run has one of these statuses, by default until it has ended."""

        def reached() -> RunRecord | None:
            run = self.runs.get(run_id)
            return run if run.status in (statuses or ENDED) else None

        return self.wait(reached, timeout=timeout, what=f"run {run_id} is {statuses or 'ended'}")

    def wait_for_epoch(self, run_id: int, epoch: int = 1) -> RunRecord:
        """Wait until the run has completed `epoch` epochs."""

        def reached() -> RunRecord | None:
            run = self.runs.get(run_id)
            return run if run.epochs_completed >= epoch else None

        return self.wait(reached, what=f"run {run_id} completes epoch {epoch}")

    @staticmethod
    def wait(condition: Callable[[], T | None], *, timeout: float = 120.0, what: str = "") -> T:
        """Run other greenlets until `condition()` is true, and return its value. Fails after `timeout` seconds."""
        with gevent.Timeout(timeout, AssertionError(f"not within {timeout:g} s: {what or condition}")):
            while not (value := condition()):
                gevent.sleep(0.005)
            return value


class HeldExecution:
    """An execution that finishes without training when the test releases it."""

    def __init__(self, release: Semaphore) -> None:
        self._release = release

    def messages(self) -> Iterator[WorkerMessage]:
        """Wait for the release and yield the last message."""
        self._release.acquire()
        yield Finished(stop_reason=StopReason.COMPLETED, best_epoch=None)

    def send(self, command: Command) -> None:
        """Ignore the command."""

    def has_ended(self) -> bool:
        """Return False."""
        return False

    def kill(self) -> None:
        """Finish at once."""
        self._release.release()

    def end(self) -> str:
        """Return a description of the end."""
        return "ended"


class HeldEngine:
    """An engine whose executions wait for `release`. `started` lists the ids of their runs."""

    def __init__(self) -> None:
        self.started: list[int] = []
        self.release = Semaphore(0)

    def check_room(self) -> None:
        """Find room."""

    def start(self, run: RunRecord) -> HeldExecution:
        """Add the run to `started`."""
        self.started.append(run.id)
        return HeldExecution(self.release)


def make_config(folder: Path, **settings: Any) -> Config:
    """Return settings with `folder` as the data folder, and create the folder with an empty database."""
    config = Config(**{"data_dir": folder, "datasets_dir": folder / "datasets", "workers": 2, **settings})
    config.make_folders()
    add_empty_database(folder)
    return config


def workers_of(server_pid: int) -> list[psutil.Process]:
    """Return the worker processes of the server with this process id."""
    return [child for child in psutil.Process(server_pid).children() if _is_worker(child)]


def _is_worker(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and "spawn_main" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # the process has ended
        return False


def add_empty_database(data_dir: Path) -> None:
    """Write a database without runs into the folder, unless the folder contains a database.

    It is a copy of one database, because the migrations that create a database take longer: they wait for the disk.
    """
    path = data_dir / "misfit.db"
    if not path.exists():
        path.write_bytes(_empty_database())


@cache
def _empty_database() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "misfit.db"
        RunStore(path).close()
        return path.read_bytes()
