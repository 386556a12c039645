"""The execution of one run: the download of the data set, training in a worker process, and the final status."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, TypeVar

import gevent

from nn.errors import DatasetError
from nn.training.events import StopReason
from webapp.errors import DatabaseBusyError, DiskFullError
from webapp.execution.engine import Execution, ExecutionEngine
from webapp.execution.run_events import RunEventLog
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import STATUS_OF_STOP_REASON, RunStatus
from webapp.threads import retry_while
from webapp.worker.messages import PAUSE, RESUME, STOP, Command, Failed, Finished, WorkerMessage

SECONDS_TO_STOP = 10.0  # a worker obeys commands between mini-batches, and a large mini-batch takes seconds
SECONDS_BETWEEN_CHECKS = 0.1
SHUT_DOWN = ("interrupted", "The server was shut down.")

STORE_ERRORS = (DatabaseBusyError, DiskFullError)
Errors = type[Exception] | tuple[type[Exception], ...]
T = TypeVar("T")
log = logging.getLogger(__name__)


class Downloader(Protocol):
    """Downloads data sets that are not on this machine."""

    def ensure(self, name: str, cancelled: Callable[[], bool]) -> None:
        """Download the data set if necessary, and return when it is available or `cancelled()` is True.

        Raises DatasetError.
        """


class RunExecution:
    """Downloads the data set, executes the run on the engine, and sets the final status of the run.

    `occupies_slot` is False while the run is paused. `problem` explains why the run cannot start or continue yet;
    usually, it is empty. While another program has the database locked, the messages of the worker wait in their order.
    Once they fill the pipe, the worker waits too.
    """

    def __init__(self, run: RunRecord, engine: ExecutionEngine, events: RunEventLog, downloader: Downloader) -> None:
        self._run = run
        self._engine = engine
        self._events = events
        self._downloader = downloader
        self._execution: Execution | None = None
        self._cancelled = False
        self._shut_down = False
        self._training = False
        self._worker_ended = False
        self._ended = False
        self._is_waiting = False  # for the database or the disk
        self._abandoned = False
        self.occupies_slot = True
        self.problem = ""

    @property
    def has_worker(self) -> bool:
        """True while the run has a worker process, even if the run is paused."""
        return self._execution is not None

    @property
    def has_ended(self) -> bool:
        """True if the run has ended, even if the database has not stored the end yet."""
        execution = self._execution
        return self._ended or self._worker_ended or (execution is not None and execution.has_ended())

    def stop(self) -> None:
        """End training after the current mini-batch, or end the download."""
        self._cancelled = True
        self._request_stop()
        gevent.spawn(self._kill_if_unresponsive)

    def pause(self) -> bool:
        """Pause training before the next mini-batch, and give the slot back. Return False if the run must not pause."""
        paused = self._events.change_status(RunStatus.PAUSED)
        if paused:
            self.occupies_slot = False
            self._send(PAUSE)
        return paused

    def resume(self) -> bool:
        """Take a slot and continue training. Return False if the run must not."""
        resumed = self._events.change_status(RunStatus.RUNNING)
        if resumed:
            self.occupies_slot = True
            self._send(RESUME)
        return resumed

    def resume_when_possible(self) -> None:
        """Take a slot at once, and continue training as soon as the database is free and the disk has room."""
        self.occupies_slot = True
        gevent.spawn(self._resume_when_possible)

    def shut_down(self) -> None:
        """Stop because the server is shutting down.

        A run that is training becomes interrupted. A queued run starts when the server starts again.
        """
        if not self._cancelled:
            self._cancelled = self._shut_down = True
            self._request_stop()

    def abandon(self) -> None:
        """Kill the worker process if it is running, and do not wait for a locked database any longer."""
        self._abandoned = True
        self._kill()

    def run(self) -> None:
        """Execute the run.

        Call this method in a greenlet of its own. It raises no exception, and the worker process has ended when it
        returns.
        """
        try:
            self._download_train_and_end()
        except DatabaseBusyError as error:
            log.warning("The last results of run %s are not stored: %s", self._run.id, error.message)

    def _download_train_and_end(self) -> None:
        try:
            self._download_and_train()
        except DatabaseBusyError:
            raise  # the server is shutting down
        except DatasetError as error:
            self._end(RunStatus.FAILED, error=("dataset", str(error)))
        except DiskFullError as error:
            log.error("Run %s failed: %s", self._run.id, error.message)
            self._end(RunStatus.FAILED, error=("disk_full", error.message))
        except Exception as error:
            log.exception("Run %s ended with an error of the server", self._run.id)
            self._end(RunStatus.FAILED, error=("unexpected", f"The server could not continue the run: {error}"))

    def _resume_when_possible(self) -> None:
        with suppress(*STORE_ERRORS):  # the server is shutting down
            self._wait_while(STORE_ERRORS, lambda: self._cancelled or self.resume())

    def _send(self, command: Command) -> None:
        if self._execution is not None:
            self._execution.send(command)

    def _request_stop(self) -> None:
        if self._training:
            self._send(STOP)
        else:
            self._kill()  # the worker is still importing modules or loading data, so it has no results to save

    def _kill(self) -> None:
        if self._execution is not None:
            self._execution.kill()

    def _kill_if_unresponsive(self) -> None:
        """Kill the worker after SECONDS_TO_STOP, not counting the time in which the database is locked."""
        seconds = 0.0
        while seconds < SECONDS_TO_STOP:
            gevent.sleep(SECONDS_BETWEEN_CHECKS)
            seconds += 0 if self._is_waiting else SECONDS_BETWEEN_CHECKS
        self._kill()

    def _wait_while(self, errors: Errors, operation: Callable[[], T]) -> T:
        def attempt() -> T:
            try:
                return operation()
            except DiskFullError as error:
                self.problem = error.message
                raise

        self._is_waiting = True
        try:
            return retry_while(errors, attempt, cancelled=lambda: self._abandoned)
        finally:
            self._is_waiting = False
            self.problem = ""

    def _download_and_train(self) -> None:
        self._downloader.ensure(self._run.dataset, lambda: self._cancelled)
        if self._cancelled or not self._begin():
            return
        self._execution = execution = self._engine.start(self._run)
        try:
            for message in execution.messages():
                self._handle(message)
        except BaseException:
            execution.kill()
            raise
        finally:
            self._worker_ended = True
            self._execution = None
            outcome = execution.end()
        if not self._ended:
            self._end_without_last_message(outcome)

    def _begin(self) -> bool:
        """Mark the run as running, as soon as the database is free and the disk has room. Return False if it must not.

        If the disk is full, queued runs wait, because otherwise all of them would fail, one after the other.
        """

        def begin() -> bool:
            if self._cancelled:
                return False
            self._engine.check_room()
            return self._events.change_status(RunStatus.RUNNING)

        return self._wait_while(STORE_ERRORS, begin)

    def _handle(self, message: WorkerMessage) -> None:
        match message:
            case Finished():
                self._finish(message.stop_reason, message.best_epoch)
            case Failed():
                log.error("Run %s failed: %s", self._run.id, message.traceback or message.message)
                self._end(RunStatus.FAILED, error=(message.code, message.message))
            case _:
                self._training = True
                self._wait_while(DatabaseBusyError, lambda: self._events.record_event(message))

    def _finish(self, reason: StopReason, best_epoch: int | None) -> None:
        if reason is StopReason.STOPPED and self._shut_down:
            self._end(RunStatus.INTERRUPTED, error=SHUT_DOWN)
        else:
            self._end(STATUS_OF_STOP_REASON[reason], stop_reason=reason, best_epoch=best_epoch)

    def _end_without_last_message(self, outcome: str) -> None:
        if self._shut_down:
            self._end(RunStatus.INTERRUPTED, error=SHUT_DOWN)
        elif self._cancelled:
            self._end(RunStatus.STOPPED, stop_reason=StopReason.STOPPED)
        else:
            hint = " The machine may have run out of memory." if outcome.endswith("SIGKILL") else ""
            self._end(RunStatus.INTERRUPTED, error=("interrupted", f"The worker process {outcome}.{hint}"))

    def _end(
        self,
        status: RunStatus,
        *,
        stop_reason: str | None = None,
        error: tuple[str, str] | None = None,
        best_epoch: int | None = None,
    ) -> None:
        self._ended = True
        self._wait_while(
            DatabaseBusyError,
            lambda: self._events.change_status(status, stop_reason=stop_reason, error=error, best_epoch=best_epoch),
        )
