"""Bringing stored images to the network: in which stretches, and into which buffers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn.arrays import Floats, Labels
from nn.datasets.dataset import Split
from nn.losses import one_hot
from nn.scaling import Scaling


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some images as a network takes them: `inputs` (n_images, n_features), `targets` (n_images, n_classes) one-hot."""

    inputs: Floats
    targets: Floats
    labels: Labels


class Reader:
    """Gathers images into buffers that are allocated once: pixels stay bytes until they are about to be used.

    A block lies in those buffers, so the next one overwrites it.
    """

    def __init__(self, scaling: Scaling, n_features: int, n_classes: int, dtype: DTypeLike, max_rows: int) -> None:
        self.max_rows = max_rows
        self._scaling = scaling
        self._identity = np.eye(n_classes, dtype=dtype)
        self._pixels = np.empty((max_rows, n_features), np.uint8)
        self._inputs = np.empty((max_rows, n_features), dtype)
        self._targets = np.empty((max_rows, n_classes), dtype)

    def gather(self, split: Split, rows: NDArray[np.intp]) -> Block:
        """The images of `split` at `rows` (n_images,), in that order, at most `max_rows` of them."""
        pixels = self._pixels[: len(rows)]
        # Without mode="clip", NumPy would write to a copy of `pixels` first, in case that an index is wrong.
        np.take(split.images, rows, axis=0, out=pixels, mode="clip")
        return self._block(pixels, split.labels[rows])

    def read(self, split: Split) -> Iterator[Block]:
        """All images of `split` in their stored order, block by block."""
        for start in range(0, len(split), self.max_rows):
            rows = slice(start, start + self.max_rows)
            yield self._block(split.images[rows], split.labels[rows])

    def _block(self, pixels: NDArray[np.uint8], labels: Labels) -> Block:
        inputs, targets = self._inputs[: len(labels)], self._targets[: len(labels)]
        self._scaling.apply(pixels, inputs)
        one_hot(labels, self._identity, targets)
        return Block(inputs, targets, labels)


def stretches(n_images: int, batch_size: int, max_rows: int) -> Iterator[range]:
    """Divide an epoch of `n_images` into stretches of at most `max_rows`, to be gathered at once.

    A stretch is as many whole batches as fit, since a few large gathers take less time than many small ones; or a
    piece of a batch that is too large to fit.
    """
    if batch_size <= max_rows:
        step = max_rows - max_rows % batch_size
        yield from (range(start, min(start + step, n_images)) for start in range(0, n_images, step))
    else:
        for batch in range(0, n_images, batch_size):
            end = min(batch + batch_size, n_images)
            yield from (range(start, min(start + max_rows, end)) for start in range(batch, end, max_rows))
