"""Scaling of stored values to network inputs and targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn.array_types import FloatArray
from nn.datasets.dataset import Dataset, Split

ROWS_PER_CHUNK = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """The scaling (values − offset) × scale.

    `offset` and `scale` are (n_columns,), or (1,) if all columns have the same scaling.
    """

    offset: FloatArray
    scale: FloatArray

    @classmethod
    def identity(cls, dtype: DTypeLike) -> Self:
        """Return the scaling that changes no value."""
        return cls(np.zeros(1, dtype), np.ones(1, dtype))

    @classmethod
    def of_inputs(cls, name: str, dataset: Dataset, dtype: DTypeLike) -> Self:
        """Return the scaling `name`, fitted to the training inputs.

        The scaling "none" leaves inputs unchanged, and "unit" divides them by `pixel_max`. The scaling "standardize"
        gives each input mean 0 and standard deviation 1. It maps an input that is constant in the training split to 0.
        """
        if name == "unit":
            return cls(np.zeros(1, dtype), np.full(1, 1.0 / dataset.pixel_max, dtype))
        return cls.identity(dtype) if name == "none" else cls._standardizing(*_mean_and_deviation(dataset.train), dtype)

    @classmethod
    def of_targets(cls, name: str, dataset: Dataset, dtype: DTypeLike) -> Self:
        """Return the scaling `name` ("none" or "standardize"), fitted to the training targets.

        For a classification, return the identity.
        """
        targets = dataset.train.targets
        if name == "none" or targets is None:
            return cls.identity(dtype)
        return cls._standardizing(targets.mean(axis=0), targets.std(axis=0, ddof=1), dtype)

    @classmethod
    def _standardizing(cls, mean: NDArray[np.float64], deviation: NDArray[np.float64], dtype: DTypeLike) -> Self:
        scale = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > 0)
        return cls(mean.astype(dtype), scale.astype(dtype))

    def apply(self, values: NDArray[Any], out: FloatArray) -> None:
        """Write the scaled `values` (n_rows, n_columns) into `out`, of the same shape."""
        np.copyto(out, values, casting="same_kind")
        if self.offset.any():
            np.subtract(out, self.offset, out=out)
        if self.scale.size > 1 or self.scale[0] != 1.0:
            np.multiply(out, self.scale, out=out)

    def in_float64(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Return the scaled `values` (…, n_columns), computed in float64."""
        return np.asarray((np.asarray(values, np.float64) - self.offset) * self.scale)

    def undo(self, values: FloatArray) -> FloatArray:
        """Return the unscaled `values` (n_rows, n_columns).

        A column that is constant in the training split gets this constant.
        """
        return np.divide(values, self.scale, out=np.zeros_like(values), where=self.scale != 0) + self.offset


def _mean_and_deviation(split: Split) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean and the standard deviation (with divisor n − 1) of each input.

    The function adds up pixels as integers, because integer sums are exact. It adds them up in chunks, because a copy
    of all images as integers would fill the memory.
    """
    count = len(split)
    if split.inputs.dtype != np.uint8:
        inputs = split.take(np.arange(count))
        return inputs.mean(axis=0), inputs.std(axis=0, ddof=1)
    total: NDArray[Any] = np.zeros(split.inputs.shape[1], np.int64)
    squares: NDArray[Any] = np.zeros(split.inputs.shape[1], np.int64)
    for start in range(0, count, ROWS_PER_CHUNK):
        rows = split.take(np.arange(start, min(start + ROWS_PER_CHUNK, count))).astype(np.int32)
        total += rows.sum(axis=0)
        squares += np.square(rows).sum(axis=0)
    return total / count, np.sqrt((count * squares - total * total) / count / max(count - 1, 1))
