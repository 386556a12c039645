"""Downloads of data sets with reports of their progress. Each data set has at most one download at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

import gevent
from typing_extensions import TypedDict

from nn.datasets import DatasetRegistry, is_available
from nn.datasets.download import FetchProgress, fetch_dataset
from nn.errors import DatasetError, DatasetMissingError
from webapp.errors import is_disk_full
from webapp.threads import in_thread

log = logging.getLogger(__name__)

SECONDS_BETWEEN_REPORTS = 0.2


DownloadStatus = Literal["fetching", "available", "failed"]


class DatasetProgressEvent(TypedDict):
    """The progress of a download; `file` is the current file, and `error` is the reason why the download failed."""

    dataset: str
    state: DownloadStatus
    file: str | None
    received_bytes: int
    total_bytes: int
    error: str | None


class Listener(Protocol):
    """Receives the progress of downloads."""

    def dataset_progress(self, progress: DatasetProgressEvent) -> None:
        """Receive the progress of one download."""


class DownloadCancelledError(Exception):
    """Raised to end a download, because the server is shutting down."""


class Downloader:
    """Downloads each data set in a separate thread, and reports its progress at most five times a second."""

    def __init__(self, datasets_dir: Path, listener: Listener, datasets: DatasetRegistry) -> None:
        self._datasets = datasets
        self._datasets_dir = datasets_dir
        self._listener = listener
        self._states: dict[str, DatasetProgressEvent] = {}
        self._downloads: dict[str, gevent.Greenlet] = {}
        self._closed = False

    def state(self, name: str) -> DatasetProgressEvent | None:
        """Return the progress or outcome of the data set's download, or None if this server has not started one."""
        return self._states.get(name)

    def start(self, name: str) -> None:
        """Start the download of a data set, unless a download is in progress or all files exist."""
        if self._closed or name in self._downloads or is_available(name, self._datasets_dir, self._datasets):
            return
        self._report(name, "fetching", total_bytes=self._datasets.get(name).download_bytes)
        self._downloads[name] = gevent.spawn(self._download, name)

    def ensure(self, name: str, cancelled: Callable[[], bool]) -> None:
        """Start a download if necessary, and wait until it ends or `cancelled()` is True.

        If `cancelled()` is True, only the waiting ends, and the download continues. Raises DatasetMissingError, with
        the reason, if the download fails.
        """
        self.start(name)
        download = self._downloads.get(name)
        while download is not None and not download.ready() and not cancelled():
            download.join(SECONDS_BETWEEN_REPORTS)
        if not cancelled() and not is_available(name, self._datasets_dir, self._datasets):
            state = self._states.get(name)
            title = self._datasets.get(name).title
            raise DatasetMissingError((state and state["error"]) or f"{title} could not be downloaded.")

    def close(self) -> None:
        """End every download at its next chunk, and start no new downloads."""
        self._closed = True

    def _download(self, name: str) -> None:
        chunks: list[FetchProgress] = []

        def on_progress(progress: FetchProgress) -> None:  # in the thread
            if self._closed:
                raise DownloadCancelledError
            chunks[:] = [progress]

        work = gevent.spawn(self._fetch, name, on_progress)
        while not work.ready():
            work.join(SECONDS_BETWEEN_REPORTS)
            if chunks:
                chunk = chunks.pop()
                self._report(name, "fetching", chunk.file, chunk.received_bytes, chunk.total_bytes)
        error: str | None = work.get()
        last = self._states[name]
        del self._downloads[name]
        sizes = last["received_bytes"], last["total_bytes"]
        self._report(name, "failed" if error else "available", last["file"], *sizes, error=error)

    def _fetch(self, name: str, on_progress: Callable[[FetchProgress], None]) -> str | None:
        """Download the data set, and return the error message, or None on success."""
        try:
            folder, datasets = self._datasets_dir, self._datasets
            in_thread(fetch_dataset, name, datasets_dir=folder, on_progress=on_progress, datasets=datasets)
        except (DatasetError, OSError) as error:
            return f"The disk is full: {error}" if is_disk_full(error) else str(error)
        except DownloadCancelledError:
            return "The server ended during the download."
        except Exception:
            log.exception("The download of %s failed", name)
            return "The download failed because of an error in the server. The server log has the details."
        return None

    def _report(
        self,
        name: str,
        status: DownloadStatus,
        file: str | None = None,
        received_bytes: int = 0,
        total_bytes: int = 0,
        *,
        error: str | None = None,
    ) -> None:
        progress: DatasetProgressEvent = {
            "dataset": name,
            "state": status,
            "file": file,
            "received_bytes": received_bytes,
            "total_bytes": total_bytes,
            "error": error,
        }
        self._states[name] = progress
        self._listener.dataset_progress(progress)
