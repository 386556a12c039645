"""NumPy files, which are read only if their headers match their sizes.

`np.load` allocates as much memory as a header claims before it reads the data. A damaged header can claim more memory
than a machine has.
"""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

HEADER_READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
LONGEST_HEADER = 64_000  # bytes


def read_array(path: Path) -> NDArray[Any]:
    """Read the array of a .npy file. Raises OSError, and ValueError if the file is damaged."""
    with path.open("rb") as file:
        return _read(file, path.stat().st_size)


def check_array_size(path: Path) -> None:
    """Raise ValueError if a .npy file is damaged: if the size in its header is not that of the file. Raises OSError."""
    with path.open("rb") as file:
        _check_header(file, path.stat().st_size)


def read_arrays(path: Path, limit: int | None = None, names: tuple[str, ...] = ()) -> dict[str, NDArray[Any]]:
    """Read the arrays of a .npz file; `names` selects some of them.

    `limit` is the largest size of all arrays together, in bytes. By default, it is the size of the file, which suffices
    for a file without compression. Raises OSError, and ValueError or zipfile.BadZipFile if the file is damaged or an
    array is missing. A damaged compressed file raises other errors.
    """
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
        if missing := set(names) - set(members):
            raise ValueError(f"it has no {', '.join(sorted(missing))}")
        chosen = {name: members[name] for name in names or members}
        largest = path.stat().st_size if limit is None else limit + LONGEST_HEADER * len(chosen)
        n_bytes = sum(member.file_size for member in chosen.values())
        if n_bytes > largest:
            raise ValueError(f"its arrays claim {n_bytes:,} bytes, more than the limit of {largest:,}")
        arrays = {}
        for name, member in chosen.items():
            with archive.open(member) as stream:
                arrays[name] = _read(stream, member.file_size)
        return arrays


def fill_buffer(stream: IO[bytes], buffer: memoryview) -> None:
    """Fill `buffer` (bytes) from the current position of `stream`. Raises OSError if the stream ends early."""
    n_done = 0
    while n_done < len(buffer):
        n_read = stream.readinto(buffer[n_done:])  # type: ignore[attr-defined]
        if not n_read:
            raise OSError("the file is shorter than expected")
        n_done += n_read


def _read(stream: IO[bytes], size: int) -> NDArray[Any]:
    shape, is_fortran, dtype = _check_header(stream, size)
    array = np.empty(math.prod(shape), dtype)
    fill_buffer(stream, array.view(np.uint8).data)
    return array.reshape(shape, order="F" if is_fortran else "C")


def _check_header(stream: IO[bytes], size: int) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read the header of a stream of `size` bytes. Raises ValueError if the data after it has another size."""
    read_header = HEADER_READERS.get(npy.read_magic(stream))
    if read_header is None:
        raise ValueError("it has an unknown version of the NumPy format")
    shape, is_fortran, dtype = read_header(stream, max_header_size=LONGEST_HEADER)
    if dtype.hasobject:
        raise ValueError("it contains Python objects")
    claimed, found = math.prod(shape) * dtype.itemsize, size - stream.tell()
    if claimed != found:
        raise ValueError(f"its header claims {claimed:,} bytes of data, but {found:,} follow")
    return shape, is_fortran, dtype
