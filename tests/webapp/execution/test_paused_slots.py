"""A paused run gives its slot back, and a resumed run waits for one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nn.hyperparameters.schema import Hyperparameters
from nn.storage.checkpoint import load_checkpoint
from tests.support.faults.store import full_disk
from tests.support.run_engine import ENDLESS, Engine, make_config, workers_of
from webapp.config import Config
from webapp.errors import ConflictError
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore

EPOCHS = 30
TIMES = ("elapsed_seconds", "images_per_second")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings with one worker."""
    return make_config(tmp_path, workers=1)


@pytest.fixture
def engine(config: Config) -> Iterator[Engine]:
    with Engine(config) as engine:
        yield engine


def paused_and_running(engine: Engine, **hyperparameters: object) -> tuple[int, int]:
    """Return the ids of a paused run and of an endless run that trains in its slot."""
    paused = engine.create(**hyperparameters).id
    engine.wait_for_epoch(paused)
    running = engine.create(**ENDLESS).id
    assert engine.status(running) is RunStatus.QUEUED
    engine.runs.pause(paused)
    engine.wait_for_epoch(running)
    return paused, running


def test_a_paused_run_gives_its_slot_to_the_next_run_and_continues_when_it_is_free(engine: Engine) -> None:
    paused, running = paused_and_running(engine, **ENDLESS)
    before = engine.runs.get(paused).epochs_completed
    queue = engine.runs.queue()
    assert queue == {
        "workers": 1,
        "running": [{"id": running, "name": engine.runs.get(running).name, "problem": None}],
        "waiting": [],
    }

    assert engine.runs.resume(paused).status is RunStatus.QUEUED
    third = engine.create(epochs=1).id
    assert [run["id"] for run in engine.runs.queue()["waiting"]] == [paused, third]
    for command in (engine.runs.pause, engine.runs.resume):
        with pytest.raises(ConflictError, match="is queued"):
            command(paused)
    assert engine.runs.get(paused).epochs_completed == before
    engine.runs.pause(running)
    engine.wait_for_status(paused, RunStatus.RUNNING)
    engine.wait_for_epoch(paused, before + 2)
    assert [engine.status(run_id) for run_id in (paused, running, third)] == ["running", "paused", "queued"]
    engine.runs.stop(paused)
    assert engine.wait_for_status(third).status is RunStatus.FINISHED
    engine.runs.resume(running)
    engine.wait_for_status(running, RunStatus.RUNNING)


def test_a_run_that_was_paused_ends_bit_for_bit_like_an_uninterrupted_one(engine: Engine) -> None:
    values = {"epochs": EPOCHS, "batch_size": 8, "dropout_rate": 0.2}
    paused, running = paused_and_running(engine, **values)
    engine.runs.resume(paused)
    engine.runs.stop(running)
    assert engine.wait_for_status(paused).status is RunStatus.FINISHED
    whole = engine.create(**values).id
    engine.wait_for_status(whole)
    results = []
    for run_id in (paused, whole):
        epochs = [{name: epoch[name] for name in epoch if name not in TIMES} for epoch in engine.results.epochs(run_id)]  # type: ignore[literal-required]
        path = engine.config.runs_dir / str(run_id) / "checkpoint.npz"
        results.append((epochs, load_checkpoint(path, engine.runs.get(run_id).hyperparameters).parameters))
    assert results[0][0] == results[1][0]
    assert np.array_equal(results[0][1], results[1][1])


def test_a_run_that_waits_to_continue_can_be_stopped_and_keeps_its_epochs(engine: Engine) -> None:
    paused, running = paused_and_running(engine, **ENDLESS)
    engine.runs.resume(paused)
    engine.runs.stop(paused)
    ended = engine.wait_for_status(paused)
    assert (ended.status, ended.stop_reason) == (RunStatus.STOPPED, "stopped")
    assert ended.best_epoch is not None
    assert engine.runs.queue()["waiting"] == []
    assert engine.status(running) is RunStatus.RUNNING


def test_a_run_whose_worker_ends_while_it_waits_to_continue_leaves_the_queue(engine: Engine) -> None:
    paused = engine.create(**ENDLESS).id
    engine.wait_for_epoch(paused)
    (worker,) = workers_of(os.getpid())
    running = engine.create(**ENDLESS).id
    engine.runs.pause(paused)
    engine.wait_for_epoch(running)
    engine.runs.resume(paused)
    worker.kill()
    assert engine.wait_for_status(paused).status is RunStatus.INTERRUPTED
    engine.wait(lambda: not engine.runs.queue()["waiting"], what="the run leaves the queue")
    assert engine.status(running) is RunStatus.RUNNING


def test_a_run_that_waits_to_continue_does_so_when_the_disk_has_room_again(engine: Engine) -> None:
    paused, running = paused_and_running(engine, **ENDLESS)
    engine.runs.resume(paused)
    with full_disk():
        assert engine.wait_for_status(running).error_code == "disk_full"
        problem = engine.wait(lambda: [run["problem"] for run in engine.runs.queue()["running"] if run["problem"]])
        assert problem[0].startswith("The disk is full")
        assert [run["id"] for run in engine.runs.queue()["running"]] == [paused]
        assert engine.status(paused) is RunStatus.QUEUED
    engine.wait_for_status(paused, RunStatus.RUNNING)
    assert [run["problem"] for run in engine.runs.queue()["running"]] == [None]


def test_a_run_that_is_stopped_before_the_disk_has_room_ends_with_its_worker(engine: Engine) -> None:
    paused, running = paused_and_running(engine, **ENDLESS)
    engine.runs.resume(paused)
    with full_disk():
        engine.wait_for_status(running)
        engine.wait(lambda: [run["id"] for run in engine.runs.queue()["running"]] == [paused])
        engine.runs.stop(paused)
        with pytest.raises(ConflictError, match="Stop it before you delete it"):
            engine.runs.delete(paused)
        ended = engine.wait_for_status(paused)
    assert (ended.status, ended.stop_reason) == (RunStatus.STOPPED, "stopped")
    assert ended.best_epoch is not None


def test_a_shut_down_interrupts_a_run_that_waits_to_continue(config: Config) -> None:
    with Engine(config) as engine:
        paused, running = paused_and_running(engine, **ENDLESS)
        engine.runs.resume(paused)
    store = RunStore(config.database)
    found = store.runs_of([paused, running])
    store.close()
    assert [run.status for run in found] == [RunStatus.INTERRUPTED] * 2


def test_after_a_crash_a_run_that_waited_to_continue_is_interrupted(config: Config) -> None:
    store = RunStore(config.database)
    values = Hyperparameters(epochs=1)
    waited, new = (
        store.add_run(name=name, preset=None, hyperparameters=values, parameter_count=1).id for name in ("old", "new")
    )
    for status in (RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.QUEUED):
        assert store.change_status(waited, status)
    store.close()
    with Engine(config) as engine:
        assert engine.status(waited) is RunStatus.INTERRUPTED
        assert engine.wait_for_status(new).status is RunStatus.FINISHED
