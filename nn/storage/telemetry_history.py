"""Append-only file with the telemetry of a run, one line of JSON for each moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

Record = Mapping[str, Any]


class TelemetryHistory:
    """An open file of records, to which one process appends while others read.

    Each line contains the number of the epoch, a space and the record. An epoch can have several records or none. A
    line without its end is a record that a killed process did not complete, and is not read. The object is a context
    manager that closes the file.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    @classmethod
    def create(cls, path: Path) -> Self:
        """Create an empty file at `path`. An existing file is replaced. Raises OSError."""
        return cls(path.open("wb"))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def append(self, records: Iterable[Record]) -> None:
        """Append records in the order of their epochs. Each has an `epoch`, and all numbers are finite.

        Raises OSError if the disk is full.
        """
        self._file.write(b"".join(map(_format, records)))
        self._file.flush()

    @staticmethod
    def read(path: Path, after: int = 0) -> Iterator[dict[str, Any]]:
        """Yield the records of the epochs after `after`; with 0, also those of epoch 0.

        A damaged record is left out, and a file that does not exist has no records. Raises OSError.
        """
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            for line in file:
                record = _parse(line, after)
                if record is not None:
                    yield record


def _format(record: Record) -> bytes:
    return f"{record['epoch']} {json.dumps(record, allow_nan=False, separators=(',', ':'))}\n".encode()


def _parse(line: bytes, after: int) -> dict[str, Any] | None:
    """Return the record of a line, or None if it is damaged or its epoch is not after `after`."""
    epoch, _, content = line.partition(b" ")
    if not line.endswith(b"\n") or not epoch.isdigit() or (after and int(epoch) <= after):
        return None
    try:
        record = json.loads(content)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
