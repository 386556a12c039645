"""Resuming from a checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn.errors import CheckpointError
from nn.hyperparameters.schema import Hyperparameters
from nn.storage.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from nn.training.events import EpochCompleted, StopReason, TrainingEvent
from nn.training.trainer import train
from tests.support.event_recorder import SMALL, BatchControl, assert_same_bits, choices, record, without_times

EPOCHS = 5


def checkpoint_saver(path: Path) -> Callable[[TrainingEvent], None]:
    """Return an event handler that saves the checkpoint of each epoch to `path`."""

    def save(event: TrainingEvent) -> None:
        if isinstance(event, EpochCompleted):
            save_checkpoint(path, event.checkpoint)

    return save


def checkpoint_after(n_epochs: int, folder: Path, *, extra_batches: int = 0, **values: Any) -> Checkpoint:
    """Train for `n_epochs` epochs and some more mini-batches, and load the last saved checkpoint."""
    h = Hyperparameters.parse({"hidden_sizes": (8,), "epochs": EPOCHS, "batch_size": 16} | values)
    n_train = 120 - round(120 * h.validation_fraction)
    per_epoch = 1 if h.batching == "full_batch" else -(-n_train // h.batch_size)
    last_batch = n_epochs * per_epoch + extra_batches % per_epoch
    control = BatchControl(lambda batch: batch <= last_batch)
    path = folder / "checkpoint.npz"
    result = train(h, SMALL, on_event=checkpoint_saver(path), control=control)
    assert result.stop_reason is StopReason.STOPPED
    assert len(result.history) == n_epochs
    return load_checkpoint(path)


@settings(max_examples=40)
@given(chosen=choices(), n_epochs=st.integers(1, EPOCHS - 1), extra_batches=st.integers(0, 20))
def test_a_resumed_run_equals_an_uninterrupted_one(chosen: dict[str, Any], n_epochs: int, extra_batches: int) -> None:
    whole, whole_recording = record(epochs=EPOCHS, **chosen)
    with TemporaryDirectory() as folder:
        checkpoint = checkpoint_after(n_epochs, Path(folder), extra_batches=extra_batches, **chosen)
    rest, rest_recording = record(epochs=EPOCHS, resume_from=checkpoint, **chosen)
    assert without_times(rest.history) == without_times(whole.history[n_epochs:])
    assert rest.best_epoch == whole.best_epoch
    assert rest.stop_reason == whole.stop_reason
    assert_same_bits(rest_recording.weights, whole_recording.weights[n_epochs:])
    assert_same_bits(rest_recording.losses, whole_recording.losses[n_epochs:])
    assert [event.is_best for event in rest_recording.epochs] == [
        event.is_best for event in whole_recording.epochs[n_epochs:]
    ]
    end, whole_end = rest_recording.epochs[-1].checkpoint, whole_recording.epochs[-1].checkpoint
    assert end.random_state == whole_end.random_state
    assert end.optimizer_steps == whole_end.optimizer_steps
    assert list(end.optimizer_state) == list(whole_end.optimizer_state)
    assert_same_bits(list(end.optimizer_state.values()), list(whole_end.optimizer_state.values()))


def test_elapsed_time_continues_from_the_checkpoint(tmp_path: Path) -> None:
    checkpoint = replace(checkpoint_after(2, tmp_path), elapsed_seconds=1000.0)
    result, _ = record(epochs=EPOCHS, resume_from=checkpoint)
    assert all(1000 < epoch.elapsed_seconds < 1100 for epoch in result.history)


def test_divergence_is_still_relative_to_the_first_cost(tmp_path: Path) -> None:
    checkpoint = replace(checkpoint_after(2, tmp_path), first_cost=1e-9)
    result, _ = record(epochs=EPOCHS, resume_from=checkpoint)
    assert (result.stop_reason, len(result.history)) == (StopReason.DIVERGED, 1)


def test_a_run_can_be_made_longer(tmp_path: Path) -> None:
    result, _ = record(epochs=8, resume_from=checkpoint_after(3, tmp_path))
    assert [epoch.epoch for epoch in result.history] == [4, 5, 6, 7, 8]


def test_a_finished_run_stays_finished(tmp_path: Path) -> None:
    result, recording = record(epochs=3, resume_from=checkpoint_after(3, tmp_path))
    assert result.stop_reason is StopReason.COMPLETED
    assert (result.history, recording.epochs) == ([], [])


def test_a_run_that_stopped_early_stays_stopped(tmp_path: Path) -> None:
    chosen: dict[str, Any] = {"learning_rate": 1e-12, "optimizer": "sgd", "early_stopping": True, "patience": 2}
    path = tmp_path / "checkpoint.npz"
    h = Hyperparameters.parse({"epochs": 9} | chosen)
    assert len(train(h, SMALL, on_event=checkpoint_saver(path)).history) == 3
    result = train(h, SMALL, on_event=lambda _event: None, resume_from=load_checkpoint(path))
    assert (result.stop_reason, result.best_epoch, result.history) == (StopReason.EARLY_STOPPING, 1, [])


@pytest.mark.parametrize(
    "other", [{"learning_rate": 0.5}, {"seed": 1}, {"hidden_sizes": (9,)}, {"optimizer": "sgd"}, {"dtype": "float64"}]
)
def test_a_checkpoint_of_another_run_is_rejected(tmp_path: Path, other: dict[str, Any]) -> None:
    with pytest.raises(CheckpointError, match="different hyperparameters"):
        record(epochs=EPOCHS, resume_from=checkpoint_after(1, tmp_path), **other)


def test_a_checkpoint_with_arrays_of_wrong_sizes_is_rejected(tmp_path: Path) -> None:
    checkpoint = checkpoint_after(1, tmp_path)
    for invalid in (
        replace(checkpoint, parameters=np.zeros(3, np.float32)),
        replace(checkpoint, optimizer_state={}),
        replace(checkpoint, optimizer_state=dict.fromkeys(checkpoint.optimizer_state, np.zeros((2, 2), np.float32))),
    ):
        with pytest.raises(CheckpointError, match="of a different size"):
            record(epochs=EPOCHS, resume_from=invalid)
