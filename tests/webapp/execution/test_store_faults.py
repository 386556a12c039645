"""Runs while the database is locked or the disk is full."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

import gevent
import psutil
import pytest
from gevent.event import Event

from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import EpochResult
from tests.support.faults.store import full_disk, locked_database
from tests.support.run_engine import ENDLESS, Engine, HeldEngine, workers_of
from webapp.config import Config
from webapp.errors import ConflictError, DatabaseBusyError, DiskFullError, NotFoundError
from webapp.execution.run_events import RunEventLog
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore
from webapp.worker.messages import EpochStored, WorkerMessage


def stored_epochs(engine: Engine, run_id: int) -> list[int]:
    return [epoch["epoch"] for epoch in engine.results.epochs(run_id)]


def stored_status(config: Config, run_id: int) -> RunStatus | None:
    """Return the status of a run in the database, whatever the running server knows."""
    store = RunStore(config.database)
    try:
        run = store.run(run_id)
    finally:
        store.close()
    return run.status if run else None


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The epochs that the server has tried to store."""
    tried: list[int] = []
    record_event = RunEventLog.record_event

    def record(self: RunEventLog, message: Any) -> None:
        if isinstance(message, EpochStored):
            tried.append(message.result["epoch"])
        record_event(self, message)

    monkeypatch.setattr(RunEventLog, "record_event", record)
    return tried


@pytest.mark.parametrize("mode", ["IMMEDIATE", "EXCLUSIVE"])
def test_epochs_wait_in_order_while_the_database_is_locked(engine: Engine, attempts: list[int], mode: str) -> None:
    run = engine.create(epochs=60, hidden_sizes=[4])
    engine.wait_for_epoch(run.id)
    with locked_database(engine.config.data_dir, mode):
        n_tried, before = len(attempts), stored_epochs(engine, run.id)
        engine.wait(lambda: len(attempts) > n_tried + 3, what="the server repeats its attempt")
        assert stored_epochs(engine, run.id) == before
    ended = engine.wait_for_status(run.id)
    assert (ended.status, ended.epochs_completed) == (RunStatus.FINISHED, 60)
    assert stored_epochs(engine, run.id) == list(range(1, 61))
    assert [payload["epoch"] for payload in engine.emitter.payloads("epoch_completed", run.id)] == list(range(1, 61))


def test_the_end_of_a_run_waits_for_the_database(engine: Engine) -> None:
    run = engine.create(epochs=3)
    engine.wait_for_status(run.id, RunStatus.RUNNING)
    with locked_database(engine.config.data_dir):
        engine.wait(lambda: engine.scheduler.has_ended(run.id), what="the worker has ended")
        assert engine.status(run.id) is RunStatus.RUNNING
        for command in (engine.runs.pause, engine.runs.resume, engine.runs.stop):
            with pytest.raises(ConflictError, match="is ending and cannot be"):
                command(run.id)
    ended = engine.wait_for_status(run.id)
    assert (ended.status, stored_epochs(engine, run.id)) == (RunStatus.FINISHED, [1, 2, 3])


def test_commands_during_a_lock_answer_the_truth_and_lose_no_epoch(engine: Engine, attempts: list[int]) -> None:
    run = engine.create(**ENDLESS)
    engine.wait_for_epoch(run.id)
    with locked_database(engine.config.data_dir):
        n_tried = len(attempts)
        engine.wait(lambda: len(attempts) > n_tried + 3)
        with pytest.raises(DatabaseBusyError, match=r"Another program has locked the database .*misfit\.db"):
            engine.runs.pause(run.id)
        assert engine.runs.stop(run.id).status is RunStatus.RUNNING
    ended = engine.wait_for_status(run.id)
    assert (ended.status, ended.error_code) == (RunStatus.STOPPED, None)
    with engine.results.prediction_history(run.id) as history:
        assert stored_epochs(engine, run.id) == list(range(1, history.epochs + 1))


def test_a_queued_run_that_cannot_be_stopped_during_a_lock_stays_in_the_queue(config: Config) -> None:
    execution_engine = HeldEngine()
    with Engine(config, execution_engine=execution_engine) as engine:
        runs = [engine.create().id for _ in range(config.workers + 1)]
        engine.wait(lambda: len(execution_engine.started) == config.workers)
        with locked_database(config.data_dir), pytest.raises(DatabaseBusyError):
            engine.runs.stop(runs[-1])
        assert [run["id"] for run in engine.runs.queue()["waiting"]] == runs[-1:]
        for _ in runs:
            execution_engine.release.release()
        assert engine.wait_for_status(runs[-1], timeout=20).status is RunStatus.FINISHED


class SilentExecution:
    """An execution that reports one epoch after `released` is set, and then nothing until it is killed."""

    def __init__(self) -> None:
        self.released = Event()
        self.killed = Event()

    def check_room(self) -> None:
        """Find room."""

    def start(self, _run: RunRecord) -> SilentExecution:
        return self

    def messages(self) -> Iterator[WorkerMessage]:
        self.released.wait()
        result = EpochResult(1, 0.5, 0.9, None, None, 0.5, 0.9, 0.1, 1, 1.0, 1000.0)
        yield EpochStored(result=result.to_json(), is_best=False)
        self.killed.wait()

    def send(self, command: object) -> None:
        """Ignore the command."""

    def has_ended(self) -> bool:
        return bool(self.killed.is_set())

    def kill(self) -> None:
        self.killed.set()

    def end(self) -> str:
        return "was killed"


def test_the_time_to_stop_does_not_include_the_time_of_a_lock(
    config: Config, attempts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.execution.run_execution.SECONDS_TO_STOP", 0.1)
    execution = SilentExecution()
    with Engine(config, execution_engine=execution) as engine:
        run = engine.create()
        engine.wait_for_status(run.id, RunStatus.RUNNING)
        with locked_database(config.data_dir):
            execution.released.set()
            engine.wait(lambda: attempts)
            engine.runs.stop(run.id)
            n_tried = len(attempts)
            engine.wait(lambda: len(attempts) > n_tried + 10, what="half a second has passed")
            assert not execution.killed.is_set()
        engine.wait_for_status(run.id)
        assert (engine.status(run.id), stored_epochs(engine, run.id)) == (RunStatus.STOPPED, [1])


def test_a_shutdown_does_not_wait_for_the_lock_to_end(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.execution.scheduler.SECONDS_TO_STOP", 0.1)
    execution = SilentExecution()
    engine = Engine(config, execution_engine=execution)
    run = engine.create()
    engine.wait_for_status(run.id, RunStatus.RUNNING)
    with locked_database(config.data_dir):
        execution.released.set()
        engine.close()
        assert execution.killed.is_set()
    with Engine(config) as next_start:
        assert next_start.status(run.id) is RunStatus.INTERRUPTED


@pytest.fixture
def left_run(store: RunStore) -> int:
    """The id of a run that a crashed server has left as running."""
    run = store.add_run(name="a", preset=None, hyperparameters=Hyperparameters(dataset="digits"), parameter_count=1)
    store.change_status(run.id, RunStatus.RUNNING)
    return run.id


def test_a_server_starts_while_the_database_is_locked(config: Config, left_run: int) -> None:
    with locked_database(config.data_dir):
        engine = Engine(config)
        assert engine.status(left_run) is RunStatus.INTERRUPTED
        with pytest.raises(ConflictError, match="is interrupted and cannot be stopped"):
            engine.runs.stop(left_run)
    with engine:
        engine.wait(lambda: stored_status(config, left_run) is RunStatus.INTERRUPTED)


@pytest.mark.parametrize("status", [RunStatus.RUNNING, RunStatus.PAUSED])
@pytest.mark.parametrize("command", ["pause", "resume", "stop"])
def test_a_command_to_a_run_without_a_worker_interrupts_the_run(
    engine: Engine, status: RunStatus, command: str
) -> None:
    hyperparameters = Hyperparameters(dataset="digits")
    run = engine.store.add_run(name="a", preset=None, hyperparameters=hyperparameters, parameter_count=1)
    engine.store.change_status(run.id, RunStatus.RUNNING)
    engine.store.change_status(run.id, status)
    with pytest.raises(ConflictError, match="is interrupted and cannot be"):
        getattr(engine.runs, command)(run.id)
    assert engine.runs.get(run.id).error_message == "The worker process ended, and the server could not store how."
    assert engine.emitter.payloads("run_finished", run.id)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can limit the file size of another process")
def test_a_run_whose_files_do_not_fit_fails_with_the_remedy(engine: Engine) -> None:
    run = engine.create(**ENDLESS)
    engine.wait_for_epoch(run.id)
    (worker,) = workers_of(os.getpid())
    worker.rlimit(psutil.RLIMIT_FSIZE, (0, psutil.RLIM_INFINITY))
    ended = engine.wait_for_status(run.id)
    assert (ended.status, ended.error_code) == (RunStatus.FAILED, "disk_full")
    folder = engine.config.runs_dir / str(run.id)
    assert (ended.error_message or "").startswith(f"The disk is full: Misfit cannot write to {folder}. Delete runs")
    assert stored_epochs(engine, run.id) == list(range(1, ended.epochs_completed + 1))


def test_a_run_whose_end_does_not_fit_has_ended_and_is_stored_later(engine: Engine) -> None:
    run = engine.create(**ENDLESS)
    engine.wait_for_epoch(run.id)
    with full_disk():
        ended = engine.wait_for_status(run.id)
        assert (ended.status, ended.error_code) == (RunStatus.FAILED, "disk_full")
        assert (ended.error_message or "").startswith("The disk is full: Misfit cannot write to")
        assert ended.finished_at is not None
        assert [row.status for row in engine.store.rows()] == ["failed"]
        assert stored_status(engine.config, run.id) is RunStatus.RUNNING
        with pytest.raises(ConflictError, match="is failed and cannot be paused"):
            engine.runs.pause(run.id)
        assert engine.emitter.payloads("run_finished", run.id)
    engine.wait(lambda: stored_status(engine.config, run.id) is RunStatus.FAILED)
    assert engine.runs.get(run.id) == ended
    engine.wait(lambda: not workers_of(os.getpid()))


def test_a_queued_run_that_is_stopped_on_a_full_disk_leaves_the_queue(store: RunStore) -> None:
    run = store.add_run(name="a", preset=None, hyperparameters=Hyperparameters(), parameter_count=1)
    with full_disk():
        assert store.change_status(run.id, RunStatus.STOPPED)
        assert (store.queued(), store.count_queued()) == ([], 0)


def test_deleting_works_on_a_full_disk(engine: Engine) -> None:
    finished, other = engine.create(epochs=1), engine.create(epochs=1)
    for run in (finished, other):
        engine.wait_for_status(run.id)
    with full_disk():
        engine.runs.delete(finished.id)
        assert not (engine.config.runs_dir / str(finished.id)).exists()
        for read in (engine.runs.get, engine.runs.delete, engine.results.epochs):
            with pytest.raises(NotFoundError):
                read(finished.id)
        records, total = engine.runs.list()
        assert ([record.id for record in records], total) == ([other.id], 1)
        assert [row.id for row in engine.store.rows()] == [other.id]
        assert stored_status(engine.config, finished.id) is RunStatus.FINISHED
    engine.wait(lambda: stored_status(engine.config, finished.id) is None)


def test_a_run_that_a_full_disk_has_ended_can_be_deleted(engine: Engine) -> None:
    run = engine.create(**ENDLESS)
    engine.wait_for_epoch(run.id)
    with full_disk():
        engine.wait_for_status(run.id)
        engine.runs.delete(run.id)
    engine.wait(lambda: stored_status(engine.config, run.id) is None)


def test_a_server_starts_and_reads_on_a_full_disk_and_continues_when_it_has_room(
    config: Config, store: RunStore, left_run: int
) -> None:
    hyperparameters = Hyperparameters(dataset="digits", epochs=2)
    queued = store.add_run(name="b", preset=None, hyperparameters=hyperparameters, parameter_count=1)
    with full_disk():
        engine = Engine(config)
        assert engine.status(left_run) is RunStatus.INTERRUPTED
        with pytest.raises(DiskFullError, match=r"The disk is full: .* Delete runs"):
            engine.create()
        gevent.sleep(0)  # the queued run tries to start
        assert engine.status(queued.id) is RunStatus.QUEUED
    with engine:
        assert engine.wait_for_status(queued.id).status is RunStatus.FINISHED
        engine.wait(lambda: stored_status(config, left_run) is RunStatus.INTERRUPTED)
