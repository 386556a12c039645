"""Download of the files of a data set from its mirrors."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import requests
from requests.utils import get_environ_proxies, select_proxy
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.exceptions import TimeoutError as NoAnswerError

from nn.atomic_write import replace_atomically
from nn.datasets.identity.published import content_sha256
from nn.datasets.idx import GZIP_MAGIC, open_idx
from nn.datasets.mnist import placement_instruction, possible_paths
from nn.datasets.registry import BUILT_IN_DATASETS, DatasetRegistry
from nn.datasets.spec import DataFile, DatasetSpec
from nn.errors import DatasetError, DatasetMissingError

MIRRORS_VARIABLE = "MISFIT_MIRRORS"
TIMEOUT_SECONDS = 15
CHUNK = 2**16
LONGEST_START = 80
PROXY_REMEDY = "Correct HTTP_PROXY and HTTPS_PROXY or the proxy settings of the system, or add the host to NO_PROXY"


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """The progress of a download: the current file, and the received and expected bytes of all files together."""

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
    every chunk. An exception from `on_progress` ends the download, and no partial file remains.

    The environment variable MISFIT_MIRRORS, a list of addresses separated by spaces, replaces the registered mirrors.
    If it is set, the function requests `<address>/<name>/<file>`. To serve these files from another machine, run
    `python -m http.server` in its data-sets folder.

    Raises DatasetMissingError if all mirrors fail for the same file; the message names the missing files, their folder
    and the problem with each mirror. Raises DatasetError if the folder cannot be written or the name is unknown.
    """
    spec = datasets.get(name)
    mirrors = _mirrors(spec)
    missing = [file for file in spec.files if not _has_complete_copy(spec, file, datasets_dir)]
    counter = _ByteCounter(name, missing, on_progress)
    for position, file in enumerate(missing):
        problems: list[str] = []
        while len(problems) < len(mirrors):
            address = f"{mirrors[0]}{file.name}"
            try:
                _fetch_file(address, file, possible_paths(spec, file, datasets_dir)[0], counter)
                break
            except _MirrorError as problem:
                problems.append(f"{address} {problem}")
                mirrors.append(mirrors.pop(0))  # moves the failed mirror to the end, also for the later files
        else:
            instruction = placement_instruction(spec, missing[position:], datasets_dir)
            raise DatasetMissingError(
                f"{spec.title} could not be downloaded. {instruction} Tried: {'; '.join(problems) or 'no mirror'}."
            )
        counter.next_file()


class _ByteCounter:
    """A counter of the received bytes of all files, which reports the progress."""

    def __init__(self, dataset: str, files: list[DataFile], on_progress: Callable[[FetchProgress], None]) -> None:
        self._dataset = dataset
        self._files = list(files)
        self._on_progress = on_progress
        self._before = 0
        self._received = 0

    def report(self, received: int, size: int) -> None:
        """Report that `received` of about `size` bytes of the current file have arrived."""
        self._received = self._before + received
        file, *later = self._files
        total = self._before + max(received, size) + sum(file.size for file in later)
        self._on_progress(FetchProgress(self._dataset, file.name, self._received, total))

    def next_file(self) -> None:
        """Continue with the next file."""
        self._before = self._received
        del self._files[0]


class _MirrorError(Exception):
    """A failed download from one mirror. The message gives the reason."""


def _mirrors(spec: DatasetSpec) -> list[str]:
    chosen = os.environ.get(MIRRORS_VARIABLE, "").split()
    return [f"{address.rstrip('/')}/{spec.name}/" for address in chosen] or list(spec.mirrors)


def _has_complete_copy(spec: DatasetSpec, file: DataFile, datasets_dir: Path) -> bool:
    return any(_is_complete(path, file) for path in possible_paths(spec, file, datasets_dir))


def _is_complete(path: Path, file: DataFile) -> bool:
    try:
        with open_idx(path, file.n_dimensions) as idx:
            for _ in idx.chunks():
                pass
    except DatasetError:
        return False
    return True


def _fetch_file(address: str, file: DataFile, path: Path, counter: _ByteCounter) -> None:
    """Download one file. Raises _MirrorError, DatasetError, and the exceptions of `on_progress`."""
    received = 0
    digest = hashlib.md5(usedforsecurity=False)
    try:
        with replace_atomically(path) as target:
            for chunk, size in _receive(address, file):
                target.write(chunk)
                digest.update(chunk)
                received += len(chunk)
                counter.report(received, size)
            if not received:
                raise _MirrorError("sent 0 bytes instead of the file")
            if digest.hexdigest() != file.md5 and content_sha256(target) != file.content_sha256:
                raise _MirrorError("sent a file with an incorrect checksum")
    except OSError as error:
        raise DatasetError(
            f"{path.parent} cannot be written: {error.strerror or error}. "
            "Make it writable, free disk space, or choose another data-sets folder."
        ) from error


def _receive(address: str, file: DataFile) -> Iterator[tuple[bytes, int]]:
    """Yield each chunk of a file together with the size of the whole file. Raises only _MirrorError."""
    limit = 2 * file.size + CHUNK  # a mirror may compress the content differently, but not to twice this size
    received = 0
    try:
        with requests.get(
            address,
            stream=True,
            timeout=TIMEOUT_SECONDS,
            headers={"Accept-Encoding": "identity"},
        ) as response:
            if response.status_code != requests.codes.ok:
                raise _MirrorError(f"responded with {response.status_code} {response.reason}{_through_proxy(address)}")
            announced = response.headers.get("Content-Length", "")
            size = int(announced) if announced.isdecimal() else file.size
            for chunk in response.raw.stream(CHUNK, decode_content=False):
                if not received and not chunk.startswith(GZIP_MAGIC):
                    raise _MirrorError(_describe_other_content(response, chunk))
                received += len(chunk)
                if max(received, size) > limit:
                    raise _MirrorError(f"sent more than the {file.size:,} bytes of the file")
                yield chunk, size
    except (
        OSError,
        HTTPError,
        ValueError,
    ) as error:  # ValueError for an address, or a redirect to one, that is invalid
        raise _MirrorError(_reason(error, _through_proxy(address))) from error


def _describe_other_content(response: requests.Response, start: bytes) -> str:
    """Describe what a mirror sent instead of a compressed file, such as the login page of a network."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip() or "bytes without a type"
    text = start[:LONGEST_START].decode(errors="replace")
    shown = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return f"sent {kind} instead of the file; it begins with {shown!r}"


def _through_proxy(address: str) -> str:
    """Name the proxy that requests uses for an address, without its password. Without a proxy, return ""."""
    try:
        proxy = select_proxy(address, get_environ_proxies(address))
    except ValueError:  # the address is invalid
        return ""
    shown = re.sub("^([a-z0-9]+://)?.*@", r"\1", proxy or "")
    return f" through the proxy {shown}" if shown else ""


def _reason(error: Exception, through: str) -> str:
    match error:
        case requests.exceptions.ProxyError() | requests.exceptions.InvalidProxyURL():
            return f"cannot be reached{through}, which does not accept the connection. {PROXY_REMEDY}"
        case requests.Timeout() | NoAnswerError():
            return f"did not respond for {TIMEOUT_SECONDS} seconds{through}"
        case requests.exceptions.SSLError():
            return f"has a certificate that is not trusted{through}"
        case ProtocolError():
            return f"closed the connection too early{through}"
        case requests.ConnectionError():
            return f"cannot be reached{through}"
        case _:
            return f"failed{through} ({error})"
