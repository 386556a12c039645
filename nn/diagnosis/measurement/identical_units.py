"""Units of a layer with the same weights and the same bias."""

from __future__ import annotations

import numpy as np

from nn.array_types import FloatArray, IndexArray

DIFFERENCE = 1e-6  # largest 1 − cosine of two units that count as identical
N_DIRECTIONS = 3  # with one, most neighbors of a thousand units would have nearby projections
NEARBY = 1e-3  # largest difference of projections to compare, √DIFFERENCE, as a fraction of the largest projection


class IdenticalUnits:
    """Counts the units of a layer that are identical to another unit of the layer.

    Two units are identical if the cosine of their incoming weights and biases exceeds 1 − 10⁻⁶ and their norms are
    equal to the same accuracy. Only units with neighboring projections on fixed irregular directions are compared,
    because identical units have the same projections. Once all units differ, they are not compared again, because only
    units that start equal stay equal.
    """

    def __init__(self, weights: FloatArray, biases: FloatArray) -> None:
        self._weights, self._biases = weights, biases
        n_rows = len(weights) + (1 if biases.size else 0)
        self._all_differ = False
        frequencies = np.arange(1.0, N_DIRECTIONS + 1.0)[:, np.newaxis]
        self._directions: FloatArray = np.sin(frequencies * np.arange(1.0, n_rows + 1.0) ** 2).astype(weights.dtype)

    def fraction(self) -> float:
        """Return the fraction of the layer's units that are identical to another unit."""
        if self._all_differ:
            return 0.0
        identical = self._find()
        self._all_differ = not len(identical)
        return len(identical) / len(self._weights[0])

    def _find(self) -> IndexArray:
        weights, biases = self._weights, self._biases
        n_inputs = len(weights)
        projections = np.dot(self._directions[:, :n_inputs], weights)
        if biases.size:
            projections += self._directions[:, -1:] * biases
        order = np.argsort(projections[0])
        largest = np.abs(projections).max(axis=1, keepdims=True)
        differences = np.abs(np.diff(projections[:, order], axis=1))
        candidates = np.flatnonzero((differences <= NEARBY * largest).all(axis=0))
        first, second = self._columns(order[candidates]), self._columns(order[candidates + 1])
        distances = np.square(first - second).sum(axis=0)
        squares = np.square(first).sum(axis=0) + np.square(second).sum(axis=0)
        # ‖a − b‖² = ‖a‖² + ‖b‖² − 2 a·b, which is 2 ‖a‖² (1 − cosine) for equal norms.
        same = candidates[distances <= DIFFERENCE * squares]
        identical: IndexArray = np.union1d(same, same + 1)
        return identical

    def _columns(self, units: IndexArray) -> FloatArray:
        columns = self._weights[:, units].astype(np.float64)
        return np.vstack([columns, self._biases[units]]) if self._biases.size else columns
