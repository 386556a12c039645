"""Decides which run trains when: so many at a time, the others in a queue, all of them put right at start and end."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import suppress

import gevent
from gevent.threadpool import ThreadPool

from nn.training.events import StopReason
from webapp.config import Config
from webapp.execution.run_events import RunEventLog
from webapp.execution.run_execution import Downloader, RunExecution
from webapp.realtime.publisher import Publisher
from webapp.storage.run_status import ENDED, RunStatus
from webapp.storage.run_store import RunStore
from webapp.worker.messages import Command

LEFT_OVER = "The server ended while the run was under way."
SECONDS_TO_STOP = 2.5
SECONDS_TO_END = 1.5

log = logging.getLogger(__name__)


class Scheduler:
    """Holds a queue and `config.workers` slots. All of it lives in greenlets of one thread, so nothing is locked."""

    def __init__(self, config: Config, store: RunStore, publisher: Publisher, downloader: Downloader) -> None:
        self._config = config
        self._store = store
        self._publisher = publisher
        self._fetcher = downloader
        self._waiting: deque[int] = deque()
        self._jobs: dict[int, RunExecution] = {}
        self._greenlets: set[gevent.Greenlet] = set()
        self._threads = ThreadPool(config.workers)
        self._closing = False

    def start(self) -> None:
        """Mark what an earlier server left under way, and start what it left in the queue."""
        for run_id in self._store.interrupt_leftovers(LEFT_OVER):
            log.warning("Run %s was under way when the server ended; it is interrupted", run_id)
        for run_id in self._store.queued():
            self.enqueue(run_id)

    def enqueue(self, run_id: int) -> None:
        """Let a stored, queued run wait for its turn."""
        self._waiting.append(run_id)
        self._fill_slots()

    def stop(self, run_id: int) -> bool:
        """End the run early; `False` where it has ended."""
        status = self._status(run_id)
        if status is None or status in ENDED:
            return False
        job = self._jobs.get(run_id)
        if job is not None:
            job.stop()
        if status is RunStatus.QUEUED:
            self._journal(run_id).change_status(RunStatus.STOPPED, stop_reason=StopReason.STOPPED)
            with suppress(ValueError):
                self._waiting.remove(run_id)
        elif job is None:  # its end could not be stored, for want of disk space perhaps
            self._journal(run_id).change_status(RunStatus.INTERRUPTED, error=("interrupted", LEFT_OVER))
        return True

    def pause(self, run_id: int) -> bool:
        """Hold the run before its next batch; `False` unless it is running."""
        return self._switch(run_id, RunStatus.RUNNING, RunStatus.PAUSED, Command.PAUSE)

    def resume(self, run_id: int) -> bool:
        """Let the run go on; `False` unless it is paused."""
        return self._switch(run_id, RunStatus.PAUSED, RunStatus.RUNNING, Command.RESUME)

    def close(self) -> None:
        """Interrupt what is under way, in 4 seconds at most, and leave the queue to the next start."""
        self._closing = True
        for job in self._jobs.values():
            job.shut_down()
        gevent.joinall(list(self._greenlets), timeout=SECONDS_TO_STOP)
        for job in self._jobs.values():
            job.kill()
        gevent.joinall(list(self._greenlets), timeout=SECONDS_TO_END)

    def _switch(self, run_id: int, before: RunStatus, after: RunStatus, command: Command) -> bool:
        switched = self._status(run_id) is before and self._journal(run_id).change_status(after)
        if switched and run_id in self._jobs:
            self._jobs[run_id].send(command)
        return switched

    def _fill_slots(self) -> None:
        while self._waiting and len(self._jobs) < self._config.workers and not self._closing:
            run = self._store.run(self._waiting.popleft())
            if run is not None and run.status is RunStatus.QUEUED:
                job = RunExecution(run, self._config, self._journal(run.id), self._fetcher, self._threads)
                self._jobs[run.id] = job
                self._greenlets.add(gevent.spawn(self._do, run.id, job))

    def _do(self, run_id: int, job: RunExecution) -> None:
        try:
            job.do()
        finally:
            del self._jobs[run_id]
            self._greenlets.discard(gevent.getcurrent())
            self._fill_slots()

    def _status(self, run_id: int) -> RunStatus | None:
        run = self._store.run(run_id)
        return run.status if run else None

    def _journal(self, run_id: int) -> RunEventLog:
        return RunEventLog(run_id, self._store, self._publisher)
