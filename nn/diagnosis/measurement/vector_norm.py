"""Euclidean norms and cosines of large vectors, without large temporary arrays."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from nn.array_types import Float64Array, FloatArray

BLOCK = 65_536
SMALLEST_SQUARE, LARGEST_SQUARE = 1e-28, 1e36
"""Between these squared norms, the squares of the numbers that matter neither underflow nor overflow in float32."""


def norm(vector: FloatArray) -> float:
    """Return the Euclidean norm of a flat vector. The result is not finite if the vector is not."""
    square = float(np.dot(vector, vector))
    if SMALLEST_SQUARE < square < LARGEST_SQUARE:
        return math.sqrt(square)
    largest = max(float(np.maximum.reduce(vector)), -float(np.minimum.reduce(vector)))
    if not 0.0 < largest < math.inf:  # 0, infinite or NaN
        return abs(largest)
    return largest * math.sqrt(sum(float(np.square(block / largest).sum()) for block in float64_blocks(vector)))


def float64_blocks(vector: FloatArray) -> Iterator[Float64Array]:
    """Yield the numbers of a flat vector, in blocks of float64."""
    for start in range(0, vector.size, BLOCK):
        yield vector[start : start + BLOCK].astype(np.float64)


def cosine(first: FloatArray, second: FloatArray, product_of_norms: float) -> float | None:
    """Return the cosine of the angle between two flat vectors, or None if one is 0 or its product is out of range."""
    if not SMALLEST_SQUARE < product_of_norms < LARGEST_SQUARE:
        return None
    return min(1.0, max(-1.0, float(np.dot(first, second)) / product_of_norms))
