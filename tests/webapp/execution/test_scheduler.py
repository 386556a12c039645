from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from nn.errors import DatasetMissingError
from nn.hyperparameters.schema import Hyperparameters
from tests.support.run_engine import ENDLESS, Engine, HeldEngine, make_config, workers_of
from webapp.config import Config
from webapp.errors import ConflictError
from webapp.execution.scheduler import SECONDS_TO_END, SECONDS_TO_STOP
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore


def only_worker() -> Any:
    (worker,) = workers_of(os.getpid())
    return worker


def test_a_finished_run_has_stored_and_then_published_every_epoch_once_in_order(engine: Engine) -> None:
    stored_epochs: list[tuple[int, int, int]] = []

    def compare_with_store(event: str, payload: dict[str, Any]) -> None:
        if event == "epoch_completed":
            last = engine.results.epochs(payload["run_id"])[-1]["epoch"]
            stored_epochs.append((payload["epoch"], last, engine.results.predictions(payload["run_id"]).epoch))

    engine.emitter.on_emit = compare_with_store
    run = engine.create(epochs=25)
    ended = engine.wait_for_status(run.id)
    assert (ended.status, ended.stop_reason, ended.error_code) == (RunStatus.FINISHED, "completed", None)
    assert (ended.epochs_completed, ended.test_size, ended.batches_per_epoch) == (25, 359, 41)
    assert stored_epochs == [(epoch, epoch, epoch) for epoch in range(1, 26)]
    stored = engine.results.epochs(run.id)
    assert [epoch["epoch"] for epoch in stored] == list(range(1, 26))
    assert engine.emitter.payloads("epoch_completed", run.id) == [{"run_id": run.id, **epoch} for epoch in stored]
    statuses = [payload["status"] for payload in engine.emitter.payloads("run_status", run.id)]
    assert statuses[0] == "queued"
    assert statuses[-1] == "finished"
    assert "running" in statuses
    (finished,) = engine.emitter.payloads("run_finished", run.id)
    assert finished == {"run_id": run.id, "status": "finished", "stop_reason": "completed", "run": ended.to_json()}
    engine.wait(lambda: not workers_of(os.getpid()))


def test_the_epochs_of_a_diverged_run_are_stored_with_null_for_non_finite_metrics(engine: Engine) -> None:
    run = engine.create(learning_rate=1e6, optimizer="sgd", epochs=20)
    ended = engine.wait_for_status(run.id)
    assert (ended.status, ended.stop_reason) == (RunStatus.DIVERGED, "diverged")
    epochs = engine.results.epochs(run.id)
    assert 1 <= len(epochs) < 20
    assert ended.metrics == epochs[-1]
    assert len(engine.results.predictions(run.id).predictions) == 359


def test_queued_runs_start_in_order_two_at_a_time(config: Config) -> None:
    held = HeldEngine()
    with Engine(config, execution_engine=held) as engine:
        ids = [engine.create(epochs=1, seed=seed).id for seed in range(6)]
        assert len(set(ids)) == 6
        for n_finished in range(6):
            engine.wait(lambda n=n_finished: len(held.started) == min(n + 2, 6))  # type: ignore[misc]
            statuses = [engine.status(run_id) for run_id in ids]
            assert statuses.count(RunStatus.FINISHED) == n_finished
            assert statuses.count(RunStatus.RUNNING) == min(2, 6 - n_finished)
            held.release.release()
            engine.wait(
                lambda n=n_finished: [engine.status(run_id) for run_id in ids].count(RunStatus.FINISHED) == n + 1  # type: ignore[misc]
            )
        assert held.started == ids
        assert [engine.runs.get(run_id).hyperparameters.seed for run_id in ids] == list(range(6))
        started = [engine.runs.get(run_id).started_at for run_id in ids]
        assert started == sorted(started, key=str)


def test_a_run_can_be_paused_resumed_and_stopped(engine: Engine) -> None:
    run = engine.create(**ENDLESS)
    engine.wait_for_epoch(run.id)
    with pytest.raises(ConflictError, match="is running"):
        engine.runs.resume(run.id)
    with pytest.raises(ConflictError, match="is running"):
        engine.runs.delete(run.id)

    assert engine.runs.pause(run.id).status is RunStatus.PAUSED
    with pytest.raises(ConflictError, match="is paused"):
        engine.runs.pause(run.id)
    engine.wait(lambda: has_checkpoint(engine, run.id), what="the paused run has written its checkpoint")
    epochs_before = engine.runs.get(run.id).epochs_completed

    assert engine.runs.resume(run.id).status is RunStatus.RUNNING
    engine.wait_for_epoch(run.id, epochs_before + 2)
    assert engine.runs.stop(run.id).status in {RunStatus.RUNNING, RunStatus.STOPPED}
    ended = engine.wait_for_status(run.id)
    assert (ended.status, ended.stop_reason) == (RunStatus.STOPPED, "stopped")
    assert [epoch["epoch"] for epoch in engine.results.epochs(run.id)] == list(range(1, ended.epochs_completed + 1))


def has_checkpoint(engine: Engine, run_id: int) -> bool:
    return (engine.config.runs_dir / str(run_id) / "checkpoint.npz").is_file()


def test_a_paused_run_can_be_stopped(engine: Engine) -> None:
    run = engine.create(**ENDLESS)
    engine.wait_for_epoch(run.id)
    engine.runs.pause(run.id)
    engine.runs.stop(run.id)
    assert engine.wait_for_status(run.id).status is RunStatus.STOPPED


def test_commands_take_effect_before_the_first_batch(engine: Engine) -> None:
    run = engine.create(**ENDLESS)
    engine.wait_for_status(run.id, RunStatus.RUNNING)
    engine.runs.pause(run.id)
    engine.runs.resume(run.id)
    engine.runs.stop(run.id)
    assert engine.wait_for_status(run.id).status is RunStatus.STOPPED


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals")
@pytest.mark.parametrize("is_paused", [False, True], ids=["running", "paused"])
def test_killing_a_worker_interrupts_its_run_and_names_the_signal(engine: Engine, is_paused: bool) -> None:
    run = engine.create(**ENDLESS)
    engine.wait_for_epoch(run.id)
    if is_paused:
        engine.runs.pause(run.id)
    only_worker().kill()
    ended = engine.wait_for_status(run.id)
    assert ended.status is RunStatus.INTERRUPTED
    assert ended.error_code == "interrupted"
    assert "SIGKILL" in (ended.error_message or "")
    assert len(engine.results.epochs(run.id)) == ended.epochs_completed >= 1
    (finished,) = engine.emitter.payloads("run_finished", run.id)
    assert finished["run"]["error"]["message"] == ended.error_message


def test_killing_a_worker_frees_its_slot(tmp_path: Path) -> None:
    with Engine(make_config(tmp_path / "data", workers=1)) as engine:
        first, second = engine.create(**ENDLESS), engine.create(epochs=1)
        engine.wait_for_epoch(first.id)
        assert engine.status(second.id) is RunStatus.QUEUED
        only_worker().kill()
        assert engine.wait_for_status(second.id).status is RunStatus.FINISHED


def test_an_unwritable_store_fails_the_run_and_ends_its_worker(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_error(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, OSError("disk is full"))

    monkeypatch.setattr(engine.store, "add_epoch", raise_error)
    run = engine.create(**ENDLESS)
    ended = engine.wait_for_status(run.id)
    assert ended.status is RunStatus.FAILED
    assert "disk is full" in (ended.error_message or "")
    engine.wait(lambda: not workers_of(os.getpid()))


def test_a_worker_that_ignores_a_stop_is_killed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.execution.run_execution.SECONDS_TO_STOP", 0.1)
    run = engine.create(**ENDLESS)
    engine.wait_for_epoch(run.id)
    only_worker().suspend()
    engine.runs.stop(run.id)
    ended = engine.wait_for_status(run.id)
    assert (ended.status, ended.stop_reason, ended.error_code) == (RunStatus.STOPPED, "stopped", None)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_ctrl_c_in_the_terminal_does_not_reach_a_worker(engine: Engine) -> None:
    run = engine.create(**ENDLESS)
    epoch = engine.wait_for_epoch(run.id).epochs_completed
    os.kill(only_worker().pid, signal.SIGINT)
    engine.wait_for_epoch(run.id, epoch + 3)
    assert engine.status(run.id) is RunStatus.RUNNING


def test_closing_interrupts_running_runs_and_the_next_start_continues_the_queue(config: Config) -> None:
    config = make_config(config.data_dir, workers=1)
    with Engine(config) as engine:
        running, waiting = engine.create(**ENDLESS), engine.create(epochs=1)
        engine.wait_for_epoch(running.id)
        assert SECONDS_TO_STOP + SECONDS_TO_END <= 4
        engine.close()
        assert workers_of(os.getpid()) == []
    with Engine(config) as engine:
        ended = engine.runs.get(running.id)
        assert (ended.status, ended.error_message) == (RunStatus.INTERRUPTED, "The server was shut down.")
        assert ended.epochs_completed == len(engine.results.epochs(running.id)) >= 1
        assert engine.wait_for_status(waiting.id).status is RunStatus.FINISHED


@pytest.mark.parametrize("status", [RunStatus.RUNNING, RunStatus.PAUSED])
def test_runs_that_a_crashed_server_left_are_interrupted_at_the_next_start(
    config: Config, store: RunStore, status: RunStatus
) -> None:
    run = store.add_run(name="a", preset=None, hyperparameters=Hyperparameters(dataset="digits"), parameter_count=1)
    store.change_status(run.id, RunStatus.RUNNING)
    store.change_status(run.id, status)
    with Engine(config) as engine:
        ended = engine.runs.get(run.id)
        assert (ended.status, ended.error_code) == (RunStatus.INTERRUPTED, "interrupted")
        assert ended.finished_at is not None
        with pytest.raises(ConflictError):
            engine.runs.stop(run.id)


class FailingDownloader:
    """A downloader without a network."""

    def ensure(self, name: str, _cancelled: Callable[[], bool]) -> None:
        raise DatasetMissingError(f"Put the files of {name} into the folder.")


def test_missing_data_fails_the_run_with_the_remedy(tmp_path: Path) -> None:
    with Engine(make_config(tmp_path / "data"), downloader=FailingDownloader()) as engine:
        ended = engine.wait_for_status(engine.create(dataset="mnist").id)
        assert ended.status is RunStatus.FAILED
        assert (ended.error_code, ended.error_message) == ("dataset", "Put the files of mnist into the folder.")
        assert ended.started_at is None


class EndlessDownloader:
    """A downloader that continues until it is cancelled."""

    is_downloading = False

    def ensure(self, _name: str, cancelled: Callable[[], bool]) -> None:
        self.is_downloading = True
        Engine.wait(cancelled)
        self.is_downloading = False


def test_a_run_can_be_stopped_during_the_download_of_its_data(tmp_path: Path) -> None:
    downloader = EndlessDownloader()
    with Engine(make_config(tmp_path / "data"), downloader=downloader) as engine:
        run = engine.create()
        engine.wait(lambda: downloader.is_downloading)
        assert engine.runs.stop(run.id).status is RunStatus.STOPPED
        engine.wait(lambda: not downloader.is_downloading)
        assert workers_of(os.getpid()) == []


def test_closing_during_a_download_leaves_the_run_queued_for_the_next_start(config: Config) -> None:
    downloader = EndlessDownloader()
    with Engine(config, downloader=downloader) as engine:
        run = engine.create(epochs=1)
        engine.wait(lambda: downloader.is_downloading)
        engine.close()
        assert not downloader.is_downloading
    with Engine(config) as engine:
        assert engine.wait_for_status(run.id).status is RunStatus.FINISHED


def test_files_of_another_database_s_run_with_the_same_id_are_deleted(config: Config) -> None:
    folder = config.runs_dir / "1"
    folder.mkdir()
    (folder / "best.npz").write_bytes(b"of another run")
    (folder / "predictions.bin").write_bytes(b"of another run")
    with Engine(config) as engine:
        run = engine.create(epochs=2, validation_fraction=0)
        engine.wait_for_status(run.id)
        assert run.id == 1
        assert engine.results.predictions(run.id, 1).epoch == 1
        assert not (folder / "best.npz").exists()
