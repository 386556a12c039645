"""Properties of all networks, mini-batches and seeds. Hypothesis searches for counterexamples.

Other properties are tested elsewhere: resumed runs in training/test_resume.py, checkpoint files in
storage/test_checkpoint.py, overflow in model/test_activations.py and model/test_losses.py.
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
    """Return the weights and biases of all layers as one vector."""
    return np.concatenate([part.ravel() for layer in network.layers for part in (layer.weights, layer.biases)])


@given(hidden_sizes=SIZES, dtype=DTYPES)
def test_layers_are_views_of_the_parameter_vector(hidden_sizes: tuple[int, ...], dtype: Any) -> None:
    """A change of the vector changes a layer, and vice versa."""
    network = Network(Hyperparameters(hidden_sizes=hidden_sizes, dtype=dtype), N_FEATURES, N_OUTPUTS)
    values = np.arange(network.parameter_count)
    network.parameters[:] = values
    network.gradient[:] = -values
    np.testing.assert_array_equal(flattened(network), values)
    for layer in network.layers:
        np.testing.assert_array_equal(layer.weights_gradient, -layer.weights)
        np.testing.assert_array_equal(layer.biases_gradient, -layer.biases)
        layer.weights += 0.5
        layer.biases += 0.5
    np.testing.assert_array_equal(network.parameters, values + 0.5)


@given(hidden_sizes=SIZES, dtype=DTYPES, seed=SEEDS)
def test_a_network_built_from_its_flattened_layers_is_the_same(
    hidden_sizes: tuple[int, ...], dtype: Any, seed: int
) -> None:
    h = Hyperparameters(hidden_sizes=hidden_sizes, dtype=dtype, bias_initializer="normal")
    rng = np.random.default_rng(seed)
    network = Network.from_hyperparameters(h, N_FEATURES, N_OUTPUTS, rng)
    rebuilt = Network.from_parameters(h, N_FEATURES, N_OUTPUTS, flattened(network))
    inputs = rng.standard_normal((5, N_FEATURES)).astype(dtype)
    assert rebuilt.parameters.dtype == dtype
    assert_same_bits([rebuilt.parameters, rebuilt.logits(inputs)], [network.parameters, network.logits(inputs)])


@st.composite
def divisions(draw: st.DrawFn) -> tuple[int, list[int]]:
    """Draw the maximum number of rows per pass, and sizes of chunks that do not exceed it."""
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
def test_a_batch_in_chunks_has_the_gradient_of_the_whole(
    loss: Any, division: tuple[int, list[int]], seed: int, **chosen: Any
) -> None:
    max_rows, chunk_sizes = division
    n_images = sum(chunk_sizes)
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
    for size in chunk_sizes:
        divided.forward(inputs[start : start + size])
        divided.backward(targets[start : start + size], n_images, accumulate=start > 0)
        start += size
    # The terms of a sum may cancel, so rounding errors are relative to the largest terms.
    atol = 1e-13 * np.abs(whole.gradient).max()
    np.testing.assert_allclose(divided.gradient, whole.gradient, rtol=1e-12, atol=atol)


EXTREMES = st.sampled_from([-1e4, 0.0, 1e4])


@given(dtype=DTYPES, data=st.data())
def test_softmax_and_sigmoid_of_extreme_logits_are_their_limits(dtype: Any, data: st.DataObject) -> None:
    """The limits are exactly 0 and 1.

    If several logits are the largest, they have equal probabilities. Warnings are errors in tests.
    """
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
