"""SciPy's optimizers: each iteration is an epoch, and runs can be stopped and resumed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from nn.errors import CheckpointError, HyperparameterError
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.random_streams import RandomStreams
from nn.storage.checkpoint import Checkpoint
from nn.training.events import EpochCompleted, StopReason, TrainingEvent
from nn.training.scipy_minimizer import METHODS
from nn.training.trainer import train
from tests.support.datasets.small_dataset import small_dataset
from tests.support.event_recorder import SMALL, BatchControl, assert_same_bits, record, without_times

SEARCH: dict[str, Any] = {"batching": "full_batch", "dtype": "float64", "validation_fraction": 0, "l2": 0.01}


def iterates(
    h: Hyperparameters, cost_and_gradient: Callable[[Any], Any], method: str, options: dict[str, Any]
) -> list[Any]:
    """Return the first parameters of a network and those after each iteration of SciPy."""
    start = Network.from_hyperparameters(h, 16, 3, RandomStreams(0).initialization).parameters
    found = [start.copy()]
    minimize(
        cost_and_gradient,
        start,
        jac=True,
        method=method,
        callback=lambda parameters: found.append(parameters.copy()),
        options=options,
    )
    return found


@pytest.mark.parametrize("optimizer", METHODS)
def test_iterations_equal_those_of_scipy(optimizer: str) -> None:
    """Minimize an independent implementation of a softmax perceptron with SciPy directly."""
    result, recording = record(optimizer=optimizer, hidden_sizes=(), epochs=6, **SEARCH)
    images, targets = SMALL.train.inputs / 16, np.eye(3)[SMALL.train.labels]

    def cost_and_gradient(parameters: Any) -> Any:
        weights, biases = parameters[:48].reshape(16, 3), parameters[48:]
        probabilities = np.exp(images @ weights + biases)
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        slope = (probabilities - targets) / 120
        cost = -np.log(probabilities[targets == 1]).mean() + 0.005 * (weights**2).sum()
        return cost, np.concatenate([(images.T @ slope + 0.01 * weights).ravel(), slope.sum(axis=0)])

    h = Hyperparameters.parse({"optimizer": optimizer, "hidden_sizes": (), **SEARCH})
    method = {"conjugate_gradient": "CG", "lbfgs": "L-BFGS-B"}[optimizer]
    expected = iterates(h, cost_and_gradient, method, {"maxiter": 6, "gtol": 0})
    assert len(expected) == 7
    np.testing.assert_allclose(recording.weights, expected[1:], rtol=1e-6, atol=1e-9)
    costs = [cost_and_gradient(parameters)[0] for parameters in expected]
    np.testing.assert_allclose([epoch.train_cost or 0 for epoch in result.history], costs[:6], rtol=1e-9)


@pytest.mark.parametrize("loss", ["binary_cross_entropy", "softmax_cross_entropy"])
def test_the_iterations_stay_exact_while_the_cost_falls_to_almost_0(loss: str) -> None:
    """Minimize an independent implementation, in which no probability is subtracted from 1, with SciPy directly."""
    values = SEARCH | {"l2": 0, "loss": loss, "activation": "sigmoid", "initializer": "normal"}
    result, _ = record(optimizer="lbfgs", epochs=40, **values)
    images, is_label = SMALL.train.inputs / 16, np.eye(3)[SMALL.train.labels] == 1

    def binary(logits: Any) -> Any:
        losses = -np.where(is_label, log_expit(logits), log_expit(-logits))
        return losses.sum(), np.where(is_label, -expit(-logits), expit(logits))

    def softmax(logits: Any) -> Any:
        differences = logits - logits[is_label][:, np.newaxis]
        others = np.where(is_label, 0.0, np.exp(differences))  # relative to the label's exponential
        odds = others.sum(axis=1, keepdims=True)
        return np.log1p(odds).sum(), np.where(is_label, -odds, others) / (1 + odds)

    def cost_and_gradient(parameters: Any) -> Any:
        first, first_bias, last, last_bias = np.split(parameters, [128, 136, 160])
        hidden = expit(images @ first.reshape(16, 8) + first_bias)
        logits = hidden @ last.reshape(8, 3) + last_bias
        cost, deltas = (binary if loss == "binary_cross_entropy" else softmax)(logits)
        hidden_deltas = deltas @ last.reshape(8, 3).T * hidden * (1 - hidden)
        gradients = [images.T @ hidden_deltas, hidden_deltas.sum(axis=0), hidden.T @ deltas, deltas.sum(axis=0)]
        return cost / 120, np.concatenate([gradient.ravel() for gradient in gradients]) / 120

    h = Hyperparameters.parse({"optimizer": "lbfgs", "hidden_sizes": (8,), **values})
    expected = iterates(h, cost_and_gradient, "L-BFGS-B", {"maxiter": 40, "gtol": 0, "ftol": 0})
    costs = [cost_and_gradient(parameters)[0] for parameters in expected[:-1]]
    assert costs[-1] < 1e-9
    np.testing.assert_allclose([epoch.train_cost or 0 for epoch in result.history], costs, rtol=1e-9)


@pytest.mark.parametrize("optimizer", METHODS)
def test_metrics_are_those_before_each_iteration(optimizer: str) -> None:
    result, _ = record(optimizer=optimizer, epochs=10, **SEARCH)
    costs = [epoch.train_cost or 0 for epoch in result.history]
    evaluations = [epoch.gradient_evaluations for epoch in result.history]
    assert result.stop_reason is StopReason.COMPLETED
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > 2 * costs[-1]
    assert evaluations == sorted(set(evaluations))
    assert all(epoch.learning_rate is None for epoch in result.history)
    assert all(0 <= (epoch.train_accuracy or 0) <= 1 for epoch in result.history)
    assert all(epoch.images_per_second > 0 for epoch in result.history)


@pytest.mark.parametrize("optimizer", METHODS)
@pytest.mark.parametrize("epoch", [1, 4])
def test_a_resumed_run_equals_an_uninterrupted_one(optimizer: str, epoch: int) -> None:
    whole, recording = record(optimizer=optimizer, epochs=7, **SEARCH)
    checkpoints: list[Checkpoint] = []

    def store_checkpoint(event: TrainingEvent) -> None:
        if isinstance(event, EpochCompleted) and event.result.epoch == epoch:
            checkpoints.append(event.checkpoint)

    h = Hyperparameters.parse(
        {"hidden_sizes": (8,), "batch_size": 16, "optimizer": optimizer, "epochs": epoch} | SEARCH
    )
    train(h, SMALL, on_event=store_checkpoint)
    resumed, rest = record(optimizer=optimizer, epochs=7, resume_from=checkpoints[0], **SEARCH)
    assert without_times(resumed.history) == without_times(whole.history[epoch:])
    assert_same_bits(rest.weights, recording.weights[epoch:])
    assert resumed.history[0].elapsed_seconds >= checkpoints[0].elapsed_seconds


def test_iterations_that_cannot_be_repeated_raise_an_error() -> None:
    _, recording = record(optimizer="lbfgs", epochs=2, **SEARCH)
    checkpoint = recording.epochs[-1].checkpoint
    checkpoint.parameters[0] += 1e-9
    with pytest.raises(CheckpointError, match="cannot be repeated"):
        record(optimizer="lbfgs", epochs=4, resume_from=checkpoint, **SEARCH)


def test_a_run_ends_if_no_step_lowers_the_cost() -> None:
    result, recording = record(optimizer="lbfgs", hidden_sizes=(), epochs=10_000, **SEARCH)
    assert result.stop_reason is StopReason.CONVERGED
    assert 10 < len(result.history) < 10_000
    assert recording.events[-1].stop_reason is StopReason.CONVERGED  # type: ignore[union-attr]


@pytest.mark.parametrize("optimizer", METHODS)
def test_a_run_can_be_stopped_within_an_iteration(optimizer: str) -> None:
    whole, _ = record(optimizer=optimizer, epochs=9, **SEARCH)
    result, _ = record(optimizer=optimizer, epochs=9, control=BatchControl(lambda batch: batch <= 6), **SEARCH)
    assert result.stop_reason is StopReason.STOPPED
    assert 0 < len(result.history) < 9
    assert without_times(result.history) == without_times(whole.history[: len(result.history)])


@pytest.mark.parametrize("optimizer", METHODS)
def test_incompatible_hyperparameters_are_rejected(optimizer: str) -> None:
    with pytest.raises(HyperparameterError) as error:
        Hyperparameters.parse({"optimizer": optimizer, "l1": 0.1, "dropout_rate": 0.5})
    assert list(error.value.fields) == ["batching", "l1", "dropout_rate"]
    assert error.value.fields["batching"].startswith(f"must be full_batch, because {optimizer} compares costs")
    assert error.value.fields["l1"].startswith("must be 0, because ")
    assert error.value.fields["dropout_rate"].startswith("must be 0, because ")


def test_early_stopping_ends_a_run() -> None:
    values = {**SEARCH, "validation_fraction": 0.2, "l2": 0.3}  # this strong penalty lowers the validation accuracy
    result, _ = record(optimizer="lbfgs", epochs=300, early_stopping=True, patience=2, **values)
    assert result.stop_reason is StopReason.EARLY_STOPPING
    assert result.best_epoch == len(result.history) - 2


def test_a_large_batch_is_processed_in_chunks() -> None:
    """1,100 images do not fit the network's buffers."""
    result, _ = record(small_dataset(1100), optimizer="lbfgs", epochs=3, **SEARCH)
    assert [epoch.epoch for epoch in result.history] == [1, 2, 3]


@pytest.mark.parametrize("optimizer", METHODS)
def test_an_initial_cost_that_is_not_finite_ends_the_run_as_diverged(optimizer: str) -> None:
    values = {"loss": "quadratic", "output_activation": "linear", "initializer": "constant", "initializer_scale": 100}
    huge = SEARCH | values | {"dtype": "float32", "hidden_sizes": (30,) * 8, "activation": "linear", "l2": 0}
    result, _ = record(optimizer=optimizer, input_scaling="none", **huge)
    assert result.stop_reason is StopReason.DIVERGED
    assert len(result.history) == 1
    assert "train_cost" in result.history[0].to_json()["non_finite"]


@pytest.mark.parametrize("optimizer", METHODS)
def test_the_final_network_is_that_of_the_last_epoch(optimizer: str) -> None:
    """The optimizer may have rejected the last step that it tried."""
    result, recording = record(optimizer=optimizer, hidden_sizes=(), epochs=10_000, **SEARCH)
    assert result.stop_reason is StopReason.CONVERGED
    np.testing.assert_array_equal(result.network.parameters, recording.weights[-1])


@pytest.mark.parametrize("optimizer", METHODS)
def test_a_zero_gradient_at_the_start_ends_after_one_epoch(optimizer: str) -> None:
    """The weights of both hidden layers are almost 0, so the gradients vanish."""
    dead = SEARCH | {"hidden_sizes": (4, 4), "use_bias": False, "l2": 0, "dtype": "float32", "activation": "linear"}
    result, _ = record(optimizer=optimizer, initializer="constant", initializer_scale=1e-30, **dead)
    assert result.stop_reason is StopReason.CONVERGED
    assert [epoch.train_cost for epoch in result.history] == [pytest.approx(np.log(3))]
