"""What a server is told when it starts: where it listens, where it keeps things, how much it may use."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
import psutil

MAX_WORKERS = 64
MIB = 2**20
MIN_MEMORY_LIMIT = 256 * MIB  # a worker that has only just begun takes 160


class ConfigError(Exception):
    """A setting that cannot be used; the text is one line that names it and the remedy."""


def default_data_dir() -> Path:
    """The folder that the operating system keeps for an application's data."""
    return Path(platformdirs.user_data_dir("misfit", appauthor=False))


def default_datasets_dir(data_dir: Path) -> Path:
    """`MISFIT_DATASETS_DIR`, or a folder beside the runs."""
    chosen = os.environ.get("MISFIT_DATASETS_DIR")
    return Path(chosen) if chosen else data_dir / "datasets"


def default_workers() -> int:
    """Half of the processors, so that the dashboard and the person's other work keep theirs."""
    return max(1, (os.cpu_count() or 2) // 2)


def default_memory_limit(workers: int) -> int:
    """Bytes for one run: half of the machine's memory, shared by the workers."""
    return max(MIN_MEMORY_LIMIT, int(psutil.virtual_memory().total) // 2 // max(1, workers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of one server.

    `port` 0 takes a free one. `allowed_hosts` are names, besides its own, under which the server may be addressed.
    `memory_limit_bytes` is what one run may be expected to use. Without `database_url` the runs are kept in an
    SQLite file in `data_dir`. Raises ConfigError where a value cannot be used.
    """

    data_dir: Path
    datasets_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = field(default_factory=default_workers)
    open_browser: bool = True
    allowed_hosts: tuple[str, ...] = ()
    memory_limit_bytes: int = field(default_factory=lambda: default_memory_limit(default_workers()))
    database_url: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.port <= 65535:
            raise ConfigError(f"--port must be between 0 and 65535, not {self.port}")
        if not 1 <= self.workers <= MAX_WORKERS:
            raise ConfigError(f"--workers must be between 1 and {MAX_WORKERS}, not {self.workers}")
        if self.memory_limit_bytes < MIN_MEMORY_LIMIT:
            raise ConfigError(f"--memory-limit-mb must be at least {MIN_MEMORY_LIMIT // MIB}")

    def make_folders(self) -> None:
        """Make the folders that are written to. Raises ConfigError where that cannot be done."""
        try:
            for folder in (self.data_dir, self.cache_dir, self.runs_dir):
                folder.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryFile(dir=folder):
                    pass
        except OSError as error:
            raise ConfigError(f"--data-dir {self.data_dir} cannot be written to: {error.strerror}") from error

    @property
    def store_url(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'misfit.db'}"

    @property
    def lock_path(self) -> Path:
        """The file that keeps a second server off `data_dir`."""
        return self.data_dir / "lock"

    @property
    def cache_dir(self) -> Path:
        """What can be made again: unpacked data sets, compressed assets."""
        return self.data_dir / "cache"

    @property
    def runs_dir(self) -> Path:
        """Holds a folder for each run."""
        return self.data_dir / "runs"
