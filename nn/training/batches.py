"""Bringing stored examples to the network: in which stretches, and into which buffers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nn.array_types import FloatArray, LabelArray
from nn.datasets.dataset import Dataset, Split
from nn.datasets.scaling import Scaling
from nn.model.losses import encode
from nn.parallel.second_thread import Task


@dataclass(frozen=True, slots=True, eq=False)
class ExampleChunk:
    """Some examples as a network takes them: `inputs` (n_examples, n_features), `targets` (n_examples, n_outputs).

    `labels` (n_examples,) are `None` where numbers are to be predicted.
    """

    inputs: FloatArray
    targets: FloatArray
    labels: LabelArray | None

    def __len__(self) -> int:
        return len(self.inputs)


class ExampleLoader:
    """Gathers examples into buffers that are allocated once: pixels stay bytes until they are about to be used."""

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
        self._target_scaling = target_scaling or Scaling.identity(dtype)
        self._codes: FloatArray = dataset.class_codes.astype(dtype)
        self._stored = np.empty((2, max_rows, dataset.n_features), dataset.train.inputs.dtype)
        self._inputs: FloatArray = np.empty((2, max_rows, dataset.n_features), dtype)
        self._targets: FloatArray = np.empty((2, max_rows, dataset.n_outputs), dtype)

    def gather(self, split: Split, places: Iterable[NDArray[np.intp]]) -> Iterator[ExampleChunk]:
        """The examples of `split` at each of `places` (n_examples,), in that order, at most `max_rows` at once.

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

    def read(self, split: Split) -> Iterator[ExampleChunk]:
        """All examples of `split` in their stored order, block by block."""
        rows = np.arange(len(split))
        return self.gather(
            split, (rows[start : start + self.max_rows] for start in range(0, len(split), self.max_rows))
        )

    def _begin(self, split: Split, rows: NDArray[np.intp], buffer: int) -> tuple[ExampleChunk, Task]:
        n_rows = len(rows)
        labels = split.labels[rows] if split.targets is None else None
        block = ExampleChunk(self._inputs[buffer, :n_rows], self._targets[buffer, :n_rows], labels)
        return block, Task(self._fill, block, split, rows, self._stored[buffer, :n_rows])

    def _fill(self, block: ExampleChunk, split: Split, rows: NDArray[np.intp], stored: NDArray[Any]) -> None:
        self._scaling.apply(split.take(rows, stored), block.inputs)
        if block.labels is not None:
            encode(block.labels, self._codes, block.targets)
        elif split.targets is not None:
            self._target_scaling.apply(split.targets[rows], block.targets)


def chunks(n_images: int, batch_size: int, max_rows: int) -> Iterator[range]:
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
