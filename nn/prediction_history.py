"""The predictions of every epoch of a run, in one file that only grows."""

from __future__ import annotations

from typing import ClassVar

from nn.epoch_file import EpochFile
from nn.predictions import Predictions


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
