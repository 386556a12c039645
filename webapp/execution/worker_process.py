"""The engine that executes each run in a worker process on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from webapp.config import Config
from webapp.errors import DiskFullError
from webapp.execution.child_process import ChildProcess
from webapp.storage.run_files import RunFiles
from webapp.storage.run_record import RunRecord
from webapp.worker.entry import run_worker
from webapp.worker.messages import Command, WorkerMessage, decode_message

ROOM_FOR_RUN = 2**17  # bytes


class LocalEngine:
    """Starts a worker process for each run."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def check_room(self) -> None:
        """Raise DiskFullError if the disk has no room for the first files of a run."""
        folder = self._config.runs_dir
        if shutil.disk_usage(folder).free < ROOM_FOR_RUN:
            raise DiskFullError(folder)

    def start(self, run: RunRecord) -> WorkerProcess:
        """Delete the files of an earlier execution of the run, and start a worker process."""
        files = RunFiles.of_run(self._config.runs_dir, run.id)
        files.delete()
        return WorkerProcess(
            folder=str(files.folder),
            datasets_dir=str(self._config.datasets_dir),
            cache_dir=str(self._config.cache_dir),
            hyperparameters=run.hyperparameters.model_dump_json(),
            dataset=run.dataset_spec.to_json(),
        )


class WorkerProcess(ChildProcess):
    """The process that trains a run. Raises OSError if it cannot be started."""

    def __init__(self, *, folder: str, datasets_dir: str, cache_dir: str, hyperparameters: str, dataset: str) -> None:
        super().__init__(
            run_worker,
            folder=folder,
            datasets_dir=datasets_dir,
            cache_dir=cache_dir,
            hyperparameters=hyperparameters,
            dataset=dataset,
        )

    def messages(self) -> Iterator[WorkerMessage]:
        """Yield each message until the worker closes the pipe or dies."""
        return map(decode_message, self.contents())

    def send(self, command: Command) -> None:
        """Send a command if the worker has not exited."""
        self.send_bytes(command.encode())
