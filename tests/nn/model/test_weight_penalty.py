"""L1 and L2 penalties on weights."""

from __future__ import annotations

import numpy as np
import pytest

from nn.model.weight_penalty import WeightPenalty

WEIGHTS = [np.array([[1.0, -2.0], [0.0, 4.0]]), np.array([[-3.0]])]


@pytest.mark.parametrize(
    ("l1", "l2", "value", "gradients"),
    [
        (0.0, 0.0, 0.0, [[[7.0, 7.0], [7.0, 7.0]], [[7.0]]]),
        # 0.1 · (1 + 2 + 0 + 4 + 3); 7 is the gradient before the penalty
        (0.1, 0.0, 1.0, [[[7.1, 6.9], [7.0, 7.1]], [[6.9]]]),
        # 0.1 · ½ · (1 + 4 + 0 + 16 + 9)
        (0.0, 0.1, 1.5, [[[7.1, 6.8], [7.0, 7.4]], [[6.7]]]),
        (0.1, 0.1, 2.5, [[[7.2, 6.7], [7.0, 7.5]], [[6.6]]]),
    ],
)
def test_value_and_gradient(l1: float, l2: float, value: float, gradients: list[list[list[float]]]) -> None:
    gradient_arrays = [np.full_like(weights, 7.0) for weights in WEIGHTS]
    penalty = WeightPenalty(l1, l2, WEIGHTS, gradient_arrays)
    assert penalty.value() == pytest.approx(value)
    penalty.add_gradient()
    for layer, expected in zip(gradient_arrays, gradients, strict=True):
        np.testing.assert_allclose(layer, expected)
