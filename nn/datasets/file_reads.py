"""Stored images, read from their file instead of from memory that is mapped to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from nn.datasets.dataset import Split

LONGEST_GAP = 8  # stored inputs between two that are asked for, up to which reading on is faster than going there


class FileBackedSplit(Split):
    """A split that takes its inputs from the file that they are mapped from.

    Pages that were looked at through a map count as memory of the process until the system wants them back: all of a
    large data set, once somebody has gone through it. Reading leaves nothing behind, and takes no longer.
    """

    @classmethod
    def of(cls, split: Split) -> Self:
        """The same examples as in `split`."""
        return cls(split.inputs, split.labels, split.targets, split.rows)

    def take(self, rows: NDArray[np.intp], out: NDArray[Any] | None = None) -> NDArray[Any]:
        """The inputs of the examples at `rows` (n,), in that order: (n, n_features), in `out` where that is given."""
        mapped = self.inputs.base
        if not isinstance(mapped, np.memmap) or mapped.filename is None or not len(rows):
            return super().take(rows, out)
        stored = rows if self.rows is None else self.rows[rows]
        try:
            with Path(mapped.filename).open("rb", buffering=0) as file:
                return self._read(file, mapped.offset, stored, out)
        except OSError:  # other files have taken its place on the disk, but it is still mapped
            return super().take(rows, out)

    def _read(self, file: BinaryIO, offset: int, stored: NDArray[np.intp], out: NDArray[Any] | None) -> NDArray[Any]:
        steps = np.diff(stored)
        if len(steps) and steps.min() >= 0 and steps.max() <= LONGEST_GAP:
            first = int(stored[0])
            piece = np.empty((int(stored[-1]) - first + 1, self.inputs.shape[1]), self.inputs.dtype)
            _fill(file, offset + first * self.inputs.strides[0], piece)
            return np.take(piece, stored - first, axis=0, out=out, mode="clip")
        found = np.empty((len(stored), self.inputs.shape[1]), self.inputs.dtype) if out is None else out
        for place, row in enumerate(stored.tolist()):
            _fill(file, offset + row * self.inputs.strides[0], found[place])
        return found


def _fill(file: BinaryIO, offset: int, array: NDArray[Any]) -> None:
    file.seek(offset)
    content, done = array.reshape(-1).view(np.uint8).data, 0
    while done < len(content):
        n_read = file.readinto(content[done:])  # type: ignore[attr-defined]
        if not n_read:
            raise OSError("the file has become shorter")
        done += n_read
