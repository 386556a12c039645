"""The scheduler, which trains queued runs in a fixed number of slots."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import gevent

from nn.training.events import StopReason
from webapp.execution.engine import ExecutionEngine
from webapp.execution.run_events import RunEventLog, RunListener
from webapp.execution.run_execution import Downloader, RunExecution
from webapp.realtime.publisher import Publisher
from webapp.storage.run_status import IN_WORKER, RunStatus
from webapp.storage.run_store import RunStore

SERVER_ENDED = "The server ended while the run was in progress."
WORKER_ENDED = "The worker process ended, and the server could not store how."
SECONDS_TO_STOP = 2.5
SECONDS_TO_END = 1.5
SECONDS_BETWEEN_WRITES = 1.0  # of ends and deletions for which the disk had no room

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Queue:
    """The ids of the runs that occupy the `n_slots` slots, and of the runs that wait for a slot, in order.

    `problems` explains by run id why a run in a slot cannot start yet.
    """

    n_slots: int
    running: tuple[int, ...]
    waiting: tuple[int, ...]
    problems: Mapping[int, str]


class Scheduler:
    """A queue of runs, and `n_slots` slots that train them.

    A paused run gives its slot back, but its worker process stays, with the exact state of the training. All greenlets
    run in one thread, so the scheduler needs no locks.
    """

    def __init__(
        self, engine: ExecutionEngine, n_slots: int, store: RunStore, publisher: Publisher, downloader: Downloader
    ) -> None:
        self._engine = engine
        self._n_slots = n_slots
        self._store = store
        self._publisher = publisher
        self._downloader = downloader
        self._listeners: list[RunListener] = []
        self._waiting: deque[int] = deque()
        self._executions: dict[int, RunExecution] = {}
        self._greenlets: set[gevent.Greenlet] = set()
        self._writing: gevent.Greenlet | None = None
        self._closing = False

    def start(self) -> None:
        """Start the queued runs. Runs that were in progress when an earlier server ended become interrupted."""
        for run_id in self._store.interrupt_leftovers(SERVER_ENDED):
            log.warning("Run %s was in progress when the server ended; it is interrupted", run_id)
        for run_id in self._store.queued():
            self.enqueue(run_id)
        self._writing = gevent.spawn(self._write_unstored)

    def add_listener(self, listener: RunListener) -> None:
        """Call `listener` after each epoch and each status of each run. Call this method before `start`."""
        self._listeners.append(listener)

    def check_room(self) -> None:
        """Raise DiskFullError if the disk has no room for the files of a run."""
        self._engine.check_room()

    def enqueue(self, run_id: int) -> None:
        """Add a run to the queue. The database already contains the run with the status `queued`."""
        self._waiting.append(run_id)
        self._fill_slots()

    @property
    def queue(self) -> Queue:
        """The runs in slots and the waiting runs."""
        running = {run_id: execution for run_id, execution in self._executions.items() if execution.occupies_slot}
        problems = {run_id: execution.problem for run_id, execution in running.items() if execution.problem}
        return Queue(self._n_slots, tuple(running), tuple(self._waiting), problems)

    def stop(self, run_id: int) -> bool:
        """End the run early. Return False if it has already ended."""
        execution = self._executions.get(run_id)
        if self._status(run_id) is RunStatus.QUEUED:
            if execution is None or not execution.has_worker:
                self._events(run_id).change_status(RunStatus.STOPPED, stop_reason=StopReason.STOPPED)
            self._leave_queue(run_id)
        else:
            execution = self._execution_in_progress(run_id)
            if execution is None:
                return False
        if execution is not None:
            execution.stop()
        return True

    def pause(self, run_id: int) -> bool:
        """Pause the run before its next mini-batch, and give its slot to a waiting run.

        Return False if the run is not running.
        """
        execution = self._execution_in_progress(run_id)
        if execution is None or self._status(run_id) is not RunStatus.RUNNING:
            return False
        paused = execution.pause()
        self._fill_slots()
        return paused

    def resume(self, run_id: int) -> bool:
        """Continue the run as soon as a slot is free. Return False if it is not paused."""
        execution = self._execution_in_progress(run_id)
        if execution is None or self._status(run_id) is not RunStatus.PAUSED:
            return False
        if len(self.queue.running) < self._n_slots:
            return execution.resume()
        queued = self._events(run_id).change_status(RunStatus.QUEUED)
        if queued:
            self._waiting.append(run_id)
        return queued

    def has_ended(self, run_id: int) -> bool:
        """Return True if the run has ended and its end waits to be stored."""
        execution = self._executions.get(run_id)
        return execution is not None and execution.has_ended

    def close(self) -> None:
        """Interrupt all executions within 4 seconds. Queued runs stay queued until the server starts again."""
        self._closing = True
        for execution in self._executions.values():
            execution.shut_down()
        gevent.joinall(list(self._greenlets), timeout=SECONDS_TO_STOP)
        for execution in self._executions.values():
            execution.abandon()
        gevent.joinall(list(self._greenlets), timeout=SECONDS_TO_END)
        if self._writing is not None:
            self._writing.kill()
        self._store.write_unstored()

    def _execution_in_progress(self, run_id: int) -> RunExecution | None:
        """Return the execution of a running or paused run, or None if it has ended.

        If the database lists a run as running or paused that nothing executes, the run becomes interrupted.
        """
        if self._status(run_id) not in IN_WORKER:
            return None
        execution = self._executions.get(run_id)
        if execution is None:
            self._events(run_id).change_status(RunStatus.INTERRUPTED, error=("interrupted", WORKER_ENDED))
        return None if execution is None or execution.has_ended else execution

    def _write_unstored(self) -> None:
        while True:
            gevent.sleep(SECONDS_BETWEEN_WRITES)
            self._store.write_unstored()

    def _fill_slots(self) -> None:
        while self._waiting and len(self.queue.running) < self._n_slots and not self._closing:
            run = self._store.run(self._waiting.popleft())
            if run is None or run.status is not RunStatus.QUEUED:
                continue
            if run.id in self._executions:
                self._executions[run.id].resume_when_possible()
            else:
                execution = RunExecution(run, self._engine, self._events(run.id), self._downloader)
                self._executions[run.id] = execution
                self._greenlets.add(gevent.spawn(self._execute, run.id, execution))

    def _execute(self, run_id: int, execution: RunExecution) -> None:
        try:
            execution.run()
        finally:
            del self._executions[run_id]
            self._leave_queue(run_id)  # a paused run that waited to continue
            self._greenlets.discard(gevent.getcurrent())
            self._fill_slots()

    def _leave_queue(self, run_id: int) -> None:
        with suppress(ValueError):
            self._waiting.remove(run_id)

    def _status(self, run_id: int) -> RunStatus | None:
        run = self._store.run(run_id)
        return run.status if run else None

    def _events(self, run_id: int) -> RunEventLog:
        return RunEventLog(run_id, self._store, self._publisher, self._listeners)
