"""Reading of stored images from their file instead of through a memory map."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from nn.array_files import fill_buffer
from nn.datasets.dataset import Split

LONGEST_GAP = 8  # if the wanted rows are at most this far apart, reading all rows between them is faster than seeking


class FileBackedSplit(Split):
    """A split that reads its inputs from the mapped file instead of through the memory map.

    Memory pages that a process reads through a map count as memory of the process until the system reclaims them. For a
    large data set, this memory can reach the size of the whole file. Reads from the file need no such memory and are
    equally fast.
    """

    @classmethod
    def from_split(cls, split: Split) -> Self:
        """Return a file-backed split with the examples of `split`."""
        return cls(split.inputs, split.labels, split.targets, split.rows)

    def take(self, rows: NDArray[np.intp], out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Return the inputs (n, n_features) of the examples at `rows` (n,), in that order.

        If `out` is given, write the inputs into it.
        """
        mapped = self.inputs.base
        if not isinstance(mapped, np.memmap) or mapped.filename is None or not len(rows):
            return super().take(rows, out)
        stored = rows if self.rows is None else self.rows[rows]
        try:
            with Path(mapped.filename).open("rb", buffering=0) as file:
                return self._read(file, mapped.offset, stored, out)
        except OSError:  # the file has been replaced or deleted, but the map is still valid
            return super().take(rows, out)

    def _read(self, file: BinaryIO, offset: int, stored: NDArray[np.intp], out: NDArray[Any] | None) -> NDArray[Any]:
        steps = np.diff(stored)
        if len(steps) and steps.min() >= 0 and steps.max() <= LONGEST_GAP:
            first = int(stored[0])
            chunk = np.empty((int(stored[-1]) - first + 1, self.inputs.shape[1]), self.inputs.dtype)
            _fill_array(file, offset + first * self.inputs.strides[0], chunk)
            return np.take(chunk, stored - first, axis=0, out=out, mode="clip")
        inputs = np.empty((len(stored), self.inputs.shape[1]), self.inputs.dtype) if out is None else out
        for position, row in enumerate(stored.tolist()):
            _fill_array(file, offset + row * self.inputs.strides[0], inputs[position])
        return inputs


def _fill_array(file: BinaryIO, offset: int, array: NDArray[Any]) -> None:
    file.seek(offset)
    fill_buffer(file, array.reshape(-1).view(np.uint8).data)
