"""Euclidean norms and cosines of large vectors, without temporary arrays."""

from __future__ import annotations

import math

import numpy as np

from nn.array_types import FloatArray

SMALLEST_SQUARE, LARGEST_SQUARE = 1e-28, 1e36
"""Between these squared norms, the squares of the numbers that matter neither underflow nor overflow in float32."""


def norm(vector: FloatArray) -> float:
    """Return the Euclidean norm of a flat vector. The result is not finite if the vector is not."""
    square = float(np.dot(vector, vector))
    if SMALLEST_SQUARE < square < LARGEST_SQUARE:
        return math.sqrt(square)
    largest = float(np.abs(vector).max(initial=0.0))
    if not 0.0 < largest < math.inf:  # 0, infinite or NaN
        return largest
    scaled = vector.astype(np.float64) / largest
    return largest * math.sqrt(float(np.dot(scaled, scaled)))


def cosine(first: FloatArray, second: FloatArray, product_of_norms: float) -> float | None:
    """Return the cosine of the angle between two flat vectors, or None if one is 0 or its product is out of range."""
    if not SMALLEST_SQUARE < product_of_norms < LARGEST_SQUARE:
        return None
    return min(1.0, max(-1.0, float(np.dot(first, second)) / product_of_norms))
