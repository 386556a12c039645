from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import gevent
import numpy as np
import pytest

from nn.datasets import BUILT_IN_DATASETS, load_dataset
from nn.datasets.splitting import split_validation
from nn.datasets.subset import first_of_each_class
from nn.storage.checkpoint import load_checkpoint, read_checkpoint_epoch
from nn.storage.prediction_history import PredictionHistory
from nn.storage.weights_history import WeightsHistory
from tests.support.run_engine import ENDLESS
from webapp.execution.worker_process import WorkerProcess
from webapp.storage.run_files import WHICH, RunFiles
from webapp.worker.messages import PAUSE, RESUME, STOP, Command, CommandType

Message = dict[str, Any]


class Worker:
    """A worker process without a scheduler."""

    def __init__(self, folder: Path, hyperparameters: object, *, datasets_dir: Path | None = None) -> None:
        dataset = hyperparameters.get("dataset", "digits") if isinstance(hyperparameters, dict) else "digits"
        self.process = WorkerProcess(
            folder=str(folder / "run"),
            datasets_dir=str(datasets_dir or folder / "datasets"),
            cache_dir=str(folder / "cache"),
            dataset=BUILT_IN_DATASETS.get(dataset).to_json(),
            hyperparameters=hyperparameters if isinstance(hyperparameters, str) else json.dumps(hyperparameters),
        )
        self.messages = self.process.messages()
        self.outcome: str | None = None

    def end(self) -> str:
        """Wait until the process has ended, and return a description of its end."""
        self.outcome = self.process.end()
        return self.outcome

    def receive_next(self) -> Message:
        """Return the next message."""
        with gevent.Timeout(30, AssertionError("no message")):
            return next(self.messages).model_dump()

    def receive(self, message_type: str) -> Message:
        """Return the next message of this type."""
        with gevent.Timeout(30, AssertionError(f"no {message_type}")):
            return next(message.model_dump() for message in self.messages if message.type == message_type)

    def receive_all(self) -> list[Message]:
        """Return the remaining messages until the worker ends."""
        with gevent.Timeout(30, AssertionError("the worker does not end")):
            return [message.model_dump() for message in self.messages]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    workers: list[Worker] = []

    def start(hyperparameters: object, **settings: Any) -> Worker:
        worker = Worker(settings.pop("folder", tmp_path), hyperparameters, **settings)
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        if worker.outcome is None:
            worker.process.kill()
            worker.end()


def test_a_worker_reports_the_start_every_epoch_and_the_end_and_stores_the_results(start: Any, tmp_path: Path) -> None:
    files = RunFiles(tmp_path / "run")
    chosen = {"epochs": 3, "dtype": "float64", "images_per_class": 20, "validation_fraction": 0.25, "seed": 5}
    worker = start(chosen)
    started = worker.receive_next()
    assert (started["type"], started["train_size"], started["test_size"]) == ("started", 150, 359)
    first = worker.receive("epoch_completed")
    with WeightsHistory.open(files.weights) as history:  # the worker stores the weights before it reports the epoch
        assert history.stored_epochs[0] == 1

    rest = worker.receive_all()
    types = [message["type"] for message in rest if message["type"] != "batch_progress"]
    assert types == [*["epoch_completed"] * 2, "finished"]
    assert rest[-1]["stop_reason"] == "completed"
    best_epoch = [message["result"]["epoch"] for message in [first, *rest] if message.get("is_best")][-1]
    assert rest[-1]["best_epoch"] == best_epoch

    last, best = (load_checkpoint(files.checkpoint(which)) for which in ("last", "best"))
    with WeightsHistory.open(files.weights) as history:
        assert list(history.stored_epochs) == [1, 2, 3]
        for checkpoint in (last, best):
            assert history.read(checkpoint.epoch).tobytes() == checkpoint.parameters.tobytes()
        assert (history.read(1) != history.read(2)).any()

    assert "train_rows" not in started  # the server reads them from the file
    rows = np.load(files.train_rows, allow_pickle=False)
    whole = load_dataset("digits", datasets_dir=tmp_path, cache_dir=tmp_path)
    expected = split_validation(first_of_each_class(whole, 20), 0.25, 5).train.rows
    assert len(rows) == 150
    np.testing.assert_array_equal(rows, expected)


def test_a_run_on_a_table_stores_no_weights(start: Any, tmp_path: Path) -> None:
    chosen = {"dataset": "xor_gate", "loss": "binary_cross_entropy", "batching": "full_batch", "epochs": 3}
    assert start(chosen).receive_all()[-1]["type"] == "finished"
    files = RunFiles(tmp_path / "run")
    assert files.outputs.exists()
    assert not files.weights.exists()
    assert not files.train_rows.exists()


def test_progress_within_an_epoch_is_reported_at_most_five_times_a_second(start: Any) -> None:
    worker = start({"epochs": 10_000, "batch_size": 1, "hidden_sizes": [1000, 1000]})
    worker.receive("started")
    began = monotonic()
    for _ in range(6):
        worker.receive("batch_progress")
    assert monotonic() - began > 0.9  # at least 0.2 s between messages
    worker.process.send(STOP)
    assert worker.receive_all()[-1]["stop_reason"] == "stopped"


def test_a_paused_worker_writes_its_checkpoints_and_can_resume(start: Any, tmp_path: Path) -> None:
    worker = start(ENDLESS)
    for _ in range(3):  # after the first epoch, the worker writes checkpoints also without a pause
        worker.receive("epoch_completed")
    worker.process.send(PAUSE)
    files = RunFiles(tmp_path / "run")
    with gevent.Timeout(30, AssertionError("no checkpoint of the last epoch")):
        while read_checkpoint_epoch(files.checkpoint("last")) != stored_epochs(files):
            gevent.sleep(0.01)
    assert files.checkpoint("best").exists()
    worker.process.send(RESUME)
    worker.receive("epoch_completed")
    worker.process.send(STOP)
    assert worker.receive_all()[-1]["type"] == "finished"


def stored_epochs(files: RunFiles) -> int:
    with PredictionHistory.open(files.predictions) as history:
        return history.epochs


def test_a_worker_that_is_killed_after_its_first_epoch_leaves_its_checkpoints(start: Any, tmp_path: Path) -> None:
    worker = start(ENDLESS)
    worker.receive("epoch_completed")
    worker.process.kill()
    worker.end()
    files = RunFiles(tmp_path / "run")
    for which in WHICH:
        assert load_checkpoint(files.checkpoint(which)).epoch >= 1


def test_a_run_whose_folder_is_deleted_during_training_fails_and_says_so(start: Any, tmp_path: Path) -> None:
    worker = start(ENDLESS)
    worker.receive("epoch_completed")
    folder = tmp_path / "run"
    while folder.exists():  # the worker may be writing a file
        shutil.rmtree(folder, ignore_errors=True)
    failed = worker.receive_all()[-1]
    assert (failed["type"], failed["code"]) == ("failed", "files")
    assert f"{folder / 'predictions.bin'} was deleted or replaced during training" in failed["message"]


def test_a_pause_after_a_stop_does_not_delay_the_stop(start: Any) -> None:
    worker = start(ENDLESS)
    worker.receive("epoch_completed")
    worker.process.send(STOP)
    worker.process.send(PAUSE)
    assert worker.receive_all()[-1]["stop_reason"] == "stopped"


def test_a_change_takes_effect_before_the_next_mini_batch(start: Any) -> None:
    worker = start(ENDLESS)
    worker.receive("epoch_completed")
    worker.process.send(Command(type=CommandType.CHANGE, values={"learning_rate": 0.0625}))
    with gevent.Timeout(30, AssertionError("the learning rate does not change")):
        while worker.receive("epoch_completed")["result"]["learning_rate"] != 0.0625:
            pass
    worker.process.send(STOP)
    assert worker.receive_all()[-1]["type"] == "finished"


def test_a_change_that_is_not_allowed_ends_the_run_with_the_field(start: Any) -> None:
    worker = start(ENDLESS)
    worker.receive("epoch_completed")
    worker.process.send(Command(type=CommandType.CHANGE, values={"seed": 7}))
    failed = worker.receive_all()[-1]
    assert (failed["type"], failed["code"]) == ("failed", "training")
    assert failed["message"] == "seed: cannot change during training"


@pytest.mark.parametrize(
    ("hyperparameters", "code", "text"),
    [
        ({"epochs": 0}, "training", "epochs: must be"),
        ({"dataset": "mnist"}, "dataset", "train-images-idx3-ubyte"),
        ("not JSON", "unexpected", "JSONDecodeError"),
    ],
)
def test_a_failed_run_reports_a_code_and_a_message(start: Any, hyperparameters: object, code: str, text: str) -> None:
    (failed,) = start(hyperparameters).receive_all()
    assert (failed["type"], failed["code"]) == ("failed", code)
    assert text in failed["message"]
    assert ("Traceback" in (failed["traceback"] or "")) is (code == "unexpected")


def test_a_damaged_data_file_is_named(start: Any, tmp_path: Path) -> None:
    folder = tmp_path / "datasets" / "mnist"
    folder.mkdir(parents=True)
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (folder / f"{name}-ubyte").write_bytes(b"no images")
    (failed,) = start({"dataset": "mnist"}).receive_all()
    assert (failed["type"], failed["code"]) == ("failed", "dataset")
    assert "-ubyte" in failed["message"]


def test_an_unwritable_folder_is_named(start: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    (failed,) = start({"epochs": 1}, folder=tmp_path / "file", datasets_dir=tmp_path).receive_all()
    assert (failed["type"], failed["code"]) == ("failed", "files")
    assert str(tmp_path / "file") in failed["message"]


def test_end_describes_how_the_worker_ended(start: Any, tmp_path: Path) -> None:
    finished, killed = start({"epochs": 1}), start(ENDLESS, folder=tmp_path / "other")
    assert finished.receive_all()[-1]["type"] == "finished"
    assert finished.end() == "ended with exit code 0"
    killed.receive("started")
    killed.process.kill()
    assert killed.end() == "was killed by SIGKILL"
