"""Loading of stored examples into buffers, in chunks."""

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
    """Examples in the form that the network expects.

    `inputs` are (n_examples, n_features), and `targets` are (n_examples, n_outputs). `labels` are (n_examples,), or
    `None` for a regression.
    """

    inputs: FloatArray
    targets: FloatArray
    labels: LabelArray | None

    def __len__(self) -> int:
        return len(self.inputs)


class ExampleLoader:
    """A loader that copies examples into buffers and scales them just before use. The buffers are allocated once."""

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

    def gather(self, split: Split, indices: Iterable[NDArray[np.intp]]) -> Iterator[ExampleChunk]:
        """Yield a chunk of examples of `split` for each array (n_examples,) in `indices`.

        Each array contains at most `max_rows` indices. While the caller uses one chunk, the second thread loads the
        next chunk into another buffer.
        """
        started = (self._begin(split, rows, number % 2) for number, rows in enumerate(indices))
        current = next(started, None)
        while current is not None:
            chunk, task = current
            following = next(started, None)
            try:
                task.finish()
                yield chunk
            finally:  # wait also if the caller stops early, because a later call uses the same buffers
                if following is not None:
                    following[1].finish()
            current = following

    def read(self, split: Split) -> Iterator[ExampleChunk]:
        """Yield all examples of `split` in stored order, in chunks."""
        rows = np.arange(len(split))
        return self.gather(
            split, (rows[start : start + self.max_rows] for start in range(0, len(split), self.max_rows))
        )

    def load(self, split: Split, rows: NDArray[np.intp]) -> ExampleChunk:
        """Return the examples `rows` (n_examples,) of `split` in new arrays."""
        stored, inputs, targets = (
            np.empty((len(rows), buffer.shape[-1]), buffer.dtype)
            for buffer in (self._stored, self._inputs, self._targets)
        )
        chunk = ExampleChunk(inputs, targets, _labels(split, rows))
        self._fill(chunk, split, rows, stored)
        return chunk

    def _begin(self, split: Split, rows: NDArray[np.intp], buffer: int) -> tuple[ExampleChunk, Task]:
        n_rows = len(rows)
        chunk = ExampleChunk(self._inputs[buffer, :n_rows], self._targets[buffer, :n_rows], _labels(split, rows))
        return chunk, Task(self._fill, chunk, split, rows, self._stored[buffer, :n_rows])

    def _fill(self, chunk: ExampleChunk, split: Split, rows: NDArray[np.intp], stored: NDArray[Any]) -> None:
        self._scaling.apply(split.take(rows, stored), chunk.inputs)
        if chunk.labels is not None:
            encode(chunk.labels, self._codes, chunk.targets)
        elif split.targets is not None:
            self._target_scaling.apply(split.targets[rows], chunk.targets)


def _labels(split: Split, rows: NDArray[np.intp]) -> LabelArray | None:
    return split.labels[rows] if split.targets is None else None


def chunks(n_images: int, batch_size: int, max_rows: int) -> Iterator[range]:
    """Divide an epoch of `n_images` into chunks of at most `max_rows`.

    A chunk consists of as many whole batches as fit, because a few large copies take less time than many small ones. A
    batch of more than `max_rows` is divided into several chunks.
    """
    if batch_size <= max_rows:
        step = max_rows - max_rows % batch_size
        yield from (range(start, min(start + step, n_images)) for start in range(0, n_images, step))
    else:
        for batch in range(0, n_images, batch_size):
            end = min(batch + batch_size, n_images)
            yield from (range(start, min(start + max_rows, end)) for start in range(batch, end, max_rows))
