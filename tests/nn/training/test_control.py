"""Control of a run: stops, pauses and changed hyperparameters."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from nn.errors import HyperparameterError
from nn.training.events import StopReason, TrainingFinished
from tests.support.datasets.small_dataset import small_dataset
from tests.support.event_recorder import BatchControl, assert_same_bits, record, without_times

BATCHES = 7  # 108 training images in batches of 16


def test_control_is_called_before_each_batch() -> None:
    control = BatchControl(lambda _batch: True)
    result, _ = record(control=control)
    assert control.n_batches == 3 * BATCHES
    assert result.stop_reason is StopReason.COMPLETED


@pytest.mark.parametrize(
    ("last_batch", "n_epochs"), [(0, 0), (1, 0), (BATCHES - 1, 0), (BATCHES, 1), (BATCHES + 3, 1), (3 * BATCHES - 1, 2)]
)
def test_a_stop_discards_the_unfinished_epoch(last_batch: int, n_epochs: int) -> None:
    control = BatchControl(lambda batch: batch <= last_batch)
    result, recording = record(control=control)
    assert control.n_batches == last_batch + 1
    assert (result.stop_reason, len(result.history), len(recording.epochs)) == (StopReason.STOPPED, n_epochs, n_epochs)
    assert recording.events[-1] == TrainingFinished(StopReason.STOPPED, n_epochs, result.best_epoch)


def test_a_pause_changes_no_result_and_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock advances by one hour in each pause, and stands still otherwise."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def pause(batch: int) -> bool:
        if batch % 5 == 0:
            now[0] += 3600
        return True

    paused, paused_recording = record(control=BatchControl(pause))
    assert now[0] == 4 * 3600
    assert [result.elapsed_seconds for result in paused.history] == [0, 0, 0]
    uninterrupted, uninterrupted_recording = record()
    assert without_times(paused.history) == without_times(uninterrupted.history)
    assert_same_bits(paused_recording.weights, uninterrupted_recording.weights)


def test_errors_of_the_control_are_raised() -> None:
    def fail(_batch: int) -> bool:
        raise ConnectionError("disconnected")

    with pytest.raises(ConnectionError, match="disconnected"):
        record(control=BatchControl(fail))


def test_a_run_can_stop_within_a_batch_of_several_chunks() -> None:
    control = BatchControl(lambda chunk: chunk < 2)
    result, _ = record(small_dataset(n_train=3000), control=control, batching="full_batch", validation_fraction=0)
    assert (result.stop_reason, control.n_batches) == (StopReason.STOPPED, 2)


class ChangeAt:
    """Control of a run that changes hyperparameters before one mini-batch."""

    def __init__(self, batch: int, changes: Mapping[str, float]) -> None:
        self._batch = batch
        self._changes = changes
        self._n_batches = 0

    def proceed(self) -> bool:
        return True

    def changes(self) -> Mapping[str, float]:
        self._n_batches += 1
        return self._changes if self._n_batches == self._batch else {}


def test_a_new_learning_rate_applies_to_the_next_mini_batch() -> None:
    """A run whose rate changes before its first mini-batch equals a run that has this rate from the start."""
    changed, recording = record(control=ChangeAt(1, {"learning_rate": 0.03}))
    started, expected = record(learning_rate=0.03)
    assert [result.learning_rate for result in changed.history] == [0.03] * 3
    assert without_times(changed.history) == without_times(started.history)
    assert_same_bits(recording.weights, expected.weights)


def test_a_change_within_an_epoch_does_not_affect_earlier_epochs() -> None:
    changed, _ = record(control=ChangeAt(BATCHES + 3, {"learning_rate": 0.03}))
    uninterrupted, _ = record()
    assert without_times(changed.history)[0] == without_times(uninterrupted.history)[0]
    assert without_times(changed.history)[1] != without_times(uninterrupted.history)[1]
    assert [result.learning_rate for result in changed.history][1:] == [0.03, 0.03]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"seed": 2}, "seed"), ({"batch_size": 4}, "batch_size"), ({"learning_rate": -1}, "learning_rate")],
)
def test_a_change_that_is_not_allowed_names_the_field(changes: Mapping[str, float], field: str) -> None:
    with pytest.raises(HyperparameterError) as error:
        record(control=ChangeAt(2, changes))
    assert list(error.value.fields) == [field]
