"""The parameters of a network after each stored epoch, in one append-only file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np

from nn.array_types import FloatArray
from nn.errors import PredictionsError
from nn.storage.epoch_file import EpochFile

LARGEST_FILE = 128_000_000  # bytes
NUMBER_SIZES = {4, 8}  # bytes


def compute_stride(epochs: int, parameters: FloatArray) -> int | None:
    """Return the stride: the distance between stored epochs in a run of `epochs`.

    The stride is as small as the limit LARGEST_FILE permits. Returns None if even a single epoch would exceed this
    limit.
    """
    fitting = LARGEST_FILE // parameters.nbytes
    return -(-epochs // fitting) if fitting else None


def find_nearest_epoch(epochs: Iterable[int], epoch: int) -> int:
    """Return the member of `epochs` that is nearest to `epoch`. In a tie, return the earlier one."""
    return min(epochs, key=lambda stored: (abs(stored - epoch), stored))


class WeightsHistory(EpochFile):
    """The parameters (parameter_count,) after epochs 1, 1 + stride, 1 + 2·stride and so on.

    In the header, the number of rows is `parameter_count`, and the number of columns is the size of one number in
    bytes.
    """

    magic: ClassVar[bytes] = b"MISFITW1"

    @staticmethod
    def fields(n_rows: int, n_columns: int) -> list[tuple[str, str, tuple[int, ...]]]:
        """Return the fields for the epoch and the parameters after it.

        Raises ValueError if a number has neither 4 nor 8 bytes.
        """
        if n_columns not in NUMBER_SIZES:
            raise ValueError(f"its numbers have {n_columns} bytes")
        return [("of_epoch", "<u4", ()), ("parameters", f"<f{n_columns}", (n_rows,))]

    @property
    def stored_epochs(self) -> Sequence[int]:
        """The stored epochs in ascending order. Raises PredictionsError if the file is damaged."""
        count = self.epochs
        if count < 2:
            return [1] * count
        self._file.seek(self._offset(2))
        stride = int.from_bytes(self._file.read(4), "little") - 1  # reads only the epoch, because a record can be large
        if stride < 1:
            raise PredictionsError(f"the epochs in {self.path} are not in ascending order")
        return range(1, 1 + count * stride, stride)

    def append(self, epoch: int, parameters: FloatArray) -> None:
        """Write the parameters after `epoch`, which must be later than the stored epochs.

        Raises PredictionsError if the number or type of the parameters is wrong, and OSError if the disk is full.
        """
        if (parameters.size, parameters.itemsize) != self.shape:
            raise PredictionsError(f"{self.path} stores the parameters of another network")
        self.write_record(self.epochs + 1, of_epoch=np.array(epoch), parameters=parameters)

    def read(self, epoch: int) -> FloatArray:
        """Read the parameters after `epoch`. Raises PredictionsError if the epoch is not stored or is damaged."""
        stored = self.stored_epochs
        if epoch not in stored:
            raise PredictionsError(f"{self.path} has no weights of epoch {epoch}")
        record = self.read_record(1 + stored.index(epoch))
        if record["of_epoch"] != epoch:
            raise PredictionsError(f"epoch {epoch} of {self.path} is damaged")
        return np.asarray(record["parameters"])
