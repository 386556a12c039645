"""A strict reader of IDX files, the format of MNIST. A file may be compressed with gzip.

An IDX file (http://yann.lecun.com/exdb/mnist/) begins with four bytes: 0, 0, the data type and the number of
dimensions. The length of each dimension follows in four bytes, the most significant byte first. The rest is the data.
The reader checks that the number of bytes matches the header. It holds only one chunk of the file in memory.
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
CHUNK = 2**20
MAX_BYTES = 2**30  # twenty times the size of MNIST; a larger size indicates a corrupt or malicious file
CONTENTS = {1: "labels", 3: "images"}


class IdxError(DatasetError):
    """An invalid IDX file; the message names the file and the remedy."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} {problem}. Delete it so that it is downloaded again, or replace it with a good copy.")


@dataclass(frozen=True, slots=True)
class IdxFile:
    """An open IDX file whose header has been parsed.

    `status` contains its size and modification time, `shape` is the shape of its array, and `stream` provides its data.
    """

    path: Path
    status: os.stat_result
    shape: tuple[int, ...]
    stream: BufferedIOBase

    def chunks(self) -> Iterator[bytes]:
        """Yield the data in chunks. Raises IdxError if the data is too short, too long or damaged."""
        left = math.prod(self.shape)
        while left:
            chunk = _read(self.path, self.stream, min(left, CHUNK))
            if not chunk:
                raise IdxError(self.path, f"is too short: {left:,} of its {math.prod(self.shape):,} bytes are missing")
            left -= len(chunk)
            yield chunk
        if _read(self.path, self.stream, 1):
            raise IdxError(
                self.path, f"is too long: it has more than the {math.prod(self.shape):,} bytes of its header"
            )


@contextmanager
def open_idx(path: Path, n_dimensions: int) -> Iterator[IdxFile]:
    """Open an IDX file, compressed or not, that contains bytes in `n_dimensions` (1 for labels, 3 for images).

    Raises IdxError if the file has another data type or number of dimensions, is empty, or has a header for more than
    `MAX_BYTES`.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error
    with file:
        compressed = file.read(2) == GZIP_MAGIC
        file.seek(0)
        with gzip.GzipFile(fileobj=file, mode="rb") if compressed else nullcontext(file) as stream:
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
        raise IdxError(path, f"contains values of type {magic[2]:#04x}, not bytes (0x08)")
    if magic[3] != n_dimensions:
        found = CONTENTS.get(magic[3], f"{magic[3]} dimensions")
        raise IdxError(path, f"contains {found} instead of {CONTENTS[n_dimensions]}")
    header = _read(path, stream, 4 * n_dimensions)
    if len(header) < 4 * n_dimensions:
        raise IdxError(path, "is too short: its header is incomplete")
    shape = struct.unpack(f">{n_dimensions}I", header)
    if 0 in shape:
        raise IdxError(path, f"contains no {CONTENTS[n_dimensions]}")
    if math.prod(shape) > MAX_BYTES:
        raise IdxError(path, f"has a header for {math.prod(shape):,} bytes, more than the limit of {MAX_BYTES:,}")
    return shape


def _read(path: Path, stream: BufferedIOBase, size: int) -> bytes:
    """Read `size` bytes, or fewer at the end of the file. Raises IdxError if a compressed file is damaged."""
    parts: list[bytes] = []
    try:
        while size and (part := stream.read(size)):
            parts.append(part)
            size -= len(part)
    except EOFError:
        raise IdxError(path, "is truncated: its compressed data end too early") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise IdxError(path, f"is damaged: it cannot be uncompressed ({error})") from None
    except OSError as error:
        raise _unreadable(path, error) from error
    return b"".join(parts)


def _unreadable(path: Path, error: OSError) -> DatasetError:
    return DatasetError(f"{path} cannot be read: {error.strerror or error}. Make it readable, or replace it.")
