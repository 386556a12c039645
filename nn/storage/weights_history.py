"""The parameters of a network after its epochs, in one file that only grows."""

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
    """How many epochs apart the kept ones are, so that a run of `epochs` takes no more than LARGEST_FILE.

    `None` where not even one epoch fits.
    """
    fitting = LARGEST_FILE // parameters.nbytes
    return -(-epochs // fitting) if fitting else None


def find_nearest_epoch(epochs: Iterable[int], epoch: int) -> int:
    """The one of some `epochs` that is nearest to `epoch`, the earlier of two."""
    return min(epochs, key=lambda kept: (abs(kept - epoch), kept))


class WeightsHistory(EpochFile):
    """The parameters (parameter_count,) after epochs 1, 1 + stride, 1 + 2·stride and so on.

    The file holds `parameter_count` rows of as many bytes as one of the network's numbers has.
    """

    magic: ClassVar[bytes] = b"MISFITW1"

    @staticmethod
    def fields(n_rows: int, n_columns: int) -> list[tuple[str, str, tuple[int, ...]]]:
        """The epoch and its parameters. Raises ValueError where numbers are of no size that a network has."""
        if n_columns not in NUMBER_SIZES:
            raise ValueError(f"numbers of {n_columns} bytes")
        return [("of_epoch", "<u4", ()), ("parameters", f"<f{n_columns}", (n_rows,))]

    @property
    def stored_epochs(self) -> Sequence[int]:
        """The epochs that are there, in ascending order. Raises PredictionsError where the file is damaged."""
        count = self.epochs
        if count < 2:
            return [1] * count
        self._file.seek(self._offset(2))
        stride = int.from_bytes(self._file.read(4), "little") - 1  # the rest of a record may be large
        if stride < 1:
            raise PredictionsError(f"the epochs of {self.path} do not ascend")
        return range(1, 1 + count * stride, stride)

    def append(self, epoch: int, parameters: FloatArray) -> None:
        """Write the parameters after `epoch`, which is later than those that are there.

        Raises PredictionsError where they are of another size, OSError where the disk is full.
        """
        if (parameters.size, parameters.itemsize) != self.shape:
            raise PredictionsError(f"{self.path} keeps the parameters of another network")
        self.write_record(self.epochs + 1, of_epoch=np.array(epoch), parameters=parameters)

    def read(self, epoch: int) -> FloatArray:
        """Read the parameters after one of the kept epochs. Raises PredictionsError where they are not there."""
        kept = self.stored_epochs
        if epoch not in kept:
            raise PredictionsError(f"{self.path} has no weights of epoch {epoch}")
        record = self.read_record(1 + kept.index(epoch))
        if record["of_epoch"] != epoch:
            raise PredictionsError(f"epoch {epoch} of {self.path} is damaged")
        return np.asarray(record["parameters"])
