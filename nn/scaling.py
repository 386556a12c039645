"""How stored pixels become the numbers that a network sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn.datasets.dataset import Dataset
from nn.losses import Floats

CHUNK_SIZE = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """Inputs are pixels · factor + offset. Both are (n_features,) or (), in the network's dtype."""

    factor: Floats
    offset: Floats

    @classmethod
    def fit(cls, kind: str, dataset: Dataset, dtype: str) -> Scaling:
        """Find the numbers of one `kind` of scaling: none, unit or standardize, the last from the training images."""
        if kind == "none":
            factor, offset = np.array(1.0), np.array(0.0)
        elif kind == "unit":
            factor, offset = np.array(1 / dataset.pixel_max), np.array(0.0)
        else:
            mean, deviation = _moments(dataset.train.images)
            deviation[deviation == 0] = 1  # a pixel that never changes has nothing to be divided by
            factor, offset = 1 / deviation, -mean / deviation
        return cls(factor.astype(dtype), offset.astype(dtype))

    def apply(self, pixels: NDArray[np.uint8], out: Floats) -> None:
        """Write the inputs for `pixels` (n_images, n_features) into `out` of the same shape."""
        np.copyto(out, pixels)
        if self.factor.ndim or self.factor != 1:
            out *= self.factor
        if self.offset.ndim:
            out += self.offset


def _moments(images: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute mean and standard deviation of each pixel, some images at a time: as floats they would fill memory."""
    total = np.zeros(images.shape[1])
    total_of_squares = np.zeros(images.shape[1])
    for start in range(0, len(images), CHUNK_SIZE):
        chunk = images[start : start + CHUNK_SIZE].astype(np.float64)
        total += chunk.sum(axis=0)
        total_of_squares += np.einsum("ij,ij->j", chunk, chunk)
    mean = total / len(images)
    return mean, np.sqrt(np.maximum(total_of_squares / len(images) - mean * mean, 0))
