"""Losses: values computed by hand, gradients compared with finite differences, and extreme logits."""

from __future__ import annotations

import math
from decimal import Decimal, getcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nn.array_types import FloatArray
from nn.hyperparameters.schema import Hyperparameters
from nn.model.losses import LOSSES, encode

LARGE = st.floats(-1e4, 1e4, width=32)

# Three outputs of one image of class 1.
OUTPUTS = np.array([[0.5, 2.0, -1.0]])
TARGETS = np.array([[0.0, 1.0, 0.0]])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        # ½ (0.25 + 1 + 1)
        ("quadratic", 1.125),
        # (0.25 + 1 + 1) / 3
        ("mean_squared_error", 0.75),
        # ln(1 + e^0.5) + ln(1 + e^-2) + ln(1 + e^-1)
        ("binary_cross_entropy", 0.9740769841801067 + 0.12692801104297263 + 0.31326168751822286),
        # ln(e^0.5 + e^2 + e^-1) - 2
        ("softmax_cross_entropy", 0.24131129665715711),
    ],
)
def test_known_values(name: str, value: float) -> None:
    assert LOSSES[name].values(OUTPUTS, TARGETS) == pytest.approx([value], rel=1e-14)


@pytest.mark.parametrize(
    ("name", "gradient"),
    [
        ("quadratic", [0.5, 1.0, -1.0]),
        ("mean_squared_error", [1 / 3, 2 / 3, -2 / 3]),
        ("binary_cross_entropy", [0.6224593312018546, -0.11920292202211755, 0.2689414213699951]),
        ("softmax_cross_entropy", [0.1752903921400367, -0.2144029654107241, 0.0391125732706874]),
    ],
)
def test_known_gradients(name: str, gradient: list[float]) -> None:
    out = np.empty_like(OUTPUTS)
    LOSSES[name].gradient(OUTPUTS, TARGETS, out)
    np.testing.assert_allclose(out, [gradient], atol=1e-13)


@pytest.mark.parametrize(
    ("name", "probabilities"),
    [
        ("quadratic", [0.5, 1.0, 0.0]),
        ("mean_squared_error", [0.5, 1.0, 0.0]),
        ("binary_cross_entropy", [0.6224593312018546, 0.8807970779778823, 0.2689414213699951]),
        ("softmax_cross_entropy", [0.1752903921400367, 0.7855970345892759, 0.0391125732706874]),
    ],
)
def test_known_probabilities(name: str, probabilities: list[float]) -> None:
    np.testing.assert_allclose(LOSSES[name].probabilities(OUTPUTS), [probabilities], atol=1e-13)


@pytest.mark.parametrize("name", LOSSES)
@given(outputs=arrays(np.float64, (2, 3), elements=st.floats(-5, 5)), label=st.integers(0, 2))
def test_gradients_match_finite_differences(name: str, outputs: FloatArray, label: int) -> None:
    loss, targets, step = LOSSES[name], np.eye(3)[[label, 0]], 1e-6
    gradient = np.empty_like(outputs)
    loss.gradient(outputs, targets, gradient)
    for position in np.ndindex(2, 3):
        above, below = outputs.copy(), outputs.copy()
        above[position] += step
        below[position] -= step
        slope = (loss.values(above, targets) - loss.values(below, targets)).sum() / (2 * step)
        assert gradient[position] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", ["softmax_cross_entropy", "binary_cross_entropy"])
@given(logits=arrays(np.float32, (3, 4), elements=LARGE))
def test_extreme_logits_do_not_overflow(name: str, logits: FloatArray) -> None:
    loss, targets = LOSSES[name], np.eye(4, dtype=np.float32)[[0, 1, 3]]
    gradient = np.empty_like(logits)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        values, probabilities = loss.values(logits, targets), loss.probabilities(logits)
        loss.gradient(logits, targets, gradient)
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    np.testing.assert_allclose(gradient, probabilities - targets, atol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("logit", [-80, -40, -17, -3, 0, 3, 17, 40, 80])
def test_small_cross_entropies_and_gradients_are_exact_to_the_last_bits(dtype: Any, logit: int) -> None:
    """The logits are (logit, 0), and the label is the first class. Decimal numbers give the exact values."""
    getcontext().prec = 60
    odds = Decimal(logit).exp()
    complement = 1 / (1 + odds)  # of σ(logit), which is also the softmax of two classes
    exact = {
        "softmax_cross_entropy": ((1 + 1 / odds).ln(), [-complement, complement]),
        "binary_cross_entropy": ((1 + 1 / odds).ln() + Decimal(2).ln(), [-complement, Decimal("0.5")]),
    }
    logits, targets = np.array([[logit, 0]], dtype), np.array([[1, 0]], dtype)
    for name, (value, gradient) in exact.items():
        found = np.empty_like(logits)
        LOSSES[name].gradient(logits, targets, found)
        tolerance = 4 * np.finfo(dtype).eps
        np.testing.assert_allclose(found, [[float(each) for each in gradient]], rtol=tolerance)
        np.testing.assert_allclose(LOSSES[name].values(logits, targets), [float(value)], rtol=tolerance)


@given(logits=arrays(np.float32, (3, 4), elements=LARGE))
def test_softmax_sums_to_1(logits: FloatArray) -> None:
    np.testing.assert_allclose(LOSSES["softmax_cross_entropy"].probabilities(logits).sum(axis=1), 1.0, rtol=1e-6)


def test_the_loss_of_a_confident_wrong_prediction_is_its_logit() -> None:
    """−ln softmax is about the difference from the largest logit.

    The probability rounds to 0, so its logarithm would be infinite.
    """
    logits, targets = np.array([[1e4, 0.0]]), np.array([[0.0, 1.0]])
    assert LOSSES["softmax_cross_entropy"].values(logits, targets) == pytest.approx([1e4])
    assert LOSSES["binary_cross_entropy"].values(logits, targets) == pytest.approx([1e4 + math.log(2)])


def test_each_label_is_encoded_as_the_row_of_its_class() -> None:
    rows = np.full((3, 4), 9.0)
    encode(np.array([2, 0, 2], np.uint8), np.eye(4), rows)
    assert rows.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]


def test_every_option_of_the_schema_is_implemented() -> None:
    assert set(Hyperparameters.model_json_schema()["properties"]["loss"]["enum"]) == set(LOSSES)
