"""The predictions of every epoch of a run, in one append-only file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import Predictions
from nn.errors import PredictionsError
from nn.storage.epoch_file import EpochFile

WITH_LOG_PROBABILITIES = b"MISFITP1"
SMALLEST_COMPLEMENT = 2.0**-25
"""The largest 1 − p for which ln p rounds to 0 in 16 bits."""


class PredictionHistory(EpochFile):
    """The predictions (n_images, n_classes) after each epoch.

    Older versions of this program stored ln p instead of ln(p / (1 − p)) for each probability p.
    """

    magic: ClassVar[bytes] = b"MISFITP2"
    older_magics: ClassVar[frozenset[bytes]] = frozenset({WITH_LOG_PROBABILITIES})

    @staticmethod
    def fields(n_rows: int, n_columns: int) -> list[tuple[str, str, tuple[int, ...]]]:
        """Return the name, type and shape of each array of `Predictions`."""
        return [
            ("log_odds", "<f2", (n_rows, n_columns)),
            ("losses", "<f4", (n_rows,)),
            ("predicted", "u1", (n_rows,)),
        ]

    def append(self, epoch: int, predictions: Predictions) -> None:
        """Append the predictions of `epoch` or, after training has resumed, replace existing predictions.

        Raises PredictionsError if an earlier epoch is missing or the shape is wrong, and OSError if the disk is full.
        """
        self.check_shape(predictions.log_odds)
        self.write_record(
            epoch,
            log_odds=predictions.log_odds,
            losses=predictions.losses,
            predicted=predictions.predicted,
        )

    def read(self, epoch: int) -> Predictions:
        """Read the predictions of one epoch. Raises PredictionsError if they are missing or damaged."""
        record = self.read_record(epoch)
        stored = record["log_odds"]
        log_odds = _log_odds(stored) if self._magic == WITH_LOG_PROBABILITIES else stored
        return Predictions(log_odds, record["losses"], record["predicted"])

    def read_predicted(self, epochs: Sequence[int], index: int | None = None) -> NDArray[np.uint8]:
        """Return the predicted classes (n_epochs, n_images) in `epochs`, or those (n_epochs, 1) of the image `index`.

        The method reads only this part of each record, and does not verify the checksum. Raises PredictionsError if an
        epoch is missing.
        """
        n_epochs = self.epochs
        if missing := [epoch for epoch in epochs if not 1 <= epoch <= n_epochs]:
            raise PredictionsError(f"{self.path} has no epoch {missing[0]}; it has {n_epochs}")
        start, n_bytes = (0, self.shape[0]) if index is None else (index, 1)
        parts = [self._read_bytes(self._offset(epoch) + self._predicted_offset + start, n_bytes) for epoch in epochs]
        return np.frombuffer(b"".join(parts), np.uint8).reshape(len(epochs), n_bytes)

    @property
    def _predicted_offset(self) -> int:
        n_images, n_classes = self.shape
        return np.dtype(self.fields(n_images, n_classes)[:-1]).itemsize

    def _read_bytes(self, offset: int, n_bytes: int) -> bytes:
        self._file.seek(offset)
        content = self._file.read(n_bytes)
        if len(content) < n_bytes:
            raise PredictionsError(f"{self.path} was truncated")
        return content


def _log_odds(log_probabilities: NDArray[np.float16]) -> NDArray[np.float32]:
    """Return the log odds for logarithms of probabilities. A probability that was rounded to 1 is slightly less."""
    logs = log_probabilities.astype(np.float64)
    return (logs - np.log(np.maximum(-np.expm1(logs), SMALLEST_COMPLEMENT))).astype(np.float32)
