"""Comparison of fifty training steps with scikit-learn, from the same weights on the same batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier, MLPRegressor

from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.training.optimizers import make_optimizer
from tests.support.textbook import Array

TOLERANCE = 1e-10
STEPS = 50
L2 = 0.05
N_FEATURES, BATCH, HIDDEN = 5, 9, (6, 4)

# Hyperparameters of Misfit and of scikit-learn. scikit-learn's Adam adds ε to √v before the bias correction of v, so
# both agree only for a negligible ε. scikit-learn's momentum velocity includes the learning rate, which makes no
# difference if the learning rate is constant.
OPTIMIZERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "sgd": ({"optimizer": "sgd"}, {"solver": "sgd", "momentum": 0.0, "nesterovs_momentum": False}),
    "momentum": (
        {"optimizer": "sgd", "momentum": 0.8},
        {"solver": "sgd", "momentum": 0.8, "nesterovs_momentum": False},
    ),
    "nesterov": (
        {"optimizer": "sgd", "momentum": 0.8, "nesterov": True},
        {"solver": "sgd", "momentum": 0.8, "nesterovs_momentum": True},
    ),
    "adam": (
        {"optimizer": "adam", "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-16},
        {"solver": "adam", "beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-16},
    ),
}
ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic", "linear": "identity"}
# Loss and number of outputs of each task.
TASKS = {
    "classes": ("softmax_cross_entropy", 3),
    "two classes": ("binary_cross_entropy", 1),
    "labels": ("binary_cross_entropy", 3),
    "numbers": ("quadratic", 3),
}


def draw_batch(task: str, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Return a batch of inputs, targets for our network, and targets for scikit-learn."""
    n_outputs = TASKS[task][1]
    inputs = rng.standard_normal((BATCH, N_FEATURES))
    match task:
        case "classes":
            classes = rng.permutation(np.arange(BATCH) % n_outputs)
            return inputs, np.eye(n_outputs)[classes], classes.astype(float)
        case "numbers":
            numbers = rng.random((BATCH, n_outputs))
            return inputs, numbers, numbers
        case _:
            labels = rng.permuted((np.arange(BATCH) % 2)[:, np.newaxis].repeat(n_outputs, axis=1), axis=0)
            return inputs, labels.astype(float), np.squeeze(labels)


def peer_of(network: Network, task: str, **values: Any) -> MLPClassifier | MLPRegressor:
    """Return a scikit-learn network with the weights of ours.

    Only `partial_fit` creates the weights, and it also takes a step. Then the weights are overwritten, and the
    optimizer is deleted so that the next call creates a new one.
    """
    peer_class = MLPRegressor if task == "numbers" else MLPClassifier
    # scikit-learn's penalty is α/2n Σw² for a batch of n images.
    common = {"hidden_layer_sizes": HIDDEN, "batch_size": BATCH, "shuffle": False}
    peer = peer_class(**common, alpha=L2 * BATCH, **values)
    inputs, _, targets = draw_batch(task, np.random.default_rng(0))
    take_step(peer, inputs, targets)
    for layer, weights, biases in zip(network.layers, peer.coefs_, peer.intercepts_, strict=True):
        weights[...], biases[...] = layer.weights, layer.biases
    del peer._optimizer
    return peer


def take_step(peer: MLPClassifier | MLPRegressor, inputs: Array, targets: Array) -> None:
    if isinstance(peer, MLPClassifier) and not hasattr(peer, "classes_"):
        peer.partial_fit(inputs, targets, classes=np.unique(targets) if targets.ndim == 1 else np.arange(3))
    else:
        peer.partial_fit(inputs, targets)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_weights_and_costs_equal_those_of_scikit_learn(optimizer: str, activation: str, task: str) -> None:
    (ours, theirs), (loss, n_outputs) = OPTIMIZERS[optimizer], TASKS[task]
    rate = {"sgd": 0.1, "adam": 0.01}.get(optimizer, 0.04)
    common: dict[str, Any] = {"hidden_sizes": HIDDEN, "dtype": "float64", "initializer": "glorot"}
    h = Hyperparameters(
        **common,
        **ours,
        activation=activation,
        loss=loss,
        output_activation="linear",
        l2=L2,
        learning_rate=rate,
        bias_initializer="normal",
    )
    network = Network.from_hyperparameters(h, N_FEATURES, n_outputs, np.random.default_rng(1))
    our_optimizer = make_optimizer(h, network.parameters, network.gradient)
    peer = peer_of(network, task, activation=ACTIVATIONS[activation], learning_rate_init=rate, **theirs)
    start, rng = network.parameters.copy(), np.random.default_rng(2)
    cost_factor = 1 / n_outputs if task == "numbers" else 1.0  # averaged over outputs, unlike the gradient
    for _ in range(STEPS):
        inputs, targets, their_targets = draw_batch(task, rng)
        cost = cost_factor * network.loss.values(network.forward(inputs), targets).mean() + network.penalty()
        network.backward(targets)
        our_optimizer.step(rate)
        take_step(peer, inputs, their_targets)
        assert peer.loss_ == pytest.approx(cost, rel=TOLERANCE)
    assert np.linalg.norm(network.parameters - start) > 0.03 * np.linalg.norm(start)
    for layer, weights, biases in zip(network.layers, peer.coefs_, peer.intercepts_, strict=True):
        for actual, expected in ((layer.weights, weights), (layer.biases, biases)):
            np.testing.assert_allclose(actual, expected, rtol=TOLERANCE, atol=1e-3 * TOLERANCE * np.abs(expected).max())
