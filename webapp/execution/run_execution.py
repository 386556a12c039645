"""One run in one of the supervisor's slots, from its data set to its end."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable
from typing import Protocol

import gevent
from gevent.threadpool import ThreadPool

from nn.errors import DatasetError
from nn.training.events import StopReason
from webapp.config import Config
from webapp.execution.run_events import RunEventLog
from webapp.execution.worker_process import WorkerProcess
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import STATUS_OF_STOP_REASON, RunStatus
from webapp.worker.messages import Command, Message, WorkerEvent

SECONDS_TO_STOP = 10.0  # a worker looks for commands between batches; the largest take seconds
SHUT_DOWN = ("interrupted", "The server was shut down.")

log = logging.getLogger(__name__)


class Downloader(Protocol):
    """Where a data set that is not on this machine comes from."""

    def ensure(self, name: str, cancelled: Callable[[], bool]) -> None:
        """Return once the data set is there, or soon after `cancelled()`. Raises DatasetError."""


class RunExecution:
    """Fetches the data set, has a worker train the run, and sees to it that the run ends in the right state."""

    def __init__(
        self, run: RunRecord, config: Config, journal: RunEventLog, downloader: Downloader, threads: ThreadPool
    ) -> None:
        self._run = run
        self._config = config
        self._journal = journal
        self._fetcher = downloader
        self._threads = threads
        self._worker: WorkerProcess | None = None
        self._cancelled = False
        self._shut_down = False
        self._training = False
        self._ended = False

    def stop(self) -> None:
        """End training after the current batch, or end the fetching."""
        self._cancelled = True
        self._ask_to_stop()
        gevent.spawn_later(SECONDS_TO_STOP, self.kill)

    def shut_down(self) -> None:
        """Stop because the server ends: what was training is interrupted, what was not yet waits for the next start."""
        if not self._cancelled:
            self._cancelled = self._shut_down = True
            self._ask_to_stop()

    def _ask_to_stop(self) -> None:
        if self._training:
            self.send(Command.STOP)
        else:
            self.kill()  # it is still importing or reading its data, hears nothing yet and has nothing to save

    def send(self, command: Command) -> None:
        """Pass a command on to the worker, if there is one."""
        if self._worker is not None:
            self._worker.send(command)

    def kill(self) -> None:
        """End the worker at once, if there still is one."""
        if self._worker is not None:
            self._worker.kill()

    def do(self) -> None:
        """All of it, in a greenlet of its own; no fault is raised, and no process is left behind."""
        try:
            self._fetch_and_train()
        except DatasetError as error:
            self._end(RunStatus.FAILED, error=("dataset", str(error)))
        except Exception as error:
            log.exception("Run %s ended with a fault of the server", self._run.id)
            self._end(RunStatus.FAILED, error=("unexpected", f"The server could not go on with the run: {error}"))

    def _fetch_and_train(self) -> None:
        self._fetcher.ensure(self._run.dataset, lambda: self._cancelled)
        if self._cancelled:
            return
        folder = self._config.runs_dir / str(self._run.id)
        shutil.rmtree(folder, ignore_errors=True)  # of another database, or of a start that was cut short
        if not self._journal.change_status(RunStatus.RUNNING):
            return
        self._worker = worker = WorkerProcess(
            self._threads,
            folder=str(folder),
            datasets_dir=str(self._config.datasets_dir),
            cache_dir=str(self._config.cache_dir),
            hyperparameters=json.dumps(self._run.hyperparameters),
        )
        try:
            for message in worker.messages():
                self._hear(message)
        except BaseException:
            worker.kill()
            raise
        finally:
            self._worker = None
            how = worker.end()
        if not self._ended:
            self._end_without_last_message(how)

    def _hear(self, message: Message) -> None:
        match message["type"]:
            case WorkerEvent.FINISHED:
                self._finish(StopReason(message["stop_reason"]), message["best_epoch"])
            case WorkerEvent.FAILED:
                log.error("Run %s failed: %s", self._run.id, message["traceback"] or message["message"])
                self._end(RunStatus.FAILED, error=(message["code"], message["message"]))
            case _:
                self._training = True
                self._journal.note(message)

    def _finish(self, reason: StopReason, best_epoch: int | None) -> None:
        if reason is StopReason.STOPPED and self._shut_down:
            self._end(RunStatus.INTERRUPTED, error=SHUT_DOWN)
        else:
            self._end(STATUS_OF_STOP_REASON[reason], stop_reason=reason, best_epoch=best_epoch)

    def _end_without_last_message(self, how: str) -> None:
        if self._shut_down:
            self._end(RunStatus.INTERRUPTED, error=SHUT_DOWN)
        elif self._cancelled:
            self._end(RunStatus.STOPPED, stop_reason=StopReason.STOPPED)
        else:
            hint = " Perhaps the machine was short of memory." if how.endswith("SIGKILL") else ""
            self._end(RunStatus.INTERRUPTED, error=("interrupted", f"The worker process {how}.{hint}"))

    def _end(
        self,
        status: RunStatus,
        *,
        stop_reason: str | None = None,
        error: tuple[str, str] | None = None,
        best_epoch: int | None = None,
    ) -> None:
        self._ended = True
        self._journal.change_status(status, stop_reason=stop_reason, error=error, best_epoch=best_epoch)
