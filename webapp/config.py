"""Settings of a server: its address, its folders and its limits."""

from __future__ import annotations

import ipaddress
import os
import re
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
import psutil

MAX_WORKERS = 64
MIB = 2**20
MIN_MEMORY_LIMIT = 256 * MIB  # a worker uses 160 MiB before it trains


class ConfigError(Exception):
    """An invalid setting. The text is one line that names the option and the remedy."""


def host_name(text: str) -> str:
    """Return the host name in a value of `--allowed-host`, which may be a URL or have a port. Raises ConfigError.

    A name with other letters than a to z is returned as browsers send it, in the encoding of IDNA.
    """
    given = text.strip().lower()
    try:
        return str(ipaddress.ip_address(given.strip("[]")))
    except ValueError:
        pass
    try:
        name = (urlsplit(given if "://" in given else f"//{given}").hostname or "").removesuffix(".")
        name = name if ":" in name else name.encode("idna").decode()
    except ValueError:
        name = ""
    if not re.fullmatch(r"[0-9a-f:.]*:[0-9a-f:.]*|[a-z0-9_-][a-z0-9_.-]*", name):
        raise ConfigError(
            f"--allowed-host must be one host name, such as lab.example, not {text!r}; repeat the option for others"
        )
    return name


def default_data_dir() -> Path:
    """Return the folder in which the operating system expects the data of Misfit."""
    return Path(platformdirs.user_data_dir("misfit", appauthor=False))


def default_datasets_dir(data_dir: Path) -> Path:
    """Return the folder that `MISFIT_DATASETS_DIR` names, or the folder `datasets` in `data_dir`."""
    chosen = os.environ.get("MISFIT_DATASETS_DIR")
    return Path(chosen) if chosen else data_dir / "datasets"


def default_workers() -> int:
    """Return half the number of processors. The other half is for the dashboard and other programs."""
    return max(1, (os.cpu_count() or 2) // 2)


def default_memory_limit(workers: int) -> int:
    """Return the memory limit of one run in bytes: half of the machine's memory, divided among the workers."""
    return max(MIN_MEMORY_LIMIT, int(psutil.virtual_memory().total) // 2 // max(1, workers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of one server.

    Port 0 selects a free port. `allowed_hosts` are additional host names that requests may use.
    `memory_limit_bytes` limits the estimated memory of one run. Without `database_url`, the server stores runs in an
    SQLite file in `data_dir`. Raises ConfigError for an invalid value.
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
        """Create the folders that the server writes to. Raises ConfigError if a folder is not writable."""
        try:
            for folder in (self.data_dir, self.cache_dir, self.runs_dir):
                folder.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryFile(dir=folder):
                    pass
        except OSError as error:
            raise ConfigError(
                f"--data-dir {self.data_dir} is not writable ({error.strerror}); choose another folder"
            ) from error

    @property
    def database(self) -> str | Path:
        """The SQLAlchemy URL of the database, or the path of an SQLite file."""
        return self.database_url or self.data_dir / "misfit.db"

    @property
    def lock_path(self) -> Path:
        """The lock file that prevents a second server from using `data_dir`."""
        return self.data_dir / "lock"

    @property
    def cache_dir(self) -> Path:
        """The folder of files that can be recreated: unpacked data sets and compressed assets."""
        return self.data_dir / "cache"

    @property
    def runs_dir(self) -> Path:
        """The folder that contains one folder for each run."""
        return self.data_dir / "runs"
