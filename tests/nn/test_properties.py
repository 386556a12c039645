"""What holds for whatever network, batch, seed and stop there is; Hypothesis looks for one for which it does not.

That a resumed run equals an uninterrupted one is in test_resume.py, that a checkpoint survives a file in
test_checkpoints.py, that no number overflows in test_activations.py and test_losses.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn.array_types import FloatArray
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS
from nn.model.losses import LOSSES
from nn.model.network import Network
from tests.support.event_recorder import assert_same_bits, choices, record, without_times

N_FEATURES, N_OUTPUTS = 4, 3
SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.lists(st.integers(1, 6), max_size=4).map(tuple)
DTYPES = st.sampled_from(["float32", "float64"])


def flattened(network: Network) -> FloatArray:
    """What the layers hold, one after the other."""
    return np.concatenate([part.ravel() for layer in network.layers for part in (layer.weights, layer.biases)])


@given(hidden_sizes=SIZES, dtype=DTYPES)
def test_layers_and_vector_are_the_same_numbers(hidden_sizes: tuple[int, ...], dtype: Any) -> None:
    """Each number has one place: a change of the vector is one of a layer, and the other way about."""
    network = Network(Hyperparameters(hidden_sizes=hidden_sizes, dtype=dtype), N_FEATURES, N_OUTPUTS)
    places = np.arange(network.parameter_count)
    network.parameters[:] = places
    network.gradient[:] = -places
    np.testing.assert_array_equal(flattened(network), places)
    for layer in network.layers:
        np.testing.assert_array_equal(layer.weights_gradient, -layer.weights)
        np.testing.assert_array_equal(layer.biases_gradient, -layer.biases)
        layer.weights += 0.5
        layer.biases += 0.5
    np.testing.assert_array_equal(network.parameters, places + 0.5)


@given(hidden_sizes=SIZES, dtype=DTYPES, seed=SEEDS)
def test_a_network_put_together_from_its_flattened_layers_is_the_same(
    hidden_sizes: tuple[int, ...], dtype: Any, seed: int
) -> None:
    h = Hyperparameters(hidden_sizes=hidden_sizes, dtype=dtype, bias_initializer="normal")
    rng = np.random.default_rng(seed)
    network = Network.from_hyperparameters(h, N_FEATURES, N_OUTPUTS, rng)
    again = Network.from_parameters(h, N_FEATURES, N_OUTPUTS, flattened(network))
    inputs = rng.standard_normal((5, N_FEATURES)).astype(dtype)
    assert again.parameters.dtype == dtype
    assert_same_bits([again.parameters, again.outputs(inputs)], [network.parameters, network.outputs(inputs)])


@st.composite
def divisions(draw: st.DrawFn) -> tuple[int, list[int]]:
    """How many images pass at once, at most, and pieces of a batch of which each is as small."""
    max_rows = draw(st.integers(1, 9))
    return max_rows, draw(st.lists(st.integers(1, max_rows), min_size=1, max_size=6))


@pytest.mark.parametrize("loss", LOSSES)
@given(
    division=divisions(),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    hidden_sizes=st.sampled_from([(), (5,), (6, 4)]),
    l1=st.sampled_from([0.0, 0.01]),
    l2=st.sampled_from([0.0, 0.02]),
    seed=SEEDS,
)
def test_a_batch_in_pieces_has_the_gradient_of_the_whole(
    loss: Any, division: tuple[int, list[int]], seed: int, **chosen: Any
) -> None:
    max_rows, pieces = division
    n_images = sum(pieces)
    rng = np.random.default_rng(seed)
    h = Hyperparameters(loss=loss, dtype="float64", bias_initializer="normal", **chosen)
    parameters = Network.from_hyperparameters(h, N_FEATURES, N_OUTPUTS, rng).parameters
    inputs, targets = rng.standard_normal((n_images, N_FEATURES)), np.eye(N_OUTPUTS)[rng.integers(0, 3, n_images)]

    whole = Network(h, N_FEATURES, N_OUTPUTS, max_rows=n_images)
    whole.parameters[:] = parameters
    whole.forward(inputs)
    whole.backward(targets)

    divided = Network(h, N_FEATURES, N_OUTPUTS, max_rows=max_rows)
    divided.parameters[:] = parameters
    start = 0
    for size in pieces:
        divided.forward(inputs[start : start + size])
        divided.backward(targets[start : start + size], n_images, accumulate=start > 0)
        start += size
    # Rounding is relative to the largest terms of a sum, and these may cancel.
    atol = 1e-13 * np.abs(whole.gradient).max()
    np.testing.assert_allclose(divided.gradient, whole.gradient, rtol=1e-12, atol=atol)


EXTREMES = st.sampled_from([-1e4, 0.0, 1e4])


@given(dtype=DTYPES, data=st.data())
def test_softmax_and_sigmoid_of_extreme_logits_are_their_limits(dtype: Any, data: st.DataObject) -> None:
    """Exactly 0 and 1, and equal shares among equals. A warning would be an error in these tests."""
    logits: FloatArray = data.draw(arrays(dtype, (3, 5), elements=EXTREMES))
    largest = logits == logits.max(axis=1, keepdims=True)
    softmax = LOSSES["softmax_cross_entropy"].probabilities(logits)
    np.testing.assert_array_equal(softmax, (largest / largest.sum(axis=1, keepdims=True)).astype(dtype))

    limits = (np.sign(logits) + 1) / 2
    np.testing.assert_array_equal(LOSSES["binary_cross_entropy"].probabilities(logits), limits)
    sigmoid = logits.copy()
    ACTIVATIONS["sigmoid"].forward(sigmoid, np.empty_like(sigmoid))
    np.testing.assert_array_equal(sigmoid, limits)


@settings(max_examples=25)
@given(chosen=choices())
def test_one_seed_decides_everything(chosen: dict[str, Any]) -> None:
    first, first_recording = record(**chosen)
    second, second_recording = record(**chosen)
    assert without_times(first.history) == without_times(second.history)
    assert len(first.history) == 3
    assert first.best_epoch == second.best_epoch
    assert_same_bits(first_recording.weights, second_recording.weights)
    assert_same_bits(first_recording.losses, second_recording.losses)


@settings(max_examples=25)
@given(seed=SEEDS, other=SEEDS)
def test_another_seed_gives_another_run(seed: int, other: int) -> None:
    assume(seed != other)
    (first, _), (second, _) = record(seed=seed), record(seed=other)
    assert without_times(first.history) != without_times(second.history)
