"""Activations: known values, slopes compared with finite differences, and no overflow."""

from __future__ import annotations

from decimal import Decimal, getcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nn.array_types import FloatArray
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS

LARGE = st.floats(-1e4, 1e4, width=32)


def outputs_of(name: str, pre_activations: FloatArray) -> FloatArray:
    outputs = pre_activations.copy()
    ACTIVATIONS[name].forward(outputs, np.empty_like(outputs))
    return outputs


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("linear", [-2.0, 0.0, 3.0]),
        ("relu", [0.0, 0.0, 3.0]),
        ("leaky_relu", [-0.02, 0.0, 3.0]),
        ("sigmoid", [0.11920292202211755, 0.5, 0.9525741268224334]),
        ("tanh", [-0.9640275800758169, 0.0, 0.9950547536867305]),
    ],
)
def test_known_values(name: str, expected: list[float]) -> None:
    np.testing.assert_allclose(outputs_of(name, np.array([[-2.0, 0.0, 3.0]])), [expected], rtol=1e-14)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("linear", [1.0, 1.0, 1.0]),
        ("relu", [0.0, 0.0, 1.0]),
        ("leaky_relu", [0.01, 0.01, 1.0]),
        ("sigmoid", [0.1049935854035065, 0.25, 0.045176659730912]),
        ("tanh", [0.07065082485316443, 1.0, 0.009866037165440192]),
    ],
)
def test_known_slopes_including_the_kink(name: str, expected: list[float]) -> None:
    outputs = outputs_of(name, np.array([[-2.0, 0.0, 3.0]]))
    gradient = np.array([[2.0, -1.0, 10.0]])
    ACTIVATIONS[name].backward(outputs, gradient, np.empty_like(outputs))
    np.testing.assert_allclose(gradient, [np.array([2.0, -1.0, 10.0]) * expected], rtol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(z=st.floats(-6, 6).filter(lambda z: abs(z) > 1e-3))
def test_slopes_match_finite_differences(name: str, z: float) -> None:
    step = 1e-6
    below, above = outputs_of(name, np.array([[z - step, z + step]]))[0]
    slope = np.ones((1, 1))
    ACTIVATIONS[name].backward(outputs_of(name, np.array([[z]])), slope, np.empty((1, 1)))
    assert slope[0, 0] == pytest.approx((above - below) / (2 * step), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(pre_activations=arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=5), elements=LARGE))
def test_large_pre_activations_do_not_overflow(name: str, pre_activations: FloatArray) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        outputs = outputs_of(name, pre_activations)
        gradient = np.ones_like(pre_activations)
        ACTIVATIONS[name].backward(outputs, gradient, np.empty_like(pre_activations))
    assert outputs.dtype == np.float32
    assert np.isfinite(outputs).all()
    assert ((gradient >= 0) & (gradient <= 1)).all()


def test_sigmoid_is_exact_at_extreme_inputs() -> None:
    assert outputs_of("sigmoid", np.array([[-1e4, 1e4]])).tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize(("dtype", "lowest"), [(np.float32, -103), (np.float64, -744)])
def test_the_sigmoid_is_exact_to_the_last_bits_on_both_sides(dtype: Any, lowest: int) -> None:
    """The lowest results are subnormal numbers. Decimal numbers give the exact values."""
    getcontext().prec = 60
    for values in (np.linspace(lowest, -lowest, 1001), np.linspace(-40, 40, 1001), np.array([-38, -20, -17, 0])):
        z = values.astype(dtype)
        exact = np.array([float(1 / (1 + Decimal(-float(each)).exp())) for each in z])
        found = outputs_of("sigmoid", z[np.newaxis])[0]
        assert found.dtype == dtype
        units_in_the_last_place = np.spacing(exact.astype(dtype)).astype(np.float64)
        assert (np.abs(found - exact) / units_in_the_last_place).max() <= 4


def test_the_sigmoid_of_a_batch_with_one_extreme_value_is_that_of_each_value() -> None:
    z = np.array([[-1e4, -20.0, -1.0, 0.0, 1.0, 20.0, 1e4, np.nan]])
    separate = [outputs_of("sigmoid", np.array([[each]]))[0, 0] for each in z[0]]
    np.testing.assert_allclose(outputs_of("sigmoid", z)[0], separate, rtol=1e-15)


def test_every_option_of_the_schema_is_implemented() -> None:
    properties = Hyperparameters.model_json_schema()["properties"]
    assert set(properties["activation"]["enum"]) == set(ACTIVATIONS)
    assert set(properties["output_activation"]["enum"]) <= set(ACTIVATIONS)
