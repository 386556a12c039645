"""What a network said at the places of a sketch after every epoch, in one file that only grows."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from nn.array_types import FloatArray
from nn.storage.epoch_file import EpochFile


class OutputHistory(EpochFile):
    """The outputs (n_places, n_outputs) of each epoch."""

    magic: ClassVar[bytes] = b"MISFITS1"

    @staticmethod
    def fields(n_rows: int, n_columns: int) -> list[tuple[str, str, tuple[int, ...]]]:
        """One array."""
        return [("outputs", "<f4", (n_rows, n_columns))]

    def append(self, epoch: int, outputs: FloatArray) -> None:
        """Write the outputs of `epoch`: the next one or, after a resume, one that is there.

        Raises PredictionsError where epochs before it are missing or the outputs are of another shape, OSError where
        the disk is full.
        """
        self.check_shape(outputs)
        with np.errstate(over="ignore"):  # what is too large for 32 bits is drawn as what is not finite
            self.write_record(epoch, outputs=outputs)

    def read(self, epoch: int) -> NDArray[np.float32]:
        """Read the outputs of one epoch. Raises PredictionsError where they are not there, or damaged."""
        return np.asarray(self.read_record(epoch)["outputs"])
