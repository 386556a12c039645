from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nn.presets.catalog import PRESETS
from tests.support.run_engine import Engine, make_config
from webapp.errors import ConflictError, InvalidError, NotFoundError
from webapp.runs.service import MAX_QUEUED
from webapp.storage.run_files import Which
from webapp.storage.run_status import RunStatus
from webapp.web.http_errors import HttpError


class EndlessDownloader:
    """A downloader that never finishes, so that every run stays in the queue."""

    def ensure(self, _name: str, cancelled: Any) -> None:
        Engine.wait(cancelled)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Engine]:
    """An engine that starts no worker."""
    with Engine(make_config(tmp_path / "data"), downloader=EndlessDownloader()) as engine:
        yield engine


def test_given_hyperparameters_override_those_of_the_preset(queue: Engine) -> None:
    preset = next(iter(PRESETS.values()))
    run = queue.runs.create(preset=preset.id, hyperparameters={"epochs": 7})
    assert run.hyperparameters == preset.hyperparameters.model_copy(update={"epochs": 7})
    assert (run.preset, run.name, run.status) == (preset.id, preset.title, RunStatus.QUEUED)
    assert queue.runs.get(run.id) == run


def test_every_field_of_a_new_run_is_optional(queue: Engine) -> None:
    run = queue.runs.create()
    assert run.name == "8×8 digits · 64-64-10"
    assert run.parameter_count == 64 * 64 + 64 + 64 * 10 + 10


def test_a_name_is_stored_without_the_spaces_around_it(queue: Engine) -> None:
    name = "<script>alert(1)</script> & \u202e 👩🏽‍🔬"
    assert queue.runs.create(name=f"  {name} \n").name == name
    assert queue.runs.create(name="   ").name == "8×8 digits · 64-64-10"


BAD_TEXTS = [5, ["a"], {}, True, "a\0b", "a\nb", "a\x7fb", "\ud800", "x\udfff", "n" * 201]


@pytest.mark.parametrize("name", BAD_TEXTS)
def test_an_invalid_name_is_rejected(queue: Engine, name: object) -> None:
    with pytest.raises(InvalidError) as raised:
        queue.runs.create(name=name)
    assert list(raised.value.fields) == ["name"]
    assert queue.runs.list() == ([], 0)


BAD_HYPERPARAMETERS: list[tuple[Any, str]] = [
    ({"learning_rate": 0}, "learning_rate"),
    ({"learning_rate": -1}, "learning_rate"),
    ({"learning_rate": float("nan")}, "learning_rate"),
    ({"learning_rate": float("inf")}, "learning_rate"),
    ({"learning_rate": "fast"}, "learning_rate"),
    ({"learning_rate": True}, "learning_rate"),
    ({"learning_rate": None}, "learning_rate"),
    ({"learning_rate": 10**400}, "learning_rate"),
    ({"epochs": 1e12}, "epochs"),
    ({"epochs": 2**63}, "epochs"),
    ({"epochs": 10**400}, "epochs"),
    ({"epochs": 1.5}, "epochs"),
    ({"seed": 2**64}, "seed"),
    ({"batch_size": 10**6}, "batch_size"),
    ({"hidden_sizes": [10**9]}, "hidden_sizes"),
    ({"hidden_sizes": ["\ud800"]}, "hidden_sizes"),
    ({"hidden_sizes": {"a": 1}}, "hidden_sizes"),
    ({"hidden_sizes": [[1]]}, "hidden_sizes"),
    ({"dataset": "\ud800"}, "dataset"),
    ({"dataset": "/etc/passwd"}, "dataset"),
    ({"dataset": ["digits"]}, "dataset"),
    ({"bogus": 1}, "bogus"),
    ([], "hyperparameters"),
    ("epochs=1", "hyperparameters"),
    (1, "hyperparameters"),
]


@pytest.mark.parametrize(("hyperparameters", "field"), BAD_HYPERPARAMETERS, ids=lambda value: repr(value)[:40])
def test_an_invalid_hyperparameter_is_named_and_creates_no_run(queue: Engine, hyperparameters: Any, field: str) -> None:
    with pytest.raises(InvalidError) as raised:
        queue.runs.create(hyperparameters=hyperparameters)
    assert list(raised.value.fields) == [field]
    json.dumps(HttpError.from_service_error(raised.value).to_json()).encode()
    assert queue.runs.list() == ([], 0)
    assert queue.emitter.events == []


@pytest.mark.parametrize("key", ["\ud800", "a\0b", "", "__class__", "x" * 100_000])
def test_a_hyperparameter_with_an_unknown_name_is_rejected(queue: Engine, key: str) -> None:
    with pytest.raises(InvalidError):
        queue.runs.create(hyperparameters={key: 1})
    assert queue.runs.list() == ([], 0)


@pytest.mark.parametrize("preset", ["nothing", "", 5, ["digits_quick"], {}, "\ud800"])
def test_an_unknown_preset_is_rejected(queue: Engine, preset: object) -> None:
    with pytest.raises(InvalidError) as raised:
        queue.runs.create(preset=preset)
    assert list(raised.value.fields) == ["preset"]


def test_a_network_that_exceeds_the_memory_limit_is_rejected(tmp_path: Path) -> None:
    config = make_config(tmp_path / "small", memory_limit_bytes=256 * 2**20)
    with Engine(config, downloader=EndlessDownloader()) as engine:
        with pytest.raises(InvalidError) as raised:
            engine.create(hidden_sizes=[10_000, 10_000])
        assert "hidden_sizes" in raised.value.fields
        assert engine.runs.list() == ([], 0)
        engine.create(hidden_sizes=[10])


def test_the_queue_has_a_limit(tmp_path: Path) -> None:
    with Engine(make_config(tmp_path / "data"), downloader=EndlessDownloader()) as engine:
        for _ in range(MAX_QUEUED):
            engine.create()
        with pytest.raises(ConflictError, match="already queued"):
            engine.create()
        assert engine.runs.list()[1] == MAX_QUEUED
        engine.runs.stop(1)
        engine.create()


def test_a_queued_run_can_be_stopped_but_not_paused_resumed_or_deleted(queue: Engine) -> None:
    run = queue.create()
    for action in (queue.runs.pause, queue.runs.resume, queue.runs.delete):
        with pytest.raises(ConflictError):
            action(run.id)
    stopped = queue.runs.stop(run.id)
    assert (stopped.status, stopped.stop_reason) == (RunStatus.STOPPED, "stopped")
    assert stopped.started_at is None
    for action in (queue.runs.stop, queue.runs.pause, queue.runs.resume):
        with pytest.raises(ConflictError, match="is stopped"):
            action(run.id)
    assert [payload["status"] for payload in queue.emitter.payloads("run_finished", run.id)] == ["stopped"]
    queue.runs.delete(run.id)
    assert queue.runs.list() == ([], 0)


def test_name_and_notes_can_be_changed(queue: Engine) -> None:
    run = queue.create()
    assert queue.runs.update(run.id, name=" new ").name == "new"
    changed = queue.runs.update(run.id, notes="one\ntwo\tthree ")
    assert (changed.name, changed.notes) == ("new", "one\ntwo\tthree")
    assert queue.runs.update(run.id) == changed
    assert [payload["run"]["name"] for payload in queue.emitter.payloads("run_status", run.id)][-1] == "new"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("name", text) for text in [*BAD_TEXTS, " "]),
        *(("notes", text) for text in [7, [], "\0", "\ud800", "n" * 10_001]),
    ],
)
def test_an_invalid_name_or_note_changes_nothing(queue: Engine, field: str, value: Any) -> None:
    run = queue.create()
    with pytest.raises(InvalidError) as raised:
        queue.runs.update(run.id, **{field: value})
    assert list(raised.value.fields) == [field]
    assert queue.runs.get(run.id) == run


@pytest.mark.parametrize("run_id", [0, 2, -1, 2**63, 10**40])
def test_a_missing_run_is_not_found(queue: Engine, run_id: int) -> None:
    queue.create()
    runs, results = queue.runs, queue.results
    life_cycle = (runs.get, runs.stop, runs.pause, runs.resume, runs.update, runs.delete)
    for action in (*life_cycle, results.epochs, results.predictions, results.checkpoint_path):
        with pytest.raises(NotFoundError):
            action(run_id)


def test_a_run_without_epochs_has_neither_predictions_nor_checkpoints(queue: Engine) -> None:
    run = queue.create()
    for epoch in (None, 0, 1, -1, 10**30):
        with pytest.raises(NotFoundError, match="has not completed an epoch"):
            queue.results.predictions(run.id, epoch)
    kinds: tuple[Which, ...] = ("last", "best")
    for which in kinds:
        with pytest.raises(NotFoundError, match="has not been written"):
            queue.results.checkpoint_path(run.id, which)


def test_predictions_and_checkpoints_of_a_run_exist_until_it_is_deleted(engine: Engine) -> None:
    run = engine.create(epochs=3)
    assert engine.wait_for_status(run.id).status is RunStatus.FINISHED
    epoch, predictions, labels = engine.results.predictions(run.id)
    assert epoch == 3
    assert len(predictions) == len(labels) == 359
    accuracy = float((predictions.predicted == labels).mean())
    assert accuracy == pytest.approx(engine.results.epochs(run.id)[-1]["test_accuracy"])
    assert engine.results.predictions(run.id, 1).epoch == 1
    with pytest.raises(NotFoundError, match="has no epoch 4"):
        engine.results.predictions(run.id, 4)
    folder = engine.results.checkpoint_path(run.id, "last").parent
    assert engine.results.checkpoint_path(run.id, "best").parent == folder

    engine.runs.delete(run.id)
    assert not folder.exists()
    with pytest.raises(NotFoundError):
        engine.runs.get(run.id)


def test_only_checkpoints_that_exist_and_can_be_read_are_listed(engine: Engine) -> None:
    run = engine.create(epochs=3)
    ended = engine.wait_for_status(run.id)
    last, best = engine.results.checkpoints(run.id)
    assert (last["which"], last["epoch"]) == ("last", 3)
    assert (best["which"], best["epoch"]) == ("best", ended.best_epoch)
    files = engine.results.files(run.id)
    assert last["bytes"] == files.checkpoint("last").stat().st_size
    files.checkpoint("last").write_bytes(b"damaged")
    assert engine.results.checkpoints(run.id) == [best]
    files.checkpoint("best").unlink()
    assert engine.results.checkpoints(run.id) == []


def test_a_run_that_diverges_in_its_first_epoch_has_no_best_checkpoint(engine: Engine) -> None:
    run = engine.create(learning_rate=1e6, optimizer="sgd", activation="relu", epochs=3)
    assert engine.wait_for_status(run.id).status is RunStatus.DIVERGED
    assert [found["which"] for found in engine.results.checkpoints(run.id)] == ["last"]


@pytest.mark.parametrize("kind", ["a file", "a link", "nothing"])
def test_a_run_is_deleted_whatever_lies_in_place_of_its_folder(engine: Engine, tmp_path: Path, kind: str) -> None:
    run = engine.create(epochs=1)
    engine.wait_for_status(run.id)
    folder = engine.results.files(run.id).folder
    shutil.rmtree(folder)
    other = tmp_path / "other"
    other.mkdir()
    (other / "precious").touch()
    if kind == "a file":
        folder.write_text("a file")
    elif kind == "a link":
        folder.symlink_to(other)
    engine.runs.delete(run.id)
    assert not folder.exists()
    assert not folder.is_symlink()
    assert (other / "precious").exists()


def test_a_run_whose_files_cannot_be_deleted_remains_and_the_message_says_why(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = engine.create(epochs=1)
    engine.wait_for_status(run.id)

    def refuse(*_arguments: object, ignore_errors: bool = False, **_options: object) -> None:
        if not ignore_errors:
            raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", refuse)
        with pytest.raises(ConflictError, match=r"cannot be deleted: Permission denied\. Close the programs"):
            engine.runs.delete(run.id)
    assert engine.runs.get(run.id).id == run.id
    engine.runs.delete(run.id)
    with pytest.raises(NotFoundError):
        engine.runs.get(run.id)
