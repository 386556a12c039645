"""Fetching the files of a data set from its mirrors."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import requests
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.exceptions import TimeoutError as SilenceError

from nn.atomic_write import replace_atomically
from nn.datasets.idx import MAX_BYTES, open_idx
from nn.datasets.mnist import places, where_to_put
from nn.datasets.registry import BUILT_IN_DATASETS, DatasetRegistry
from nn.datasets.spec import DataFile, DatasetSpec
from nn.errors import DatasetError, DatasetMissingError

MIRRORS_VARIABLE = "MISFIT_MIRRORS"
SILENCE_SECONDS = 15
PIECE = 2**16


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """How far a download is: the file under way, and the bytes of all files together."""

    dataset: str
    file: str
    received_bytes: int
    total_bytes: int


def fetch_dataset(
    name: str,
    *,
    datasets_dir: Path,
    on_progress: Callable[[FetchProgress], None],
    datasets: DatasetRegistry = BUILT_IN_DATASETS,
) -> None:
    """Download the missing files of a data set into `datasets_dir/<name>`; complete files are not downloaded again.

    The function tries the mirrors in turn and stores a file only if its checksum is correct. It calls `on_progress` for
    every chunk; an exception from there ends the download and leaves no partial file. The environment variable
    MISFIT_MIRRORS, a list of addresses separated by spaces, replaces the registered mirrors: each is asked for
    `<address>/<name>/<file>`, which `python -m http.server` serves in the data-sets folder of another machine.

    Raises DatasetMissingError, with the files, their folder and the answer of each mirror, if no mirror has a file;
    DatasetError if the folder cannot be written or the name is unknown.
    """
    spec = datasets.get(name)
    mirrors = _mirrors(spec)
    wanted = [
        file for file in spec.files if not any(_is_whole(path, file) for path in places(spec, file, datasets_dir))
    ]
    tally = _Tally(name, wanted, on_progress)
    for position, file in enumerate(wanted):
        problems: list[str] = []
        while len(problems) < len(mirrors):
            address = f"{mirrors[0]}{file.name}"
            try:
                _fetch_file(address, file, places(spec, file, datasets_dir)[0], tally)
                break
            except _MirrorError as problem:
                problems.append(f"{address} {problem}")
                mirrors.append(mirrors.pop(0))  # the next file begins with the mirror that works
        else:
            raise DatasetMissingError(
                f"{spec.title} could not be downloaded. {where_to_put(spec, wanted[position:], datasets_dir)} "
                f"Tried: {'; '.join(problems) or 'no mirror'}."
            )
        tally.next_file()


class _Tally:
    """Adds up the bytes of one file after the other, and tells of them."""

    def __init__(self, dataset: str, files: list[DataFile], on_progress: Callable[[FetchProgress], None]) -> None:
        self._dataset = dataset
        self._files = list(files)
        self._on_progress = on_progress
        self._before = 0
        self._received = 0

    def report(self, received: int, size: int) -> None:
        """Tell that `received` bytes of the file under way are there, which has `size` or a little more."""
        self._received = self._before + received
        file, *later = self._files
        total = self._before + max(received, size) + sum(file.size for file in later)
        self._on_progress(FetchProgress(self._dataset, file.name, self._received, total))

    def next_file(self) -> None:
        """Go on to the next file; all of this one is there."""
        self._before = self._received
        del self._files[0]


class _MirrorError(Exception):
    """Why a mirror did not give a file."""


def _mirrors(spec: DatasetSpec) -> list[str]:
    chosen = os.environ.get(MIRRORS_VARIABLE, "").split()
    return [f"{address.rstrip('/')}/{spec.name}/" for address in chosen] or list(spec.mirrors)


def _is_whole(path: Path, file: DataFile) -> bool:
    try:
        with open_idx(path, file.n_dimensions) as idx:
            for _ in idx.pieces():
                pass
    except DatasetError:
        return False
    return True


def _fetch_file(address: str, file: DataFile, path: Path, tally: _Tally) -> None:
    """Put one file into its place. Raises _MirrorError, DatasetError, and whatever the listener raises."""
    received = 0
    digest = hashlib.md5(usedforsecurity=False)
    try:
        with replace_atomically(path) as target:
            for piece, size in _receive(address, file):
                target.write(piece)
                digest.update(piece)
                received += len(piece)
                tally.report(received, size)
            if digest.hexdigest() != file.md5 and _content_sha256(target) != file.content_sha256:
                raise _MirrorError("sent a file with a wrong checksum")
    except OSError as error:
        raise DatasetError(
            f"{path.parent} cannot be written: {error.strerror or error}. "
            "Make it writable, make room, or choose another data-sets folder."
        ) from error


def _receive(address: str, file: DataFile) -> Iterator[tuple[bytes, int]]:
    """Receive a file piece by piece, each with the size of the whole. Raises _MirrorError alone."""
    most = 2 * file.size + PIECE  # zipped anew it may be larger, but not twice as large
    received = 0
    try:
        with requests.get(
            address,
            stream=True,
            timeout=SILENCE_SECONDS,
            headers={"Accept-Encoding": "identity"},
        ) as response:
            if response.status_code != requests.codes.ok:
                raise _MirrorError(f"answered {response.status_code} {response.reason}")
            announced = response.headers.get("Content-Length", "")
            size = int(announced) if announced.isdecimal() else file.size
            for piece in response.raw.stream(PIECE, decode_content=False):
                received += len(piece)
                if max(received, size) > most:
                    raise _MirrorError(f"sent more than the {file.size:,} bytes of the file")
                yield piece, size
    except (OSError, HTTPError) as error:
        raise _MirrorError(_reason(error)) from error


def _reason(error: Exception) -> str:
    match error:
        case requests.Timeout() | SilenceError():
            return f"did not answer for {SILENCE_SECONDS} seconds"
        case requests.exceptions.SSLError():
            return "has a certificate that is not trusted"
        case ProtocolError():
            return "broke off before the end"
        case requests.ConnectionError():
            return "cannot be reached"
        case _:
            return f"failed ({error})"


def _content_sha256(file: BinaryIO) -> str:
    """Hash what the file unzips to; what is no hash where it does not unzip, or to far too much."""
    digest = hashlib.sha256()
    left = MAX_BYTES
    file.seek(0)
    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as stream:
            while left > 0 and (piece := stream.read(PIECE)):
                digest.update(piece)
                left -= len(piece)
    except (OSError, EOFError, zlib.error):
        return "nothing"
    return digest.hexdigest() if left > 0 else "too much"
