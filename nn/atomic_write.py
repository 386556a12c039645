"""Atomic file writes: a reader sees the old file or the complete new one."""

from __future__ import annotations

import os
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

TEMPORARY_NAME = re.compile(r"\..+\.[0-9a-f]{32}\.part", re.DOTALL)


@contextmanager
def replace_atomically(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path` for the `with` block, then sync it to disk and rename it to `path`.

    If the block raises an exception, remove the temporary file and leave `path` unchanged. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with temporary.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(folder: Path, seconds: float = 0.0) -> None:
    """Remove the temporary files that killed processes left in `folder` and its subfolders.

    Only files that have not changed for `seconds` are removed. Call the function while no other process writes younger
    files. Files that cannot be removed remain.
    """
    latest = time.time() - seconds
    for parent, _, names in os.walk(folder):
        for path in (Path(parent, name) for name in names if TEMPORARY_NAME.fullmatch(name)):
            with suppress(OSError):
                if not seconds or path.stat().st_mtime <= latest:
                    path.unlink()
