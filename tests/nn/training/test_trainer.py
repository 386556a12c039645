"""Training as a whole: events, steps, metrics, early stopping and the best epoch."""

from __future__ import annotations

import time
from itertools import count, pairwise
from typing import Any

import numpy as np
import pytest

from nn.datasets.scaling import Scaling
from nn.datasets.splitting import split_validation
from nn.errors import HyperparameterError
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.random_streams import RandomStreams
from nn.training.events import BatchProgress, EpochCompleted, StopReason, TrainingFinished, TrainingStarted
from nn.training.gradient_descent import SECONDS_BETWEEN_PROGRESS
from nn.training.trainer import train
from tests.support.busy_second_thread import busy_second_thread
from tests.support.datasets.small_dataset import small_dataset
from tests.support.event_recorder import SMALL, assert_same_bits, record


def test_events_arrive_in_order_with_their_metrics() -> None:
    result, recording = record(epochs=2, batch_size=25)
    started, *epochs, finished = [event for event in recording.events if not isinstance(event, BatchProgress)]
    assert started == TrainingStarted(
        epochs=2,
        batches_per_epoch=5,  # 120 images, a tenth held out: four batches of 25 and one of 8
        train_size=108,
        validation_size=12,
        test_size=40,
        parameter_count=16 * 8 + 8 + 8 * 3 + 3,
        train_rows=np.arange(108),  # not compared
    )
    assert isinstance(started, TrainingStarted)
    np.testing.assert_array_equal(SMALL.train.labels[started.train_rows], split_validation(SMALL, 0.1, 0).train.labels)
    assert [event.result for event in epochs if isinstance(event, EpochCompleted)] == result.history
    assert [(epoch.epoch, epoch.gradient_evaluations) for epoch in result.history] == [(1, 5), (2, 10)]
    assert finished == TrainingFinished(StopReason.COMPLETED, epochs_completed=2, best_epoch=result.best_epoch)
    assert 0 < result.history[0].elapsed_seconds < result.history[1].elapsed_seconds


def test_steps_and_metrics_equal_those_of_a_plain_loop() -> None:
    """The loop trains a perceptron with softmax, momentum and an L2 penalty."""
    values: dict[str, Any] = {
        "hidden_sizes": (),
        "dtype": "float64",
        "optimizer": "sgd",
        "momentum": 0.5,
        "learning_rate": 0.1,
        "schedule": "exponential",
        "decay_rate": 0.5,
        "l2": 0.01,
        "batch_size": 25,
        "seed": 3,
    }
    result, recording = record(**values)

    data = split_validation(SMALL, 0.1, 3)
    streams = RandomStreams(3)
    start = Network.from_hyperparameters(Hyperparameters(**values), 16, 3, streams.initialization)
    weights, biases = start.layers[0].weights, start.layers[0].biases
    weights_velocity, biases_velocity = np.zeros_like(weights), np.zeros_like(biases)

    def probabilities(images: Any) -> Any:
        scores = np.exp(images / 16 @ weights + biases)
        return scores / scores.sum(axis=1, keepdims=True)

    for epoch, metrics in enumerate(result.history):
        costs, n_correct = 0.0, 0
        order = streams.order.permutation(108)
        for first in range(0, 108, 25):
            rows = order[first : first + 25]
            images, labels = data.train.take(rows), data.train.labels[rows]
            predicted = probabilities(images)
            penalty = 0.01 / 2 * (weights**2).sum()
            costs += -np.log(predicted[np.arange(len(rows)), labels]).sum() + penalty * len(rows)
            n_correct += (predicted.argmax(axis=1) == labels).sum()
            slope = (predicted - np.eye(3)[labels]) / len(rows)
            weights_velocity = 0.5 * weights_velocity + images.T / 16 @ slope + 0.01 * weights
            biases_velocity = 0.5 * biases_velocity + slope.sum(axis=0)
            weights -= 0.1 * 0.5**epoch * weights_velocity
            biases -= 0.1 * 0.5**epoch * biases_velocity
        test_costs = -np.log(probabilities(data.test.inputs)[np.arange(40), data.test.labels])
        validation_costs = -np.log(
            probabilities(data.validation.take(np.arange(12)))[np.arange(12), data.validation.labels]
        )
        assert metrics.learning_rate == pytest.approx(0.1 * 0.5**epoch, rel=1e-14)
        assert metrics.train_cost == pytest.approx(costs / 108, rel=1e-12)
        assert metrics.train_accuracy == pytest.approx(n_correct / 108)
        assert metrics.test_cost == pytest.approx(test_costs.mean(), rel=1e-12)  # without the penalty
        assert metrics.validation_cost == pytest.approx(validation_costs.mean(), rel=1e-12)
        np.testing.assert_allclose(recording.losses[epoch], test_costs, rtol=1e-6)
        np.testing.assert_allclose(recording.weights[epoch], [*weights.ravel(), *biases], rtol=1e-12)


def test_full_batch_takes_one_step_per_epoch() -> None:
    """The images need several passes through the network; the step uses their mean gradient."""
    data = small_dataset(n_train=2500)
    values: dict[str, Any] = {
        "hidden_sizes": (),
        "dtype": "float64",
        "loss": "quadratic",
        "output_activation": "linear",
        "optimizer": "sgd",
        "learning_rate": 0.2,
        "batching": "full_batch",
        "validation_fraction": 0,
        "l2": 0.1,
    }
    result, recording = record(data, epochs=2, **values)
    assert [epoch.gradient_evaluations for epoch in result.history] == [1, 2]
    start = Network.from_hyperparameters(Hyperparameters(**values), 16, 3, RandomStreams(0).initialization)
    weights, biases = start.layers[0].weights, start.layers[0].biases
    for epoch in range(2):
        errors = data.train.inputs / 16 @ weights + biases - np.eye(3)[data.train.labels]
        cost = (errors**2).sum() / 2 / 2500 + 0.1 / 2 * (weights**2).sum()
        assert result.history[epoch].train_cost == pytest.approx(cost, rel=1e-10)
        weights -= 0.2 * (data.train.inputs.T / 16 @ errors / 2500 + 0.1 * weights)
        biases -= 0.2 * errors.mean(axis=0)
        np.testing.assert_allclose(recording.weights[epoch], [*weights.ravel(), *biases], rtol=1e-10)


def test_a_busy_second_thread_changes_no_bit() -> None:
    """The network is so large that matrix products, steps and the gathering of images would use the second thread."""
    data = small_dataset(2500, 30, side=28)
    values: dict[str, Any] = {"hidden_sizes": (600,), "batch_size": 500, "epochs": 1, "validation_fraction": 0}
    _, idle = record(data, **values)
    with busy_second_thread():
        _, busy = record(data, **values)
    assert_same_bits(idle.weights, busy.weights)


def test_best_epoch_has_the_highest_validation_accuracy_then_the_lowest_cost() -> None:
    result, recording = record(epochs=30, learning_rate=0.1, batch_size=8, dropout_rate=0.5)

    def sort_key(epoch: Any) -> tuple[float, float]:
        return epoch.validation_accuracy, -epoch.validation_cost

    assert result.best_epoch == max(result.history, key=sort_key).epoch
    best_so_far = [
        epoch.epoch
        for epoch in result.history
        if all(sort_key(epoch) > sort_key(earlier) for earlier in result.history[: epoch.epoch - 1])
    ]
    assert [event.result.epoch for event in recording.epochs if event.is_best] == best_so_far
    assert 1 < len(best_so_far) < 30


def test_early_stopping_waits_for_its_patience() -> None:
    """Steps below the precision of float32 change nothing, so the first epoch stays the best."""
    result, _ = record(epochs=20, learning_rate=1e-12, optimizer="sgd", early_stopping=True, patience=4)
    assert result.stop_reason is StopReason.EARLY_STOPPING
    assert (result.best_epoch, len(result.history)) == (1, 5)


def test_without_early_stopping_a_run_continues() -> None:
    result, _ = record(epochs=8, learning_rate=1e-12, optimizer="sgd", patience=4)
    assert (result.stop_reason, len(result.history)) == (StopReason.COMPLETED, 8)


def test_the_last_epoch_completes_a_run_whose_patience_ends_with_it() -> None:
    result, _ = record(epochs=5, learning_rate=1e-12, optimizer="sgd", early_stopping=True, patience=4)
    assert result.stop_reason is StopReason.COMPLETED


def test_without_a_validation_split_there_is_no_best_epoch() -> None:
    result, recording = record(validation_fraction=0)
    assert result.best_epoch is None
    assert {(epoch.validation_cost, epoch.validation_accuracy) for epoch in result.history} == {(None, None)}
    assert not any(event.is_best for event in recording.epochs)


def test_the_test_split_does_not_influence_training() -> None:
    """Other test labels give the same weights and the same best epoch."""
    other = small_dataset()
    other.test.labels[:] = 0
    (first, first_recording), (second, second_recording) = record(), record(other)
    assert_same_bits(first_recording.weights, second_recording.weights)
    assert first.best_epoch == second.best_epoch
    assert first.history[-1].test_accuracy != second.history[-1].test_accuracy


def test_progress_is_reported_at_most_ten_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock advances by 1/100 s each time it is read."""
    readings = count()
    monkeypatch.setattr(time, "perf_counter", lambda: next(readings) * 0.01)
    _, recording = record(batch_size=1, epochs=2)
    progress = [event for event in recording.events if isinstance(event, BatchProgress)]
    for epoch in (1, 2):
        reported = [event for event in progress if event.epoch == epoch]
        seconds = [event.batch / event.images_per_second for event in reported]  # batches of one image
        gaps = [later - earlier for earlier, later in pairwise([0.0, *seconds])]
        assert len(reported) > 5
        assert min(gaps) > SECONDS_BETWEEN_PROGRESS * 0.999
        assert max(gaps) < SECONDS_BETWEEN_PROGRESS * 1.5
        assert all(event.batches == 108 and np.isfinite(event.cost) for event in reported)


def test_a_batch_larger_than_the_data_is_rejected() -> None:
    with pytest.raises(HyperparameterError, match="batch_size: must be at most 108"):
        record(batch_size=109)
    assert record(batch_size=109, batching="full_batch")[0].history


def test_data_too_small_for_a_validation_split_is_rejected() -> None:
    with pytest.raises(HyperparameterError, match="validation_fraction: must hold out"):
        record(small_dataset(n_train=60))


def test_errors_of_the_event_handler_are_raised() -> None:
    def fail(_event: object) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        train(Hyperparameters(), SMALL, on_event=fail)


def test_training_does_not_change_the_data_set() -> None:
    dataset = small_dataset()
    record(dataset, batching="full_batch", input_scaling="standardize")
    for split, original in ((dataset.train, SMALL.train), (dataset.test, SMALL.test)):
        np.testing.assert_array_equal(split.inputs, original.inputs)
        np.testing.assert_array_equal(split.labels, original.labels)


def test_a_checkpoint_is_enough_to_predict() -> None:
    result, recording = record(input_scaling="standardize", loss="quadratic", dropout_rate=0.2, epochs=1)
    checkpoint, predictions = recording.epochs[0].checkpoint, recording.epochs[0].predictions
    assert predictions is not None
    inputs = np.empty(SMALL.test.inputs.shape, np.float32)
    Scaling(checkpoint.scaling_offset, checkpoint.scaling_scale).apply(SMALL.test.inputs, inputs)
    network = Network.from_parameters(checkpoint.hyperparameters, 16, 3, checkpoint.parameters)
    np.testing.assert_array_equal(network.predict(inputs), predictions.predicted)
    np.testing.assert_allclose(network.predict_proba(inputs), predictions.probabilities, rtol=0.01, atol=1e-6)
    assert result.history[0].test_accuracy == (network.predict(inputs) == SMALL.test.labels).mean()


@pytest.mark.parametrize("batch_size", [25, 36, 120])
def test_a_summed_cost_is_summed_over_each_batch_on_all_splits(batch_size: int) -> None:
    """The learning rate is so small that all costs are those of the initial weights."""
    values: dict[str, Any] = {"batch_size": batch_size, "learning_rate": 1e-9, "optimizer": "sgd", "epochs": 1}
    mean = record(**values, validation_fraction=0)[0].history[0]
    summed = record(**values, validation_fraction=0, reduction="sum")[0].history[0]
    last = 120 % batch_size
    scale = ((120 - last) * batch_size + last * last) / 120  # the size of an image's batch, averaged over the images
    assert summed.train_cost == pytest.approx((mean.train_cost or 0) * scale, rel=0.05)
    assert summed.test_cost == pytest.approx((mean.test_cost or 0) * batch_size, rel=1e-6)
    assert summed.train_accuracy == mean.train_accuracy


def test_a_diverged_run_does_not_resume() -> None:
    values: dict[str, Any] = {"learning_rate": 1e6, "loss": "quadratic", "output_activation": "linear"}
    diverged, recording = record(**values)
    assert diverged.stop_reason is StopReason.DIVERGED
    resumed, _ = record(**values, resume_from=recording.epochs[-1].checkpoint)
    assert (resumed.stop_reason, resumed.history) == (StopReason.DIVERGED, [])
