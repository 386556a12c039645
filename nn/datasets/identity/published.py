"""Comparison of the data files on this machine with the published files of all data sets."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nn.datasets.idx import GZIP_MAGIC, MAX_BYTES
from nn.datasets.mnist import possible_paths
from nn.datasets.spec import DataFile, DatasetSpec

CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class FileState:
    """The path of a data file, and numbers that change if the file is changed or replaced."""

    path: Path
    size: int
    modified_ns: int
    changed_ns: int
    inode: int


def file_states(spec: DatasetSpec, datasets_dir: Path) -> tuple[FileState | None, ...]:
    """Return the state of each file of the data set, or None for a missing file."""
    return tuple(_find(possible_paths(spec, file, datasets_dir)) for file in spec.files)


def describe_other_files(spec: DatasetSpec, datasets_dir: Path, known: Iterable[DatasetSpec]) -> str | None:
    """Describe the files of the data set that are not its published files. Return None if there are none.

    A file is recognized as that of another data set in `known` by its published checksum. Missing and unreadable files
    are ignored, and so are uncompressed files without a published checksum of their content.
    """
    names: defaultdict[tuple[Path, str], list[str]] = defaultdict(list)
    for file, state in zip(spec.files, file_states(spec, datasets_dir), strict=True):
        problem = state and _difference(state.path, file, spec, known)
        if state and problem:
            names[state.path.parent, problem].append(state.path.name)
    if not names:
        return None
    found = " ".join(f"{', '.join(files)} in {folder}: {problem}." for (folder, problem), files in names.items())
    return (
        f"These are not the published files of {spec.title}. {found} Runs on {spec.title} use these images. For the "
        f"published ones, delete the files and download {spec.title} again."
    )


def content_sha256(file: BinaryIO) -> str | None:
    """Return the SHA-256 of the uncompressed content of a gzip file, or None if it is damaged or too large."""
    digest, left = hashlib.sha256(), MAX_BYTES
    file.seek(0)
    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as stream:
            while left > 0 and (chunk := stream.read(CHUNK)):
                digest.update(chunk)
                left -= len(chunk)
    except (OSError, EOFError, zlib.error):
        return None
    return digest.hexdigest() if left > 0 else None


def _find(paths: Iterable[Path]) -> FileState | None:
    for path in paths:
        try:
            if path.is_file():
                status = path.stat()
                return FileState(path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        except OSError:  # no permission to read the folder, or the file has just been deleted
            continue
    return None


def _difference(path: Path, file: DataFile, spec: DatasetSpec, known: Iterable[DatasetSpec]) -> str | None:
    """Return the difference of the file at `path` from `file` of the data set `spec`, or None if there is none."""
    try:
        with path.open("rb") as stream:
            md5 = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
            if md5 == file.md5:
                return None
            stream.seek(0)
            is_compressed = stream.read(2) == GZIP_MAGIC
            stream.seek(0)
            content = content_sha256(stream) if is_compressed else hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
    if content is None or content == file.content_sha256:  # loading the data set reports a damaged file
        return None
    for other in (spec, *known):
        for published in other.files:
            if md5 == published.md5 or content == published.content_sha256:
                return f"this is {published.name}" if other == spec else f"from {other.title}"
    return "of unknown origin" if is_compressed or file.content_sha256 else None
