"""An append-only file with one record of fixed size per epoch of a run."""

from __future__ import annotations

import os
import zlib
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from nn.errors import PredictionsError

HEADER = np.dtype([("magic", "S8"), ("n_rows", "<u4"), ("n_columns", "<u4")])


class EpochFile(ABC):
    """An open file with a header and one record for each epoch. Each record has a checksum.

    Reading an epoch takes one seek and one read. One process can append records while other processes read complete
    records. An appended record survives a crash of the process; after a power failure, the checksum detects a record
    that did not reach the disk. The object is a context manager that closes the file.
    """

    magic: ClassVar[bytes]
    older_magics: ClassVar[frozenset[bytes]] = frozenset()
    """The magic numbers of older files with the same layout, which can be read."""

    def __init__(self, path: Path, file: BinaryIO, n_rows: int, n_columns: int) -> None:
        self.path = path
        self.shape = (n_rows, n_columns)
        self._file = file
        self._record = np.dtype([*self.fields(n_rows, n_columns), ("checksum", "<u4")])
        self._magic = self.magic

    @staticmethod
    @abstractmethod
    def fields(n_rows: int, n_columns: int) -> list[tuple[str, str, tuple[int, ...]]]:
        """Return the name, type and shape of each array in a record."""

    @classmethod
    def create(cls, path: Path, n_rows: int, n_columns: int) -> Self:
        """Create a file without records at `path`. An existing file is replaced."""
        file = path.open("w+b")
        file.write(np.array((cls.magic, n_rows, n_columns), HEADER).tobytes())
        file.flush()
        return cls(path, file, n_rows, n_columns)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file at `path` for reading.

        Raises PredictionsError if the file is missing or does not begin with a valid header of this class.
        """
        try:
            file = path.open("rb", buffering=0)  # a buffer could contain outdated data after an append
        except OSError as error:
            raise PredictionsError(f"{path} cannot be read: {error.strerror}") from error
        try:
            content = file.read(HEADER.itemsize)
            if len(content) < HEADER.itemsize:
                raise ValueError("its header is incomplete")
            header = np.frombuffer(content, HEADER)[0]
            if header["magic"] not in {cls.magic, *cls.older_magics}:
                raise ValueError("it begins like a file of another kind")
            found = cls(path, file, int(header["n_rows"]), int(header["n_columns"]))
            found._magic = header["magic"]
            return found
        except (ValueError, OSError) as error:
            file.close()
            raise PredictionsError(f"{path} is not a usable history file: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def epochs(self) -> int:
        """The number of complete records. The first record belongs to epoch 1."""
        size = self._file.seek(0, 2)
        return max(0, size - HEADER.itemsize) // self._record.itemsize

    def write_record(self, epoch: int, **arrays: NDArray[Any]) -> None:
        """Append the record of `epoch` or, after training has resumed, replace an existing record.

        Raises PredictionsError if an earlier epoch is missing. Raises OSError if the disk is full, or if the file has
        been deleted or replaced, because its records could then never be read.
        """
        if not 1 <= epoch <= self.epochs + 1:
            raise PredictionsError(f"epoch {epoch} cannot follow epoch {self.epochs} in {self.path}")
        record = np.zeros(1, self._record)
        for name, array in arrays.items():
            record[name] = array
        content = record.view(np.uint8).data
        record["checksum"] = _checksum(epoch, content)
        self._file.seek(self._offset(epoch))
        self._file.write(content)
        self._file.flush()
        self._check_path()

    def read_record(self, epoch: int) -> Any:
        """Return the record of one epoch. Raises PredictionsError if the record is missing or damaged."""
        if not 1 <= epoch <= self.epochs:
            raise PredictionsError(f"{self.path} has no epoch {epoch}; it has {self.epochs}")
        self._file.seek(self._offset(epoch))
        content = self._file.read(self._record.itemsize)
        record = np.frombuffer(content, self._record)[0] if len(content) == self._record.itemsize else None
        if record is None or record["checksum"] != _checksum(epoch, content):
            raise PredictionsError(f"epoch {epoch} of {self.path} is damaged")
        return record

    def _check_path(self) -> None:
        try:
            found = os.path.samestat(self.path.stat(), os.fstat(self._file.fileno()))
        except FileNotFoundError:
            found = False
        if not found:
            raise FileNotFoundError(f"{self.path} was deleted or replaced during training")

    def check_shape(self, array: NDArray[Any]) -> None:
        """Raise PredictionsError if the shape of `array` is not (n_rows, n_columns)."""
        if array.shape != self.shape:
            raise PredictionsError(f"{self.path} stores arrays of shape {self.shape}, not {array.shape}")

    def _offset(self, epoch: int) -> int:
        return HEADER.itemsize + (epoch - 1) * self._record.itemsize


def _checksum(epoch: int, record: bytes | memoryview) -> int:
    """Return the checksum of `epoch` and of a record.

    The last four bytes of the record are ignored, because they store the checksum.
    """
    return zlib.crc32(memoryview(record)[:-4], epoch)
