"""Bringing stored images to the network: in which stretches, and into which buffers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn.arrays import Floats, Labels
from nn.datasets.dataset import Split
from nn.losses import one_hot
from nn.scaling import Scaling
from nn.second_thread import Task


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some images as a network takes them: `inputs` (n_images, n_features), `targets` (n_images, n_classes) one-hot."""

    inputs: Floats
    targets: Floats
    labels: Labels


class Reader:
    """Gathers images into buffers that are allocated once: pixels stay bytes until they are about to be used."""

    def __init__(self, scaling: Scaling, n_features: int, n_classes: int, dtype: DTypeLike, max_rows: int) -> None:
        self.max_rows = max_rows
        self._scaling = scaling
        self._identity = np.eye(n_classes, dtype=dtype)
        self._pixels = np.empty((2, max_rows, n_features), np.uint8)
        self._inputs = np.empty((2, max_rows, n_features), dtype)
        self._targets = np.empty((2, max_rows, n_classes), dtype)

    def gather(self, split: Split, places: Iterable[NDArray[np.intp]]) -> Iterator[Block]:
        """The images of `split` at each of `places` (n_images,), in that order, at most `max_rows` at once.

        While one block is used, the second thread gathers the next into the other of two buffers.
        """
        begun = (self._begin(split, rows, number % 2) for number, rows in enumerate(places))
        current = next(begun, None)
        while current is not None:
            block, task = current
            ahead = next(begun, None)
            try:
                task.finish()
                yield block
            finally:  # also where no further block is asked for: its buffer will be used again
                if ahead is not None:
                    ahead[1].finish()
            current = ahead

    def read(self, split: Split) -> Iterator[Block]:
        """All images of `split` in their stored order, block by block."""
        rows = np.arange(len(split))
        return self.gather(
            split, (rows[start : start + self.max_rows] for start in range(0, len(split), self.max_rows))
        )

    def _begin(self, split: Split, rows: NDArray[np.intp], buffer: int) -> tuple[Block, Task]:
        n_rows = len(rows)
        block = Block(self._inputs[buffer, :n_rows], self._targets[buffer, :n_rows], split.labels[rows])
        return block, Task(self._fill, block, split.images, rows, self._pixels[buffer, :n_rows])

    def _fill(self, block: Block, images: NDArray[np.uint8], rows: NDArray[np.intp], pixels: NDArray[np.uint8]) -> None:
        # Without mode="clip", NumPy would write to a copy of `pixels` first, in case that an index is wrong.
        np.take(images, rows, axis=0, out=pixels, mode="clip")
        self._scaling.apply(pixels, block.inputs)
        one_hot(block.labels, self._identity, block.targets)


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
