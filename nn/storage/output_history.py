"""Append-only file with the network outputs on a grid of input points, one record per epoch."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from nn.array_types import FloatArray
from nn.storage.epoch_file import EpochFile


class OutputHistory(EpochFile):
    """The outputs (n_points, n_outputs) of each epoch."""

    magic: ClassVar[bytes] = b"MISFITS1"

    @staticmethod
    def fields(n_rows: int, n_columns: int) -> list[tuple[str, str, tuple[int, ...]]]:
        """Return the name, type and shape of the only array in a record."""
        return [("outputs", "<f4", (n_rows, n_columns))]

    def append(self, epoch: int, outputs: FloatArray) -> None:
        """Append the outputs of `epoch` or, after training has resumed, replace existing outputs.

        Raises PredictionsError if an earlier epoch is missing or the shape is wrong, and OSError if the disk is full.
        """
        self.check_shape(outputs)
        with np.errstate(over="ignore"):  # values that are too large for 32 bits become infinite
            self.write_record(epoch, outputs=outputs)

    def read(self, epoch: int) -> NDArray[np.float32]:
        """Read the outputs of one epoch. Raises PredictionsError if they are missing or damaged."""
        return np.asarray(self.read_record(epoch)["outputs"])
