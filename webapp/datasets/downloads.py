"""Downloads data sets, each once however many wait for it, and tells the pages how far it is."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import gevent

from nn.datasets import FetchProgress, fetch_dataset, is_available
from nn.datasets.catalog import CATALOG
from nn.errors import DatasetError, DatasetMissingError
from webapp.threads import in_thread

log = logging.getLogger(__name__)

SECONDS_BETWEEN_REPORTS = 0.2


@dataclass(frozen=True, slots=True)
class DownloadState:
    """How far a download is: `state` is fetching, available or failed, `error` says why it failed."""

    state: str
    file: str | None
    received_bytes: int
    total_bytes: int
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The state as JSON values."""
        return asdict(self)


class Listener(Protocol):
    """Who is told of downloads."""

    def dataset_progress(
        self, dataset: str, state: str, *, file: str | None, received_bytes: int, total_bytes: int, error: str | None
    ) -> None:
        """Hear how far the download of `dataset` is."""


class DownloadCancelledError(Exception):
    """The server ends."""


class Downloader:
    """One download a data set at a time, in a thread of its own; reported at most five times a second."""

    def __init__(self, datasets_dir: Path, listener: Listener) -> None:
        self._datasets_dir = datasets_dir
        self._listener = listener
        self._states: dict[str, DownloadState] = {}
        self._downloads: dict[str, gevent.Greenlet] = {}
        self._closed = False

    def state(self, name: str) -> DownloadState | None:
        """How far the download is or how it ended; `None` where none was begun since the server started."""
        return self._states.get(name)

    def start(self, name: str) -> None:
        """Begin to download the data set, unless that goes on already or its files are there."""
        if self._closed or name in self._downloads or is_available(name, self._datasets_dir):
            return
        self._report(name, DownloadState("fetching", None, 0, CATALOG[name].download_bytes))
        self._downloads[name] = gevent.spawn(self._download, name)

    def ensure(self, name: str, cancelled: Callable[[], bool]) -> None:
        """Return once the data set is there, or soon after `cancelled()`, while the download goes on for others.

        Raises DatasetMissingError, naming the files and their place, when it cannot be had.
        """
        self.start(name)
        download = self._downloads.get(name)
        while download is not None and not download.ready() and not cancelled():
            download.join(SECONDS_BETWEEN_REPORTS)
        if not cancelled() and not is_available(name, self._datasets_dir):
            state = self._states.get(name)
            raise DatasetMissingError((state and state.error) or f"{CATALOG[name].title} could not be downloaded.")

    def close(self) -> None:
        """Let every download end at its next piece, and begin no other."""
        self._closed = True

    def _download(self, name: str) -> None:
        pieces: list[FetchProgress] = []

        def on_progress(progress: FetchProgress) -> None:  # in the thread
            if self._closed:
                raise DownloadCancelledError
            pieces[:] = [progress]

        work = gevent.spawn(self._fetch, name, on_progress)
        while not work.ready():
            work.join(SECONDS_BETWEEN_REPORTS)
            if pieces:
                piece = pieces.pop()
                state = DownloadState("fetching", piece.file, piece.received_bytes, piece.total_bytes)
                self._report(name, state)
        error: str | None = work.get()
        last = self._states[name]
        del self._downloads[name]
        self._report(name, replace(last, state="failed" if error else "available", error=error))

    def _fetch(self, name: str, on_progress: Callable[[FetchProgress], None]) -> str | None:
        """Download; what went wrong, if anything did."""
        try:
            in_thread(fetch_dataset, name, datasets_dir=self._datasets_dir, on_progress=on_progress)
        except (DatasetError, OSError) as error:
            return str(error)
        except DownloadCancelledError:
            return "The download was cut short because the server ended."
        except Exception:
            log.exception("the download of %s failed", name)
            return "The download failed because of a fault in the server; its log says what."
        return None

    def _report(self, name: str, state: DownloadState) -> None:
        self._states[name] = state
        figures: Mapping[str, Any] = state.to_json()
        self._listener.dataset_progress(name, **figures)
