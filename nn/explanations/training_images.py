"""The training images of a run, in chunks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float32Array, Float64Array, IndexArray
from nn.datasets.dataset import Split
from nn.datasets.scaling import Scaling

ROWS_AT_ONCE = 512  # 512 images of 784 numbers fit the processor's cache


class TrainingImages:
    """The stored images of a training split, in order.

    At most one chunk is copied at a time. If the network sees only a part of each image, `columns` (n_features,) are
    the indices of its pixels. Vectors over them are then expanded to all stored pixels, which takes less time than
    selecting pixels from each image.
    """

    def __init__(self, split: Split, scaling: Scaling, pixel_max: int, *, columns: IndexArray | None = None) -> None:
        self.split = split
        self.pixel_max = pixel_max
        self._scaling = scaling
        self.width = int(split.inputs.shape[1])
        self.n_features = self.width if columns is None else len(columns)
        self.offset = np.broadcast_to(scaling.offset.astype(np.float64), self.n_features)
        self.scale = np.broadcast_to(scaling.scale.astype(np.float64), self.n_features)
        self._columns = columns

    def __len__(self) -> int:
        return len(self.split)

    def blocks(self, n_rows: int = ROWS_AT_ONCE) -> Iterator[tuple[slice, Float32Array]]:
        """Yield the stored images, (at most `n_rows`, width), with their indices, in a buffer that the next ones
        overwrite.
        """
        stored = np.empty((n_rows, self.width), self.split.inputs.dtype)
        block = np.empty((n_rows, self.width), np.float32)
        for start in range(0, len(self), n_rows):
            places = np.arange(start, min(start + n_rows, len(self)))
            part = block[: len(places)]
            np.copyto(part, self.split.take(places, stored[: len(places)]), casting="same_kind")
            yield slice(start, start + len(places)), part

    def spread(self, values: NDArray[Any]) -> Float32Array:
        """Expand `values` (n_features, …) to all stored pixels, (width, …), with 0 where the network sees none."""
        if self._columns is None:
            return np.ascontiguousarray(values, np.float32)
        spread = np.zeros((self.width, *values.shape[1:]), np.float32)
        spread[self._columns] = values
        return spread

    def products(self, directions: Float64Array) -> Float32Array:
        """Return the dot products of all stored images with `directions` (n_features, n), (n_images, n), in one pass
        over the images.
        """
        spread = self.spread(directions)
        products = np.empty((len(self), spread.shape[1]), np.float32)
        for places, block in self.blocks():
            np.dot(block, spread, out=products[places])
        return products

    @cached_property
    def squares(self) -> Float32Array:
        """Return the sum of squares of each stored image, (n_images,)."""
        shown = self.spread(np.ones(self.n_features))
        squares = np.empty(len(self), np.float32)
        for places, block in self.blocks():
            np.multiply(block, block, out=block)
            np.dot(block, shown, out=squares[places])
        return squares

    def stored(self, places: IndexArray) -> Float64Array:
        """Return the stored images at the indices `places` (n,), (n, n_features)."""
        stored = self.split.take(places)
        return (stored if self._columns is None else stored[:, self._columns]).astype(np.float64)

    def pixels(self, places: IndexArray) -> Float64Array:
        """Return the images at the indices `places` (n,) in 0…1 from black to white, (n, n_features)."""
        return self.stored(places) / self.pixel_max

    def inputs(self, places: IndexArray) -> Float64Array:
        """Return the scaled images at the indices `places` (n,), (n, n_features)."""
        return self.scaled(self.stored(places))

    def scaled(self, stored: Float64Array) -> Float64Array:
        """Scale images (…, n_features) to inputs of the network."""
        return self._scaling.in_float64(stored)
