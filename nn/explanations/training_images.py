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

ROWS_PER_CHUNK = 512  # 512 images of 784 numbers fit the processor's cache


class TrainingImages:
    """The stored images of a training split, in order.

    The methods copy at most one chunk of images at a time. If the network uses only a part of each image, `columns`
    (n_features,) are the indices of the used pixels. Vectors with one entry for each used pixel get zeros for the
    unused pixels. This takes less time than selecting the used pixels of each image.
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

    def chunks(self, n_rows: int = ROWS_PER_CHUNK) -> Iterator[tuple[slice, Float32Array]]:
        """Yield the stored images in chunks of at most `n_rows`.

        Each item is the slice of the image indices and an array (n_images, width). All chunks use the same buffer, so
        each chunk overwrites the previous one.
        """
        stored = np.empty((n_rows, self.width), self.split.inputs.dtype)
        buffer = np.empty((n_rows, self.width), np.float32)
        for start in range(0, len(self), n_rows):
            indices = np.arange(start, min(start + n_rows, len(self)))
            chunk = buffer[: len(indices)]
            np.copyto(chunk, self.split.take(indices, stored[: len(indices)]), casting="same_kind")
            yield slice(start, start + len(indices)), chunk

    def expand(self, values: NDArray[Any]) -> Float32Array:
        """Return `values` (n_features, …) as an array (width, …) for all stored pixels, with 0 for the unused ones."""
        if self._columns is None:
            return np.ascontiguousarray(values, np.float32)
        expanded = np.zeros((self.width, *values.shape[1:]), np.float32)
        expanded[self._columns] = values
        return expanded

    def products(self, directions: Float64Array) -> Float32Array:
        """Return the dot products (n_images, n) of all stored images with `directions` (n_features, n)."""
        expanded = self.expand(directions)
        products = np.empty((len(self), expanded.shape[1]), np.float32)
        for rows, chunk in self.chunks():
            np.dot(chunk, expanded, out=products[rows])
        return products

    @cached_property
    def squares(self) -> Float32Array:
        """The sum (n_images,) of the squared pixels of each stored image. Unused pixels are excluded."""
        is_used = self.expand(np.ones(self.n_features))
        squares = np.empty(len(self), np.float32)
        for rows, chunk in self.chunks():
            np.multiply(chunk, chunk, out=chunk)
            np.dot(chunk, is_used, out=squares[rows])
        return squares

    def stored(self, indices: IndexArray) -> Float64Array:
        """Return the stored images (n, n_features) at `indices` (n,)."""
        stored = self.split.take(indices)
        return (stored if self._columns is None else stored[:, self._columns]).astype(np.float64)

    def pixels(self, indices: IndexArray) -> Float64Array:
        """Return the images (n, n_features) at `indices` (n,), with pixels in 0…1 from black to white."""
        return self.stored(indices) / self.pixel_max

    def inputs(self, indices: IndexArray) -> Float64Array:
        """Return the scaled images (n, n_features) at `indices` (n,)."""
        return self.scaled(self.stored(indices))

    def scaled(self, stored: Float64Array) -> Float64Array:
        """Scale images (…, n_features) to inputs of the network."""
        return self._scaling.in_float64(stored)
