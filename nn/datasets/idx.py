"""A strict reader of IDX, the format of MNIST's files, zipped or not.

An IDX file is the bytes 0, 0, the type of its numbers, the number of dimensions; then the length of each dimension
in four bytes, the most significant first; then the numbers (http://yann.lecun.com/exdb/mnist/).
Nothing that a file claims is believed before its bytes have been counted, and no more than a piece of it is in memory.
"""

from __future__ import annotations

import gzip
import math
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

from nn.errors import DatasetError

UNSIGNED_BYTE = 0x08
GZIP_MAGIC = b"\x1f\x8b"
PIECE = 2**20
MAX_BYTES = 2**30  # twenty times MNIST; what unzips to more was not made to be learned from
CONTENTS = {1: "labels", 3: "images"}


class IdxError(DatasetError):
    """An IDX file that cannot be used, with its name and what to do about it."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} {problem}. Delete it so that it is downloaded anew, or put a good copy in its place.")


@dataclass(frozen=True, slots=True)
class IdxFile:
    """An IDX file whose header has been read: its status on disk, its shape, and its numbers still to come."""

    path: Path
    status: os.stat_result
    shape: tuple[int, ...]
    stream: BufferedIOBase

    def pieces(self) -> Iterator[bytes]:
        """Read the numbers piece by piece. Raises IdxError once there are too few or too many, or they are damaged."""
        left = math.prod(self.shape)
        while left:
            piece = _read(self.path, self.stream, min(left, PIECE))
            if not piece:
                raise IdxError(self.path, f"is too short: {left:,} of its {math.prod(self.shape):,} bytes are missing")
            left -= len(piece)
            yield piece
        if _read(self.path, self.stream, 1):
            raise IdxError(
                self.path, f"is too long: bytes follow the {math.prod(self.shape):,} that its header tells of"
            )


@contextmanager
def open_idx(path: Path, n_dimensions: int) -> Iterator[IdxFile]:
    """Open an IDX file of bytes with `n_dimensions` (1 for labels, 3 for images), unzipping it if it is zipped.

    Raises IdxError where it is something else, holds nothing, or claims more than `MAX_BYTES`.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error
    with file:
        zipped = file.read(2) == GZIP_MAGIC
        file.seek(0)
        with gzip.GzipFile(fileobj=file, mode="rb") if zipped else nullcontext(file) as stream:
            yield IdxFile(path, os.fstat(file.fileno()), _read_shape(path, stream, n_dimensions), stream)


def _read_shape(path: Path, stream: BufferedIOBase, n_dimensions: int) -> tuple[int, ...]:
    magic = _read(path, stream, 4)
    if not magic:
        raise IdxError(path, "is empty")
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise IdxError(
            path, f"is not an IDX file: it begins with {magic.hex(' ')} instead of 00 00 08 {n_dimensions:02x}"
        )
    if magic[2] != UNSIGNED_BYTE:
        raise IdxError(path, f"holds numbers of type {magic[2]:#04x}, not bytes (0x08)")
    if magic[3] != n_dimensions:
        held = CONTENTS.get(magic[3], f"{magic[3]} dimensions")
        raise IdxError(path, f"holds {held} where {CONTENTS[n_dimensions]} belong")
    header = _read(path, stream, 4 * n_dimensions)
    if len(header) < 4 * n_dimensions:
        raise IdxError(path, "is too short: it ends within its header")
    shape = struct.unpack(f">{n_dimensions}I", header)
    if 0 in shape:
        raise IdxError(path, f"holds no {CONTENTS[n_dimensions]}")
    if math.prod(shape) > MAX_BYTES:
        raise IdxError(path, f"claims to hold {math.prod(shape):,} bytes, more than the {MAX_BYTES:,} that are read")
    return shape


def _read(path: Path, stream: BufferedIOBase, size: int) -> bytes:
    """Read `size` bytes, fewer only at the end. Raises IdxError where a zipped file is damaged."""
    parts: list[bytes] = []
    try:
        while size and (part := stream.read(size)):
            parts.append(part)
            size -= len(part)
    except EOFError:
        raise IdxError(path, "is cut short: its zipped bytes end too early") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise IdxError(path, f"is damaged: its bytes cannot be unzipped ({error})") from None
    except OSError as error:
        raise _unreadable(path, error) from error
    return b"".join(parts)


def _unreadable(path: Path, error: OSError) -> DatasetError:
    return DatasetError(f"{path} cannot be read: {error.strerror or error}. Make it readable, or replace it.")
