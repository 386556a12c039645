"""From stored numbers to those that a network learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn.array_types import FloatArray
from nn.datasets.dataset import Dataset, Split

ROWS_AT_ONCE = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """(values − offset) × scale. Both are (n_columns,), or (1,) where one number holds for every column."""

    offset: FloatArray
    scale: FloatArray

    @classmethod
    def nothing(cls, dtype: DTypeLike) -> Self:
        """The scaling that changes nothing."""
        return cls(np.zeros(1, dtype), np.ones(1, dtype))

    @classmethod
    def of_inputs(cls, name: str, dataset: Dataset, dtype: DTypeLike) -> Self:
        """Learn the scaling called `name` from the training inputs.

        none keeps them, unit divides them by `pixel_max`, standardize gives each mean 0 and standard deviation 1.
        An input that never changes says nothing: standardize makes it 0, in examples to come as well.
        """
        if name == "unit":
            return cls(np.zeros(1, dtype), np.full(1, 1.0 / dataset.pixel_max, dtype))
        return cls.nothing(dtype) if name == "none" else cls._standardizing(*_mean_and_deviation(dataset.train), dtype)

    @classmethod
    def of_targets(cls, name: str, dataset: Dataset, dtype: DTypeLike) -> Self:
        """Learn the scaling called `name`, none or standardize, from the numbers to predict; none of classes."""
        targets = dataset.train.targets
        if name == "none" or targets is None:
            return cls.nothing(dtype)
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

    def undo(self, values: FloatArray) -> FloatArray:
        """What `values` (n_rows, n_columns) were before; a column that never changed is its one value again."""
        return np.divide(values, self.scale, out=np.zeros_like(values), where=self.scale != 0) + self.offset


def _mean_and_deviation(split: Split) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation (with n − 1) of each input.

    Those of pixels are from sums of integers, which are exact, a few images at a time, since all of them as wide
    numbers would fill the memory.
    """
    count = len(split)
    if split.inputs.dtype != np.uint8:
        inputs = split.take(np.arange(count))
        return inputs.mean(axis=0), inputs.std(axis=0, ddof=1)
    total: NDArray[Any] = np.zeros(split.inputs.shape[1], np.int64)
    squares: NDArray[Any] = np.zeros(split.inputs.shape[1], np.int64)
    for start in range(0, count, ROWS_AT_ONCE):
        rows = split.take(np.arange(start, min(start + ROWS_AT_ONCE, count))).astype(np.int32)
        total += rows.sum(axis=0)
        squares += np.square(rows).sum(axis=0)
    return total / count, np.sqrt((count * squares - total * total) / count / max(count - 1, 1))
