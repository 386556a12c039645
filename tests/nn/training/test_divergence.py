"""Diverging runs: they stop, keep their results, and cause no NumPy warning."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS
from nn.model.losses import LOSSES
from nn.model.network import Network
from nn.training.events import StopReason, TrainingFinished
from tests.support.datasets.small_dataset import small_dataset
from tests.support.event_recorder import record, without_times

LINEAR: dict[str, Any] = {
    "activation": "linear",
    "loss": "quadratic",
    "output_activation": "linear",
    "optimizer": "sgd",
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop", "adam"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_learning_rate_of_a_million_causes_no_warning(loss: str, optimizer: str, activation: str) -> None:
    """Warnings are errors in tests."""
    result, recording = record(
        loss=loss, optimizer=optimizer, activation=activation, output_activation="linear", learning_rate=1e6, l2=0.01
    )
    assert result.stop_reason is StopReason.DIVERGED
    assert len(result.history) == len(recording.epochs) >= 1
    assert result.history[-1].epoch == len(result.history)
    json.dumps([epoch.to_json() for epoch in result.history], allow_nan=False)


def test_bounded_outputs_have_bounded_costs() -> None:
    result, _ = record(loss="quadratic", output_activation="sigmoid", learning_rate=1e6, optimizer="adam")
    assert result.stop_reason is StopReason.COMPLETED
    assert all((epoch.train_cost or math.inf) <= 1.5 for epoch in result.history)  # at most ½ for each of three outputs


def test_a_cost_that_overflows_ends_the_epoch_and_stores_it() -> None:
    result, recording = record(small_dataset(6000), **LINEAR, learning_rate=1e6, batch_size=10, validation_fraction=0)
    assert result.stop_reason is StopReason.DIVERGED
    (epoch,) = recording.epochs
    assert epoch.result == result.history[0]
    assert epoch.result.gradient_evaluations < 150  # a complete epoch has 600 gradient evaluations
    assert {"train_cost", "test_cost"} <= set(epoch.result.to_json()["non_finite"])
    assert epoch.result.to_json()["train_cost"] is None
    assert 0 <= (epoch.result.train_accuracy or 0) <= 1
    assert epoch.predictions is not None
    assert not np.isfinite(epoch.predictions.losses).any()
    assert not epoch.is_best
    assert recording.events[-1] == TrainingFinished(StopReason.DIVERGED, epochs_completed=1, best_epoch=None)


def test_a_run_can_diverge_in_its_last_step() -> None:
    """The cost before the only step is finite, the cost after it is not."""
    result, _ = record(**LINEAR, hidden_sizes=(8, 8), batching="full_batch", learning_rate=1e9, epochs=1)
    assert math.isfinite(result.history[0].train_cost or math.nan)
    assert not math.isfinite(result.history[0].test_cost or 0)
    assert result.stop_reason is StopReason.DIVERGED


def test_a_cost_above_the_divergence_factor_ends_the_run() -> None:
    values: dict[str, Any] = {"optimizer": "sgd", "learning_rate": 30.0, "epochs": 5}
    tolerant, _ = record(**values, divergence_factor=1e9)
    strict, recording = record(**values, divergence_factor=1.5)
    assert (tolerant.stop_reason, len(tolerant.history)) == (StopReason.COMPLETED, 5)
    assert strict.stop_reason is StopReason.DIVERGED
    assert without_times(strict.history) == without_times(tolerant.history)[: len(strict.history)]
    assert not recording.epochs[-1].is_best


@pytest.mark.parametrize("seed", range(8))
def test_a_first_cost_of_0_is_not_the_reference_for_divergence(seed: int) -> None:
    """With large weights, the cost of a single image is exactly 0 if its prediction is correct."""
    result, _ = record(seed=seed, initializer="normal", initializer_scale=30, batch_size=1, learning_rate=1e-3)
    assert result.stop_reason is StopReason.COMPLETED


def test_the_best_epoch_before_divergence_is_reported() -> None:
    """The learning rate is slightly too large, so the cost falls at first and grows later."""
    result, recording = record(
        **LINEAR, hidden_sizes=(), learning_rate=0.33, epochs=200, batching="full_batch", divergence_factor=5
    )
    assert result.stop_reason is StopReason.DIVERGED
    assert result.best_epoch is not None
    assert 1 < result.best_epoch < len(result.history)
    assert [event.result.epoch for event in recording.epochs if event.is_best][-1] == result.best_epoch


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("weight", [math.inf, -math.inf, math.nan, 3e38])
def test_a_network_that_has_diverged_predicts_without_a_warning(loss: str, weight: float) -> None:
    network = Network(Hyperparameters(hidden_sizes=(8,), loss=loss, output_activation="linear"), 16, 3)
    network.parameters[:] = weight
    inputs = np.linspace(-1, 1, 5 * 16, dtype=np.float32).reshape(5, 16)
    assert network.predict(inputs).shape == (5,)
    assert network.predict_proba(inputs).shape == (5, 3)


def test_the_number_of_blas_threads_is_restored() -> None:
    before = [pool["num_threads"] for pool in threadpool_info()]
    record(**LINEAR, learning_rate=1e9)
    assert [pool["num_threads"] for pool in threadpool_info()] == before
