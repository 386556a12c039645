"""Forward pass in float64, compared with values computed by hand, plain loops and finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from nn.explanations.forward_pass import Float64Network, ForwardPass
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS
from nn.model.losses import LOSSES
from nn.model.network import Network
from tests.support.float64_networks import (
    PIECEWISE_LINEAR,
    layer_of,
    plain_layers,
    random_network,
    with_parameters,
)

HIDDEN_SIZES = [(), (5,), (5, 4), (4, 3, 5)]
DIRECTION = np.array([1.0, -1.0, 0.25])


def images(n_images: int = 3, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n_images, 6))


def small_network() -> Float64Network:
    """Return a network of two inputs, two ReLU units and two classes."""
    return Float64Network([layer_of([[1, -1], [2, 1]], [0.5, -2], "relu"), layer_of([[3, 1], [5, 7]], [0.25, -1])])


def test_a_pass_computed_by_hand() -> None:
    """Pre-activations 1 + 2 + 0.5 = 3.5 and −1 + 1 − 2 = −2: only the first unit is active."""
    forward_pass = ForwardPass(small_network(), np.array([[1.0, 1.0]]))
    np.testing.assert_array_equal(forward_pass.activations[0], [[1, 1]])
    np.testing.assert_array_equal(forward_pass.activations[1], [[3.5, 0]])
    np.testing.assert_array_equal(forward_pass.logits, [[10.75, 2.5]])
    hidden, outputs = forward_pass.deltas(np.array([1.0, -1.0]))
    np.testing.assert_array_equal(hidden, [[2, 0]])
    np.testing.assert_array_equal(outputs, [[1, -1]])
    np.testing.assert_array_equal(forward_pass.input_gradient(np.array([1.0, -1.0])), [[2, 4]])
    np.testing.assert_array_equal(forward_pass.unit_gradients(np.array([1, 0])), [[0, 0], [1, 2]])


@pytest.mark.parametrize("hidden_sizes", HIDDEN_SIZES, ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_layer_equals_plain_loops(hidden_sizes: tuple[int, ...], activation: str) -> None:
    network, inputs = random_network(hidden_sizes, activation), images()
    forward_pass = ForwardPass(network, inputs)
    for row, image in enumerate(inputs):
        *hidden, logits = plain_layers(network, activation, image)
        for layer, outputs in enumerate(hidden, start=1):
            np.testing.assert_allclose(forward_pass.activations[layer][row], outputs, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(forward_pass.logits[row], logits, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("hidden_sizes", HIDDEN_SIZES, ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_deltas_match_finite_differences_of_the_pre_activations(hidden_sizes: tuple[int, ...], activation: str) -> None:
    """A change of a bias changes the pre-activation by the same amount."""
    network, inputs, step = random_network(hidden_sizes, activation), images(), 1e-6
    deltas = ForwardPass(network, inputs).deltas(DIRECTION)
    for index, layer in enumerate(network.layers):
        for unit in range(layer.biases.size):
            change = step * (np.arange(layer.biases.size) == unit)
            higher, lower = (
                with_parameters(network, index, biases=layer.biases + sign * change).logits(inputs) @ DIRECTION
                for sign in (1, -1)
            )
            np.testing.assert_allclose(deltas[index][:, unit], (higher - lower) / (2 * step), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("hidden_sizes", HIDDEN_SIZES, ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_input_gradients_match_finite_differences(hidden_sizes: tuple[int, ...], activation: str) -> None:
    network, inputs, step = random_network(hidden_sizes, activation), images(), 1e-6
    gradient = ForwardPass(network, inputs).input_gradient(DIRECTION)
    for feature, change in enumerate(step * np.eye(6)):
        difference = (network.logits(inputs + change) - network.logits(inputs - change)) @ DIRECTION / (2 * step)
        np.testing.assert_allclose(gradient[:, feature], difference, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_unit_gradients_match_finite_differences(activation: str) -> None:
    network, image, step = random_network((5, 4), activation), images()[0], 1e-6
    units = [2, 0, 3]
    gradients = ForwardPass(network, image[np.newaxis]).unit_gradients(np.array(units))
    for feature, change in enumerate(step * np.eye(6)):
        higher, lower = (plain_layers(network, activation, image + sign * change)[1] for sign in (1, -1))
        expected = [(higher[unit] - lower[unit]) / (2 * step) for unit in units]
        np.testing.assert_allclose(gradients[:, feature], expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_several_images_equal_each_image_alone(activation: str) -> None:
    network, inputs = random_network((5, 4), activation), images(7)
    together = ForwardPass(network, inputs).deltas(DIRECTION)
    for row, image in enumerate(inputs):
        alone = ForwardPass(network, image[np.newaxis]).deltas(DIRECTION)
        for joint, single in zip(together, alone, strict=True):
            np.testing.assert_allclose(joint[row], single[0], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("hidden_sizes", HIDDEN_SIZES, ids=str)
def test_one_image_can_have_several_directions(hidden_sizes: tuple[int, ...]) -> None:
    forward_pass = ForwardPass(random_network(hidden_sizes, "tanh"), images(1))
    directions = np.random.default_rng(3).standard_normal((4, 3))
    gradients = forward_pass.input_gradient(directions)
    assert gradients.shape == (4, 6)
    for gradient, direction in zip(gradients, directions, strict=True):
        np.testing.assert_allclose(gradient, forward_pass.input_gradient(direction)[0], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("output_activation", ["sigmoid", "tanh", "linear"])
def test_logits_are_the_values_before_the_output_activation(
    loss: str, output_activation: str, *, use_bias: bool
) -> None:
    """With every output activation, the class with the largest logit is predicted."""
    h = Hyperparameters.parse(
        {"hidden_sizes": (5,), "loss": loss, "output_activation": output_activation, "use_bias": use_bias}
        | {"dtype": "float64", "bias_initializer": "normal"}
    )
    network = Network.from_hyperparameters(h, 6, 3, np.random.default_rng(0))
    inputs = images(50)
    logits = Float64Network.from_network(network).logits(inputs)
    np.testing.assert_allclose(network.loss.outputs(logits), network.predict_outputs(inputs), rtol=1e-12)
    np.testing.assert_array_equal(logits.argmax(axis=1), network.predict(inputs))


def test_a_float64_network_is_a_copy() -> None:
    h = Hyperparameters(hidden_sizes=(5,), dtype="float32")
    network = Network.from_hyperparameters(h, 6, 3, np.random.default_rng(0))
    copy = Float64Network.from_network(network)
    before = copy.logits(images())
    assert {layer.weights.dtype for layer in copy.layers} == {np.dtype(np.float64)}
    np.testing.assert_allclose(before, network.predict_outputs(images()), rtol=1e-5, atol=1e-6)
    network.parameters[:] = 0
    np.testing.assert_array_equal(copy.logits(images()), before)


def test_without_biases_zero_inputs_give_zero_logits() -> None:
    network = random_network((5, 4), "relu", use_bias=False)
    np.testing.assert_array_equal(network.logits(np.zeros((1, 6))), np.zeros((1, 3)))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_piecewise_linear_networks(activation: str) -> None:
    """Only the activations of the hidden layers decide whether a network is piecewise linear."""
    layer = layer_of([[1.0]], [0.0], activation)
    assert Float64Network([layer, layer]).is_piecewise_linear == (activation in PIECEWISE_LINEAR)
    assert Float64Network([layer]).is_piecewise_linear
    assert [Float64Network([layer] * n).n_hidden_layers for n in (1, 2, 3)] == [0, 1, 2]


def test_a_logit_difference_selects_two_classes() -> None:
    network = random_network()
    np.testing.assert_array_equal(network.logit_difference(2, 0), [-1, 0, 1])
    np.testing.assert_array_equal(network.logit_difference(1, 1), [0, 0, 0])


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("broken", [np.nan, np.inf, 1e200])
def test_a_diverged_network_gives_no_warning(activation: str, broken: float) -> None:
    """Warnings are errors in tests."""
    network = random_network((5, 4), activation)
    for index, layer in enumerate(network.layers):
        network = with_parameters(network, index, weights=layer.weights * broken)
    forward_pass = ForwardPass(network, images())
    forward_pass.input_gradient(DIRECTION)
    assert not np.isfinite(forward_pass.logits).all() or broken == 1e200
