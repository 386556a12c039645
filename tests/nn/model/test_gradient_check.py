"""Comparison of backpropagation with finite differences of the cost, for all combinations of activations and losses.

`gradient_check` leaves out a parameter if its finite difference crosses a kink of an activation function. With these
weights and images, it leaves out less than a fifth of all parameters.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from nn.array_types import FloatArray
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS
from nn.model.gradient_check import gradient_check
from nn.model.losses import LOSSES
from nn.model.network import Network

TOLERANCE = 1e-7
N_FEATURES, N_CLASSES, N_IMAGES = 4, 3, 5

OUTPUT_ACTIVATIONS = Hyperparameters.model_json_schema()["properties"]["output_activation"]["enum"]
LOSSES_WITH_OUTPUTS = [
    (name, output)
    for name, loss in LOSSES.items()
    for output in (["linear"] if loss.expects_logits else OUTPUT_ACTIVATIONS)
]
PENALTIES: list[dict[str, Any]] = [{}, {"l1": 0.1}, {"l2": 0.1}, {"l1": 0.1, "l2": 0.1}]
REGULARIZERS = [penalty | dropout for penalty, dropout in product(PENALTIES, ({}, {"dropout_rate": 0.4}))]
OTHER_CHOICES: list[dict[str, Any]] = [
    {"use_bias": False},
    {"reduction": "sum"},
    {"reduction": "sum", "l1": 0.1, "l2": 0.1},
]


def make_network(**values: Any) -> tuple[Network, np.random.Generator]:
    h = Hyperparameters(dtype="float64", initializer="normal", bias_initializer="normal", **values)
    dropout_rng = np.random.default_rng(1)
    rng = np.random.default_rng(0)
    return Network.from_hyperparameters(h, N_FEATURES, N_CLASSES, rng, dropout_rng=dropout_rng), dropout_rng


def make_batch(seed: int = 2, *, real_targets: bool = False) -> tuple[FloatArray, FloatArray]:
    """Return random inputs with one-hot or real-valued targets."""
    rng = np.random.default_rng(seed)
    inputs, labels = rng.standard_normal((N_IMAGES, N_FEATURES)), rng.integers(0, N_CLASSES, N_IMAGES)
    return inputs, rng.standard_normal((N_IMAGES, N_CLASSES)) if real_targets else np.eye(N_CLASSES)[labels]


@pytest.mark.parametrize("hidden_sizes", [(), (6,), (5, 4)], ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("loss", "output_activation"), LOSSES_WITH_OUTPUTS)
def test_gradients_are_correct(
    hidden_sizes: tuple[int, ...], activation: str, loss: str, output_activation: str
) -> None:
    """The networks contain a first, an inner and a last layer; dropout follows each hidden layer."""
    for values in REGULARIZERS + OTHER_CHOICES:
        network, dropout_rng = make_network(
            hidden_sizes=hidden_sizes,
            activation=activation,
            loss=loss,
            output_activation=output_activation,
            initializer_scale=0.7,
            **values,
        )
        check = gradient_check(network, *make_batch(), dropout_rng=dropout_rng)
        assert check.largest_error < TOLERANCE, values
        assert check.n_compared > 0.8 * network.parameter_count, values


@pytest.mark.parametrize("loss", [name for name, loss in LOSSES.items() if not loss.expects_logits])
def test_gradients_of_real_valued_targets_are_correct(loss: str) -> None:
    network, _ = make_network(hidden_sizes=(5,), activation="tanh", loss=loss, output_activation="linear")
    check = gradient_check(network, *make_batch(real_targets=True))
    assert check.largest_error < TOLERANCE
    assert check.n_compared == network.parameter_count


def test_without_a_kink_every_parameter_is_compared() -> None:
    network, dropout_rng = make_network(hidden_sizes=(6, 5), activation="sigmoid", l2=0.1, dropout_rate=0.4)
    check = gradient_check(network, *make_batch(), dropout_rng=dropout_rng)
    assert check.n_compared == network.parameter_count


def test_parameters_are_restored() -> None:
    network, _ = make_network(hidden_sizes=(5,), activation="tanh")
    before = network.parameters.copy()
    gradient_check(network, *make_batch())
    np.testing.assert_array_equal(network.parameters, before)


@pytest.mark.parametrize("relative_error", [1e-6, -1e-6])
@pytest.mark.parametrize("layer", [0, 1])
def test_a_slightly_wrong_gradient_is_detected(
    layer: int, relative_error: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, _ = make_network(hidden_sizes=(5,), activation="tanh")
    correct_backward = network.backward

    def wrong_backward(targets: FloatArray) -> None:
        correct_backward(targets)
        network.layers[layer].weights_gradient[...] *= 1 + relative_error

    monkeypatch.setattr(network, "backward", wrong_backward)
    assert gradient_check(network, *make_batch()).largest_error == pytest.approx(abs(relative_error) / 2, rel=0.05)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_units_at_their_kink_are_left_out(activation: str) -> None:
    """All pre-activations of the hidden layer are exactly 0, where the slope changes."""
    network, _ = make_network(hidden_sizes=(6,), activation=activation)
    hidden, output = network.layers
    hidden.weights[...] = 0
    hidden.biases[...] = 0
    check = gradient_check(network, *make_batch())
    assert check.n_compared == output.weights.size + output.biases.size
    assert check.largest_error < TOLERANCE


def test_weights_at_the_kink_of_the_penalty_are_left_out() -> None:
    network, _ = make_network(hidden_sizes=(), l1=0.5)
    network.layers[0].weights[1, :] = 0
    network.layers[0].weights[2, 0] = 1e-5
    check = gradient_check(network, *make_batch())
    assert check.n_compared == network.parameter_count - N_CLASSES - 1
    assert check.largest_error < TOLERANCE
