"""Bringing stored examples to the network: in which stretches, and into which buffers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn.arrays import Floats, Labels
from nn.datasets.dataset import Dataset, Split
from nn.losses import encode
from nn.scaling import Scaling


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some examples as a network takes them: `inputs` (n_examples, n_features), `targets` (n_examples, n_outputs).

    `labels` (n_examples,) are `None` where numbers are to be predicted.
    """

    inputs: Floats
    targets: Floats
    labels: Labels | None

    def __len__(self) -> int:
        return len(self.inputs)


class Reader:
    """Gathers examples into buffers that are allocated once: pixels stay bytes until they are about to be used.

    A block lies in those buffers, so the next one overwrites it.
    """

    def __init__(
        self,
        dataset: Dataset,
        scaling: Scaling,
        dtype: DTypeLike,
        max_rows: int,
        *,
        target_scaling: Scaling | None = None,
    ) -> None:
        self.max_rows = max_rows
        self._scaling = scaling
        self._target_scaling = target_scaling or Scaling.nothing(dtype)
        self._codes: Floats = dataset.class_codes.astype(dtype)
        self._stored = np.empty((max_rows, dataset.n_features), dataset.train.inputs.dtype)
        self._inputs: Floats = np.empty((max_rows, dataset.n_features), dtype)
        self._targets: Floats = np.empty((max_rows, dataset.n_outputs), dtype)

    def gather(self, split: Split, rows: NDArray[np.intp]) -> Block:
        """The examples of `split` at `rows` (n_examples,), in that order, at most `max_rows` of them."""
        n_rows = len(rows)
        inputs, targets = self._inputs[:n_rows], self._targets[:n_rows]
        self._scaling.apply(split.take(rows, self._stored[:n_rows]), inputs)
        if split.targets is not None:
            self._target_scaling.apply(split.targets[rows], targets)
            return Block(inputs, targets, None)
        labels = split.labels[rows]
        encode(labels, self._codes, targets)
        return Block(inputs, targets, labels)

    def read(self, split: Split) -> Iterator[Block]:
        """All examples of `split` in their stored order, block by block."""
        for start in range(0, len(split), self.max_rows):
            yield self.gather(split, np.arange(start, min(start + self.max_rows, len(split))))


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
