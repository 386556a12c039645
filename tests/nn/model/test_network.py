"""Network: a pass computed by hand, predictions, and arrays of invalid shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.errors import ShapeError
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS
from nn.model.losses import LOSSES
from nn.model.network import Network, count_parameters


def make_network(
    n_features: int = 4, n_classes: int = 3, *, seed: int = 0, max_rows: int = 64, **values: Any
) -> Network:
    h = Hyperparameters(**({"dtype": "float64", "hidden_sizes": (5,)} | values))
    rng = np.random.default_rng(seed)
    return Network.from_hyperparameters(h, n_features, n_classes, rng, dropout_rng=rng, max_rows=max_rows)


def inputs_of(n_images: int, n_features: int = 4, seed: int = 1) -> Any:
    return np.random.default_rng(seed).standard_normal((n_images, n_features))


@pytest.mark.parametrize(
    ("hidden_sizes", "count"), [((), 15), ((5,), 25 + 18), ((6, 2), 30 + 14 + 9), ((1, 1, 1), 5 + 2 + 2 + 6)]
)
def test_parameters_are_counted(hidden_sizes: tuple[int, ...], count: int) -> None:
    network = make_network(hidden_sizes=hidden_sizes)
    assert network.parameter_count == len(network.parameters) == len(network.gradient) == count
    assert count_parameters((4, *hidden_sizes, 3)) == count
    assert [layer.weights.shape[0] for layer in network.layers] == [4, *hidden_sizes]


def test_one_pass_computed_by_hand() -> None:
    """The network has one input, one sigmoid unit, one sigmoid output, quadratic loss and an L2 penalty."""
    network = make_network(
        1, 1, hidden_sizes=(1,), activation="sigmoid", loss="quadratic", output_activation="sigmoid", l2=0.1
    )
    network.parameters[:] = [2.0, -1.0, 3.0, 0.5]  # w₁, b₁, w₂, b₂
    logits = network.forward(np.array([[1.0]]))
    a1 = 0.7310585786300049  # σ(2 · 1 − 1)
    a2 = 0.936622756748717  # σ(3 a₁ + 0.5)
    assert network.loss.outputs(logits)[0, 0] == pytest.approx(a2, rel=1e-12)
    network.backward(np.array([[0.0]]))
    d2 = a2 * a2 * (1 - a2)
    d1 = d2 * 3.0 * a1 * (1 - a1)
    assert network.gradient == pytest.approx([d1 + 0.2, d1, d2 * a1 + 0.3, d2], rel=1e-12)
    assert network.penalty() == pytest.approx(0.05 * (4 + 9))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_forward_pass_computes_logits_and_only_squared_losses_have_an_output_activation(loss: str) -> None:
    network = make_network(hidden_sizes=(), loss=loss, output_activation="sigmoid")
    network.parameters[:] = 50.0
    inputs = np.ones((1, 4))
    assert network.forward(inputs)[0, 0] == 250.0
    assert network.predict_outputs(inputs)[0, 0] == (250.0 if "entropy" in loss else 1.0)


@pytest.mark.parametrize("loss", LOSSES)
def test_predictions_of_many_images_equal_those_of_each_image(loss: str) -> None:
    """The images need several passes through the network, and the last pass has fewer images."""
    network = make_network(loss=loss, max_rows=4, dropout_rate=0.5)
    inputs = inputs_of(11)
    together = network.predict_proba(inputs)
    separate = np.concatenate([network.predict_proba(image[np.newaxis]) for image in inputs])
    np.testing.assert_allclose(together, separate, rtol=1e-12)
    np.testing.assert_array_equal(network.predict(inputs), [network.predict(image[np.newaxis])[0] for image in inputs])
    assert network.predict(inputs).tolist() == together.argmax(axis=1).tolist()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_extreme_inputs_give_probabilities_and_no_warning(loss: str, activation: str, dtype: str) -> None:
    network = make_network(loss=loss, activation=activation, dtype=dtype, initializer="normal", initializer_scale=30)
    probabilities = network.predict_proba(np.array([[1e4] * 4, [-1e4] * 4, [1e4, -1e4, 0, 1e-4]]))
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    if loss == "softmax_cross_entropy":
        np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, rtol=1e-6)


def test_probabilities_of_linear_outputs_are_clipped() -> None:
    network = make_network(1, 3, hidden_sizes=(), loss="quadratic", output_activation="linear")
    network.parameters[:] = [1.0, 1.0, 1.0, -2.0, -0.75, 5.0]
    assert network.predict_proba(np.array([[1.0]])).tolist() == [[0.0, 0.25, 1.0]]


def test_dropout_applies_only_in_training() -> None:
    network = make_network(hidden_sizes=(40,), dropout_rate=0.5)
    inputs = inputs_of(3)
    first = network.forward(inputs).copy()
    assert (first != network.forward(inputs)).any()
    np.testing.assert_array_equal(network.logits(inputs).copy(), network.logits(inputs))


def test_without_a_generator_there_is_no_dropout() -> None:
    h = Hyperparameters(dropout_rate=0.5, hidden_sizes=(40,))
    network = Network.from_hyperparameters(h, 4, 3, np.random.default_rng(0))
    inputs = inputs_of(3).astype(np.float32)
    np.testing.assert_array_equal(network.forward(inputs).copy(), network.logits(inputs))


def test_a_copy_from_parameters_predicts_the_same() -> None:
    network = make_network(dropout_rate=0.5)
    h = Hyperparameters(dtype="float64", hidden_sizes=(5,), dropout_rate=0.5)
    copy = Network.from_parameters(h, 4, 3, network.parameters)
    np.testing.assert_array_equal(copy.predict_proba(inputs_of(9)), network.predict_proba(inputs_of(9)))
    network.parameters[:] = 0
    assert copy.parameters.any()


@pytest.mark.parametrize("shape", [(4,), (2, 3), (2, 5), (0, 4), (65, 4), (2, 2, 4)])
def test_inputs_of_a_wrong_shape_are_rejected(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"inputs must be \(1 to 64, 4\)"):
        make_network().forward(np.zeros(shape))


def test_a_wrong_number_of_parameters_is_rejected() -> None:
    with pytest.raises(ShapeError, match="43 parameters, not 44"):
        Network.from_parameters(Hyperparameters(hidden_sizes=(5,)), 4, 3, np.zeros(44, np.float32))


@pytest.mark.parametrize(("bias_initializer", "any_bias"), [("zeros", False), ("normal", True)])
def test_biases_start_as_initialized(bias_initializer: str, any_bias: bool) -> None:
    network = make_network(bias_initializer=bias_initializer)
    assert all(layer.weights.all() for layer in network.layers)
    assert all(layer.biases.any() == any_bias for layer in network.layers)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_array_has_the_chosen_precision(dtype: str) -> None:
    network = make_network(dtype=dtype, dropout_rate=0.3, l1=0.1, l2=0.1)
    assert network.forward(inputs_of(2).astype(dtype)).dtype == dtype
    network.backward(np.eye(3, dtype=dtype)[[0, 1]])
    assert network.parameters.dtype == network.gradient.dtype == network.predict_proba(inputs_of(2)).dtype == dtype
