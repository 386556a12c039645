"""The predictions of every epoch of a run, in one file that only grows."""

from __future__ import annotations

import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np

from nn.errors import PredictionsError
from nn.predictions import Predictions

MAGIC = b"MISFITP1"
HEADER = np.dtype([("magic", "S8"), ("n_images", "<u4"), ("n_classes", "<u4")])


class PredictionHistory:
    """An open file: a header, then one record of fixed size for each epoch, each with a checksum.

    Any epoch is one seek and one read away, and one process may append while others read what is complete. What is
    appended survives the end of the process at once; should the machine lose power, the checksum tells a record that
    did not reach the disk. Closed at the end of a `with` block.
    """

    def __init__(self, path: Path, file: BinaryIO, n_images: int, n_classes: int) -> None:
        self.path = path
        self.n_images, self.n_classes = n_images, n_classes
        self._file = file
        self._record = np.dtype(
            [
                ("log_probabilities", "<f2", (n_images, n_classes)),
                ("losses", "<f4", (n_images,)),
                ("predicted", "u1", (n_images,)),
                ("checksum", "<u4"),
            ]
        )

    @classmethod
    def create(cls, path: Path, n_images: int, n_classes: int) -> Self:
        """Start an empty history at `path`, replacing what was there."""
        file = path.open("w+b")
        file.write(np.array((MAGIC, n_images, n_classes), HEADER).tobytes())
        file.flush()
        return cls(path, file, n_images, n_classes)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the history at `path` for reading. Raises PredictionsError where there is none."""
        try:
            file = path.open("rb", buffering=0)  # a buffer could hold what was there before an append
        except OSError as error:
            raise PredictionsError(f"{path} cannot be read: {error.strerror}") from error
        try:
            header = np.frombuffer(file.read(HEADER.itemsize), HEADER)[0]
            if header["magic"] != MAGIC:
                raise ValueError("another file's first bytes")
            return cls(path, file, int(header["n_images"]), int(header["n_classes"]))
        except (ValueError, IndexError, OSError) as error:
            file.close()
            raise PredictionsError(f"{path} is not a file of predictions: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def epochs(self) -> int:
        """How many epochs are complete; they count from 1."""
        size = self._file.seek(0, 2)
        return max(0, size - HEADER.itemsize) // self._record.itemsize

    def append(self, epoch: int, predictions: Predictions) -> None:
        """Write the predictions of `epoch`: the next one or, after a resume, one that is there.

        Raises PredictionsError where epochs before it are missing or the predictions are of other sizes, OSError where
        the disk is full.
        """
        if not 1 <= epoch <= self.epochs + 1:
            raise PredictionsError(f"epoch {epoch} cannot follow epoch {self.epochs} in {self.path}")
        shape = predictions.log_probabilities.shape
        if shape != (self.n_images, self.n_classes):
            raise PredictionsError(
                f"{self.path} keeps ({self.n_images}, {self.n_classes}) outputs an epoch, not {shape}"
            )
        record = np.zeros((), self._record)
        record["log_probabilities"] = predictions.log_probabilities
        record["losses"] = predictions.losses
        record["predicted"] = predictions.predicted
        record["checksum"] = _checksum(epoch, record.tobytes())
        self._file.seek(self._offset(epoch))
        self._file.write(record.tobytes())
        self._file.flush()

    def read(self, epoch: int) -> Predictions:
        """Read the predictions of one epoch. Raises PredictionsError where they are not there, or damaged."""
        if not 1 <= epoch <= self.epochs:
            raise PredictionsError(f"{self.path} has no epoch {epoch}; it has {self.epochs}")
        self._file.seek(self._offset(epoch))
        content = self._file.read(self._record.itemsize)
        record = np.frombuffer(content, self._record)[0] if len(content) == self._record.itemsize else None
        if record is None or record["checksum"] != _checksum(epoch, content):
            raise PredictionsError(f"epoch {epoch} of {self.path} is damaged")
        return Predictions(record["log_probabilities"], record["losses"], record["predicted"])

    def _offset(self, epoch: int) -> int:
        return HEADER.itemsize + (epoch - 1) * self._record.itemsize


def _checksum(epoch: int, record: bytes) -> int:
    """Tell a whole record from a torn one, and from that of another epoch; the last four bytes are left out."""
    return zlib.crc32(memoryview(record)[:-4], epoch)
