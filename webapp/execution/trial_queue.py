"""The queue of trials: one process at a time, in the background of the runs."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import gevent

from nn.atomic_write import replace_atomically
from nn.diagnosis.finding import DiagnosisJson
from nn.trials.trials_json import TrialsJson, decode_trials, encode_trials, no_trials
from webapp.config import Config
from webapp.errors import DiskFullError, is_disk_full
from webapp.execution.child_process import ChildProcess
from webapp.execution.scheduler import Scheduler
from webapp.realtime.publisher import Publisher
from webapp.storage.run_files import RunFiles
from webapp.storage.run_record import RunRecord
from webapp.storage.run_store import RunStore
from webapp.worker.trials_entry import run_trials_worker

SECONDS_BETWEEN_EVENTS = 0.25
SECONDS_BETWEEN_CHECKS = 0.25  # for the end of the runs that trials wait for
SECONDS_TO_CLOSE = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """The trials of one run, for the findings of `diagnosis`.

    `is_asked` is True if a person has asked for them. Other trials wait until no run trains or waits for a worker.
    """

    run: RunRecord
    diagnosis: DiagnosisJson
    epochs: int | None = None
    is_asked: bool = False


class TrialQueue:
    """Runs the trials of one run at a time, and stores their results among the files of the run.

    `on_end` is called with the id of a run after its trials have finished and are stored. All greenlets run in one
    thread, so the queue needs no locks.
    """

    def __init__(self, config: Config, scheduler: Scheduler, store: RunStore, publisher: Publisher) -> None:
        self._config = config
        self._scheduler = scheduler
        self._store = store
        self._publisher = publisher
        self.on_end: Callable[[int], object] = lambda _run_id: None
        self._waiting: list[TrialRequest] = []
        self._current: _TrialExecution | None = None
        self._greenlet: gevent.Greenlet | None = None
        # By run id: trials that failed or were stopped, and whose file contains earlier results or has no room.
        self._unstored: dict[int, TrialsJson] = {}
        self._is_closed = False

    def add(self, request: TrialRequest) -> bool:
        """Queue trials, and return False if trials of the run are in progress or a person has already asked for them.

        Trials that a person asks for precede all others.
        """
        run_id = request.run.id
        asked = [each for each in self._waiting if each.is_asked]
        if self._is_closed or run_id in self._ids_of(asked) or self._is_current(run_id):
            return False
        others = [each for each in self._waiting if not each.is_asked and each.run.id != run_id]
        self._waiting = [*asked, request, *others] if request.is_asked else [*asked, *others, request]
        self._publish(run_id, no_trials("waiting"))
        if self._greenlet is None or self._greenlet.ready():
            self._greenlet = gevent.spawn(self._work)
        return True

    def find(self, run_id: int) -> TrialsJson:
        """Return the trials of a run: in progress, waiting, stored, or none."""
        if self._current is not None and self._is_current(run_id):
            return {**self._current.trials, "status": "running"}  # until the result is stored
        if run_id in self._ids_of(self._waiting):
            return no_trials("waiting")
        return self._unstored.get(run_id) or self._read(run_id)

    def finished(self, run_id: int) -> TrialsJson | None:
        """Return the last finished trials of a run, or None. Newer ones may be in progress or may have failed."""
        trials = self._read(run_id)
        return trials if trials["status"] == "finished" else None

    def stop(self, run_id: int) -> bool:
        """Stop trials, and return False if none wait or are in progress. Completed trials stay stored."""
        if self._current is not None and self._is_current(run_id):
            self._current.stop()
            return True
        remaining = [each for each in self._waiting if each.run.id != run_id]
        if len(remaining) == len(self._waiting):
            return False
        self._waiting = remaining
        self._publish(run_id, self.find(run_id))
        return True

    def close(self) -> None:
        """End the trials because the server is shutting down. Trials in progress leave no result."""
        self._is_closed = True
        self._waiting.clear()
        if self._current is not None:
            self._current.stop()
        if self._greenlet is not None:
            self._greenlet.join(SECONDS_TO_CLOSE)

    def _work(self) -> None:
        while (request := self._next_request()) is not None:
            run_id = request.run.id
            try:
                trials = self._execute(request)
            except Exception as error:
                log.exception("The trials of run %s ended with an error of the server", run_id)
                trials = no_trials("failed", f"The server could not continue the trials: {error}")
            self._finish(run_id, trials)

    def _next_request(self) -> TrialRequest | None:
        """Return the next request, or None if there is none. Wait while only a person's request may start."""
        while self._waiting:
            queue = self._scheduler.queue
            if self._waiting[0].is_asked or not (queue.running or queue.waiting):
                return self._waiting.pop(0)
            gevent.sleep(SECONDS_BETWEEN_CHECKS)
        return None

    def _execute(self, request: TrialRequest) -> TrialsJson:
        next_event = 0.0

        def report(trials: TrialsJson) -> None:
            nonlocal next_event
            if self._is_deleted(request.run.id):
                current.stop()
            elif trials["status"] == "running" and time.monotonic() >= next_event:
                next_event = time.monotonic() + SECONDS_BETWEEN_EVENTS
                self._publish(request.run.id, trials)

        self._current = current = _TrialExecution(request, self._config)
        return current.run(report)

    def _finish(self, run_id: int, trials: TrialsJson) -> None:
        """Store the result of trials and publish it, unless the server shuts down or the run was deleted."""
        try:
            if self._is_closed or self._is_deleted(run_id):
                return
            trials = self._store_result(run_id, trials)
        finally:
            self._current = None
        self._publish(run_id, trials)
        if trials["status"] == "finished":
            try:
                self.on_end(run_id)
            except Exception:
                log.exception("The diagnosis of run %s does not include its trials", run_id)

    def _store_result(self, run_id: int, trials: TrialsJson) -> TrialsJson:
        """Write trials to their file, and return them; if they cannot be written, return the reason.

        Trials that have not finished do not replace finished ones.
        """
        self._unstored.pop(run_id, None)
        if trials["status"] != "finished" and self.finished(run_id):
            self._unstored[run_id] = trials
            return trials
        path = RunFiles.of_run(self._config.runs_dir, run_id).trials
        try:
            with replace_atomically(path) as file:
                file.write(encode_trials(trials))
        except OSError as error:
            reason = (
                DiskFullError(path.parent).message if is_disk_full(error) else f"{path} cannot be written: {error}."
            )
            self._unstored[run_id] = trials = no_trials("failed", reason)
        return trials

    def _read(self, run_id: int) -> TrialsJson:
        path = RunFiles.of_run(self._config.runs_dir, run_id).trials
        try:
            return decode_trials(path.read_bytes())
        except FileNotFoundError:
            return no_trials()
        except (OSError, ValueError) as error:
            log.warning("The trials in %s cannot be read: %s", path, error)
            return no_trials("failed", "The stored trials cannot be read. Start them again.")

    def _publish(self, run_id: int, trials: TrialsJson) -> None:
        self._publisher.trials({"run_id": run_id, "trials": trials})

    def _is_current(self, run_id: int) -> bool:
        return self._current is not None and self._current.run_id == run_id

    def _is_deleted(self, run_id: int) -> bool:
        return self._store.run(run_id) is None

    @staticmethod
    def _ids_of(requests: list[TrialRequest]) -> set[int]:
        return {request.run.id for request in requests}


class _TrialExecution:
    """The process that runs the trials of one run, and the trials so far."""

    def __init__(self, request: TrialRequest, config: Config) -> None:
        self.run_id = request.run.id
        self.trials = no_trials("running")
        self._is_stopped = False
        self._process = ChildProcess(
            run_trials_worker,
            datasets_dir=str(config.datasets_dir),
            cache_dir=str(config.cache_dir),
            hyperparameters=request.run.hyperparameters.model_dump_json(),
            dataset=request.run.dataset_spec.to_json(),
            diagnosis=json.dumps(request.diagnosis),
            train_fingerprint=request.run.train_fingerprint,
            epochs=request.epochs,
        )

    def run(self, on_progress: Callable[[TrialsJson], None]) -> TrialsJson:
        """Wait for the end of the process, and return the trials with a final status.

        `on_progress` gets the trials at the start and whenever they change. If it raises an error, the process ends.
        """
        try:
            on_progress(self.trials)
            for content in self._process.contents():
                self.trials = decode_trials(content)
                on_progress(self.trials)
        except BaseException:
            self._process.kill()
            raise
        finally:
            outcome = self._process.end()
        if self.trials["status"] != "running":
            return self.trials
        if self._is_stopped:
            return {**self.trials, "status": "stopped"}
        hint = " The machine may have run out of memory." if outcome.endswith("SIGKILL") else ""
        error = f"The process of the trials {outcome}.{hint} Start the trials again."
        return {**self.trials, "status": "failed", "error": error}

    def stop(self) -> None:
        """Kill the process, which holds nothing that must be stored."""
        self._is_stopped = True
        with suppress(ValueError):  # the process has ended
            self._process.kill()
