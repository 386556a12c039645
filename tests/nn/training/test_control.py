"""Control of a run from outside."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from nn.errors import HyperparameterError
from nn.training.events import StopReason, TrainingFinished
from tests.support.event_recorder import Steering, assert_same_bits, record, without_times
from tests.support.small_data import small_dataset

BATCHES = 7  # 108 training images in batches of 16


def test_training_asks_before_each_batch() -> None:
    control = Steering(lambda _batch: True)
    result, _ = record(control=control)
    assert control.asked == 3 * BATCHES
    assert result.stop_reason is StopReason.COMPLETED


@pytest.mark.parametrize(
    ("last_batch", "n_epochs"), [(0, 0), (1, 0), (BATCHES - 1, 0), (BATCHES, 1), (BATCHES + 3, 1), (3 * BATCHES - 1, 2)]
)
def test_a_stop_leaves_out_the_epoch_that_it_cuts(last_batch: int, n_epochs: int) -> None:
    control = Steering(lambda batch: batch <= last_batch)
    result, recording = record(control=control)
    assert control.asked == last_batch + 1
    assert (result.stop_reason, len(result.history), len(recording.epochs)) == (StopReason.STOPPED, n_epochs, n_epochs)
    assert recording.events[-1] == TrainingFinished(StopReason.STOPPED, n_epochs, result.best_epoch)


def test_a_pause_changes_nothing_and_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a clock that stands still except while training is held up, an hour each time."""
    now = [0.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def hold_up(batch: int) -> bool:
        if batch % 5 == 0:
            now[0] += 3600
        return True

    paused, paused_recording = record(control=Steering(hold_up))
    assert now[0] == 4 * 3600
    assert [figures.elapsed_seconds for figures in paused.history] == [0, 0, 0]
    steady, steady_recording = record()
    assert without_times(paused.history) == without_times(steady.history)
    assert_same_bits(paused_recording.weights, steady_recording.weights)


def test_errors_of_the_control_are_raised() -> None:
    def fail(_batch: int) -> bool:
        raise ConnectionError("nobody is there")

    with pytest.raises(ConnectionError, match="nobody is there"):
        record(control=Steering(fail))


def test_a_batch_larger_than_what_passes_at_once_can_be_stopped_within() -> None:
    control = Steering(lambda piece: piece < 2)
    result, _ = record(small_dataset(n_train=3000), control=control, batching="full_batch", validation_fraction=0)
    assert (result.stop_reason, control.asked) == (StopReason.STOPPED, 2)


class ChangeAt:
    """Changes hyperparameters before one mini-batch."""

    def __init__(self, batch: int, changes: Mapping[str, float]) -> None:
        self._batch = batch
        self._changes = changes
        self._asked = 0

    def proceed(self) -> bool:
        return True

    def changes(self) -> Mapping[str, float]:
        self._asked += 1
        return self._changes if self._asked == self._batch else {}


def test_a_new_learning_rate_holds_from_the_next_mini_batch_on() -> None:
    """A change before the first mini-batch of the first epoch equals a run with that rate from its start."""
    changed, recording = record(control=ChangeAt(1, {"learning_rate": 0.03}))
    started, expected = record(learning_rate=0.03)
    assert [result.learning_rate for result in changed.history] == [0.03] * 3
    assert without_times(changed.history) == without_times(started.history)
    assert_same_bits(recording.weights, expected.weights)


def test_a_change_in_mid_epoch_leaves_earlier_epochs_alone() -> None:
    changed, _ = record(control=ChangeAt(BATCHES + 3, {"learning_rate": 0.03}))
    steady, _ = record()
    assert without_times(changed.history)[0] == without_times(steady.history)[0]
    assert without_times(changed.history)[1] != without_times(steady.history)[1]
    assert [result.learning_rate for result in changed.history][1:] == [0.03, 0.03]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"seed": 2}, "seed"), ({"batch_size": 4}, "batch_size"), ({"learning_rate": -1}, "learning_rate")],
)
def test_a_change_that_is_not_allowed_names_the_field(changes: Mapping[str, float], field: str) -> None:
    with pytest.raises(HyperparameterError) as refusal:
        record(control=ChangeAt(2, changes))
    assert list(refusal.value.fields) == [field]
