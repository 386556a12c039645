"""Layers: products computed by hand, and the effect of dropout."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.array_types import FloatArray
from nn.model.activations import ACTIVATIONS
from nn.model.layers import Dense, Dropout


def dense(activation: str, *, is_first: bool = False, max_rows: int = 2) -> tuple[Dense, FloatArray]:
    """Return a layer and its gradient vector. It has two inputs, three units, weights 1…6 and biases 0.5, −20, 0."""
    parameters = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.5, -20.0, 0.0])
    gradient = np.full(9, np.nan)
    layer = Dense(
        2, 3, ACTIVATIONS[activation], parameters=parameters, gradient=gradient, max_rows=max_rows, is_first=is_first
    )
    return layer, gradient


def test_outputs_are_inputs_times_weights_plus_biases() -> None:
    layer, _ = dense("relu")
    assert layer.weights.tolist() == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    # For (1, 2): 1 + 8 + 0.5, 2 + 10 − 20 → 0, 3 + 12. For (0, −1): −4 + 0.5 → 0, −25 → 0, −6 → 0.
    assert layer.forward(np.array([[1.0, 2.0], [0.0, -1.0]])).tolist() == [[9.5, 0.0, 15.0], [0.0, 0.0, 0.0]]


def test_gradients_are_sums_of_outer_products() -> None:
    layer, gradient = dense("relu")
    layer.forward(np.array([[1.0, 2.0], [3.0, 0.0]]))  # only the first and the last unit are active
    inputs_gradient = layer.backward(np.array([[0.1, 9.0, 0.2], [1.0, 9.0, 2.0]]))
    np.testing.assert_allclose(
        gradient,
        [
            *(1 * 0.1 + 3 * 1.0, 0.0, 1 * 0.2 + 3 * 2.0),
            *(2 * 0.1 + 0 * 1.0, 0.0, 2 * 0.2 + 0 * 2.0),
            *(1.1, 0.0, 2.2),
        ],
    )
    np.testing.assert_allclose(inputs_gradient, [[0.1 + 0.6, 0.4 + 1.2], [1.0 + 6.0, 4.0 + 12.0]])


def test_the_first_layer_has_no_gradient_for_its_inputs() -> None:
    first, first_gradient = dense("tanh", is_first=True)
    inner, inner_gradient = dense("tanh")
    inputs, passed_back = np.array([[0.1, -0.2]]), np.array([[1.0, 2.0, 3.0]])
    for layer in (first, inner):
        layer.resize(1)
        layer.forward(inputs)
    assert first.backward(passed_back.copy()).size == 0
    assert inner.backward(passed_back.copy()).shape == (1, 2)
    np.testing.assert_array_equal(first_gradient, inner_gradient)


def test_a_smaller_batch_uses_the_same_buffers() -> None:
    layer, _ = dense("linear", max_rows=4)
    rows = np.arange(8.0).reshape(4, 2)
    large = layer.forward(rows).copy()
    layer.resize(3)
    small = layer.forward(rows[:3])
    assert small.shape == (3, 3)
    np.testing.assert_array_equal(small, large[:3])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(rate=st.floats(0.05, 0.95))
def test_dropout_drops_a_fraction_and_scales_the_rest(dtype: type[np.floating], rate: float) -> None:
    dropout = Dropout(rate, 200, 100, np.dtype(dtype), np.random.default_rng(0))
    inputs = np.full((100, 200), 3.0, dtype)
    outputs = dropout.forward(inputs)
    is_kept = outputs != 0
    np.testing.assert_allclose(outputs[is_kept], 3.0 / (1.0 - rate), rtol=1e-6)
    # The fraction in 20,000 draws may differ by 5 standard deviations of a binomial distribution.
    assert abs(is_kept.mean() - (1 - rate)) < 5 * np.sqrt(rate * (1 - rate) / is_kept.size)
    assert (inputs == 3.0).all()


def test_dropout_uses_the_same_mask_in_the_backward_pass() -> None:
    dropout = Dropout(0.25, 6, 4, np.dtype(np.float64), np.random.default_rng(3))
    inputs = np.arange(1.0, 25.0).reshape(4, 6)
    outputs = dropout.forward(inputs)
    np.testing.assert_allclose(dropout.backward(inputs.copy()), outputs)


def test_dropout_draws_a_new_mask_in_each_pass() -> None:
    dropout = Dropout(0.5, 50, 10, np.dtype(np.float32), np.random.default_rng(0))
    ones = np.ones((10, 50), np.float32)
    first = dropout.forward(ones).copy()
    assert (first != dropout.forward(ones)).any()
