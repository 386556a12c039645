"""Units of a layer with the same weights and the same bias."""

from __future__ import annotations

import numpy as np

from nn.array_types import FloatArray, IndexArray

DIFFERENCE = 1e-6  # largest 1 − cosine of two units that count as identical
NEARBY = 1e-3  # largest difference of projections to compare, √DIFFERENCE, as a fraction of the largest projection
BLOCK = 65_536  # weights to compare at a time


class IdenticalUnits:
    """Counts the units of a layer that are identical to another unit of the layer.

    Two units are identical if the cosine of their incoming weights and biases exceeds 1 − 10⁻⁶ and their norms are
    equal to the same accuracy. Only units with neighboring projections on one fixed irregular direction are compared,
    because identical units have the same projection. Once all units differ, they are not compared again, because only
    units that start equal stay equal.
    """

    def __init__(self, weights: FloatArray, biases: FloatArray) -> None:
        self._weights, self._biases = weights, biases
        n_rows = len(weights) + (1 if biases.size else 0)
        self._all_differ = False
        self._direction: FloatArray = np.sin(np.arange(1.0, n_rows + 1.0) ** 2).astype(weights.dtype)

    def fraction(self) -> float:
        """Return the fraction of the layer's units that are identical to another unit."""
        if self._all_differ:
            return 0.0
        identical = self._find()
        self._all_differ = not len(identical)
        return len(identical) / len(self._weights[0])

    def _find(self) -> IndexArray:
        """Return the units that are identical to another unit."""
        weights, biases = self._weights, self._biases
        n_inputs, n_units = weights.shape
        projections = np.dot(self._direction[:n_inputs], weights)
        squares = np.einsum("ij,ij->j", weights, weights, dtype=np.float64)
        if biases.size:
            projections += self._direction[-1] * biases
            squares += np.square(biases, dtype=np.float64)
        order = np.argsort(projections)
        projections = projections[order]
        is_near = np.diff(projections) <= NEARBY * np.abs(projections).max()
        pairs = np.stack([order[:-1][is_near], order[1:][is_near]])
        # ‖a − b‖² = ‖a‖² + ‖b‖² − 2 a·b, which is 2 ‖a‖² (1 − cosine) for equal norms.
        limits = DIFFERENCE * squares[pairs].sum(axis=0)
        distances = np.zeros(len(limits))
        n_rows = max(1, BLOCK // n_units)
        parts = [weights[start : start + n_rows] for start in range(0, n_inputs, n_rows)]
        # Most pairs differ in the first weights already. A copy of all pairs would be larger than the weights.
        for part in [*parts, biases[np.newaxis]] if biases.size else parts:
            first, second = pairs
            distances += np.square(part[:, first] - part[:, second], dtype=np.float64).sum(axis=0)
            remaining = distances <= limits
            pairs, limits, distances = pairs[:, remaining], limits[remaining], distances[remaining]
        identical: IndexArray = np.unique(pairs)
        return identical
