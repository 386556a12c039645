"""From stored bytes to numbers that a network learns from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn.arrays import Floats

ROWS_AT_ONCE = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """(pixels − offset) × scale. Both are (n_features,), or (1,) where one number holds for every pixel."""

    offset: Floats
    scale: Floats

    @classmethod
    def fit(cls, name: str, images: NDArray[np.uint8], pixel_max: int, dtype: DTypeLike) -> Self:
        """Learn the scaling called `name` from the training `images` (n_images, n_features).

        none keeps the pixels, unit divides them by `pixel_max`, standardize gives each mean 0 and standard deviation 1.
        A pixel that never changes says nothing: standardize makes it 0, in images to come as well.
        """
        if name != "standardize":
            return cls(np.zeros(1, dtype), np.full(1, 1.0 / pixel_max if name == "unit" else 1.0, dtype))
        mean, deviation = _mean_and_deviation(images)
        scale = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > 0)
        return cls(mean.astype(dtype), scale.astype(dtype))

    def apply(self, images: NDArray[np.uint8], out: Floats) -> None:
        """Write the scaled `images` (n_images, n_features) into `out`, of the same shape."""
        np.copyto(out, images)
        if self.offset.any():
            np.subtract(out, self.offset, out=out)
        if self.scale.size > 1 or self.scale[0] != 1.0:
            np.multiply(out, self.scale, out=out)


def _mean_and_deviation(images: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of each pixel, from sums of integers, which are exact.

    A few images at a time, since all of them as wide numbers would fill the memory.
    """
    total: NDArray[Any] = np.zeros(images.shape[1], np.int64)
    squares: NDArray[Any] = np.zeros(images.shape[1], np.int64)
    for start in range(0, len(images), ROWS_AT_ONCE):
        rows = images[start : start + ROWS_AT_ONCE].astype(np.int32)
        total += rows.sum(axis=0)
        squares += np.square(rows).sum(axis=0)
    count = len(images)
    return total / count, np.sqrt(count * squares - total * total) / count
