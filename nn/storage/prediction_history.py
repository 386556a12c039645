"""The predictions of every epoch of a run, in one file that only grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import Predictions
from nn.errors import PredictionsError
from nn.storage.epoch_file import EpochFile


class PredictionHistory(EpochFile):
    """What a network said of (n_images, n_classes) after each epoch."""

    magic: ClassVar[bytes] = b"MISFITP1"

    @staticmethod
    def fields(n_rows: int, n_columns: int) -> list[tuple[str, str, tuple[int, ...]]]:
        """The members of `Predictions`."""
        return [
            ("log_probabilities", "<f2", (n_rows, n_columns)),
            ("losses", "<f4", (n_rows,)),
            ("predicted", "u1", (n_rows,)),
        ]

    def append(self, epoch: int, predictions: Predictions) -> None:
        """Write the predictions of `epoch`: the next one or, after a resume, one that is there.

        Raises PredictionsError where epochs before it are missing or the predictions are of other sizes, OSError where
        the disk is full.
        """
        self.check_shape(predictions.log_probabilities)
        self.write_record(
            epoch,
            log_probabilities=predictions.log_probabilities,
            losses=predictions.losses,
            predicted=predictions.predicted,
        )

    def read(self, epoch: int) -> Predictions:
        """Read the predictions of one epoch. Raises PredictionsError where they are not there, or damaged."""
        record = self.read_record(epoch)
        return Predictions(record["log_probabilities"], record["losses"], record["predicted"])

    def read_predicted(self, epochs: Sequence[int], index: int | None = None) -> NDArray[np.uint8]:
        """The classes that were predicted in some epochs, (n_epochs, n_images), or of one image, (n_epochs, 1).

        Nothing else of a record is read, so that damage is not noticed. Raises PredictionsError where an epoch is not
        there.
        """
        n_epochs = self.epochs
        if missing := [epoch for epoch in epochs if not 1 <= epoch <= n_epochs]:
            raise PredictionsError(f"{self.path} has no epoch {missing[0]}; it has {n_epochs}")
        start, n_bytes = (0, self.shape[0]) if index is None else (index, 1)
        pieces = [self._piece(self._offset(epoch) + self._start_of_predicted + start, n_bytes) for epoch in epochs]
        return np.frombuffer(b"".join(pieces), np.uint8).reshape(len(epochs), n_bytes)

    @property
    def _start_of_predicted(self) -> int:
        n_images, n_classes = self.shape
        return np.dtype(self.fields(n_images, n_classes)[:-1]).itemsize

    def _piece(self, offset: int, n_bytes: int) -> bytes:
        self._file.seek(offset)
        piece = self._file.read(n_bytes)
        if len(piece) < n_bytes:
            raise PredictionsError(f"{self.path} has become shorter")
        return piece
