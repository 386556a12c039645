"""The engine that executes each run in a worker process on this machine."""

from __future__ import annotations

import multiprocessing
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress

import gevent
from gevent.threadpool import ThreadPool

from webapp.config import Config
from webapp.errors import DiskFullError
from webapp.storage.run_files import RunFiles
from webapp.storage.run_record import RunRecord
from webapp.worker.entry import run_worker
from webapp.worker.messages import Command, WorkerMessage, decode_message

LONGEST_MESSAGE = 2**20
MESSAGES_AT_ONCE = 8  # after a lock, hundreds wait; handling all of them without a pause would delay requests
ROOM_FOR_RUN = 2**17  # bytes
SECONDS_TO_END = 2.0  # until a worker that has closed its pipe is killed

_context = multiprocessing.get_context("spawn")


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


class WorkerProcess:
    """A spawned process and the pipe to it. Raises OSError if the process cannot be started.

    A thread reads the pipe, because reading would block all greenlets.
    """

    def __init__(self, *, folder: str, datasets_dir: str, cache_dir: str, hyperparameters: str, dataset: str) -> None:
        self._thread = ThreadPool(1)
        self._connection, worker_end = _context.Pipe()
        with worker_end:  # once this copy is closed, the pipe closes when the worker exits
            self._process = _context.Process(
                target=run_worker,
                args=(worker_end, folder),
                kwargs={
                    "datasets_dir": datasets_dir,
                    "cache_dir": cache_dir,
                    "hyperparameters": hyperparameters,
                    "dataset": dataset,
                },
                daemon=True,
            )
            self._process.start()

    def messages(self) -> Iterator[WorkerMessage]:
        """Yield each message until the worker closes the pipe or dies."""
        while contents := self._thread.apply(self._receive):
            yield from map(decode_message, contents)

    def send(self, command: Command) -> None:
        """Send a command if the worker has not exited."""
        with suppress(OSError):
            self._connection.send_bytes(command.encode())

    def has_ended(self) -> bool:
        """Return True if the process has exited."""
        return not self._process.is_alive()

    def kill(self) -> None:
        """Kill the process."""
        self._process.kill()

    def end(self) -> str:
        """Wait for the process to exit, kill it if it still runs after 2 seconds, and return how it exited.

        Call this method once, after all others.
        """
        with gevent.Timeout(SECONDS_TO_END, False):
            self._wait()
        self._process.kill()
        self._wait()
        code = self._process.exitcode or 0
        self._process.close()
        self._thread.kill()
        self._connection.close()
        return f"was killed by {_signal_name(-code)}" if code < 0 else f"ended with exit code {code}"

    def _wait(self) -> None:
        while self._process.exitcode is None:
            gevent.sleep(0.005)

    def _receive(self) -> list[bytes]:
        """Wait for a message, and return a list of all messages that have arrived.

        The list is empty if the pipe has closed.
        """
        contents: list[bytes] = []
        with suppress(EOFError, OSError):
            contents.append(self._connection.recv_bytes(LONGEST_MESSAGE))
            while len(contents) < MESSAGES_AT_ONCE and self._connection.poll():
                contents.append(self._connection.recv_bytes(LONGEST_MESSAGE))
        return contents


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
