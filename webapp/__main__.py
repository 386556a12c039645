"""The command line: `python -m webapp`."""

from __future__ import annotations

from webapp.isolation import isolate_imports

if __name__ == "__main__":
    isolate_imports()  # before the other imports, which foreign modules could replace

import argparse
import os
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from webapp.config import (
    MIB,
    Config,
    ConfigError,
    default_data_dir,
    default_datasets_dir,
    default_memory_limit,
    default_workers,
    host_name,
)


class OneLineErrorParser(argparse.ArgumentParser):
    """Argument parser that reports an error in one line, without a usage message."""

    def error(self, message: str) -> NoReturn:
        """Print `message` and exit with code 2."""
        self.exit(2, f"misfit: {message}\n")


def read_command_line(arguments: Sequence[str] | None = None) -> Config:
    """Return the settings that the arguments select. Exits with code 2 if an argument is invalid."""
    parser = OneLineErrorParser(
        prog="python -m webapp",
        description="Train a neural network live in the browser and see why it misclassifies images.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8000, help="port to listen on; 0 selects a free one (default: %(default)s)"
    )
    parser.add_argument(
        "--data-dir",
        type=_folder,
        default=default_data_dir(),
        help="folder for the database and the files of runs (default: %(default)s)",
    )
    parser.add_argument(
        "--datasets-dir",
        type=_folder,
        help="folder of data files; Misfit downloads only what is missing there "
        "(default: MISFIT_DATASETS_DIR, or datasets in the data folder)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=default_workers(),
        help="number of runs that train at the same time (default: %(default)s)",
    )
    parser.add_argument(
        "--memory-limit-mb",
        type=int,
        help="largest estimated memory of one run, in MiB (default: half of the memory, divided among the workers)",
    )
    parser.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="additional host name that requests may use, or a URL with this name; can be repeated",
    )
    parser.add_argument(
        "--database-url", help="SQLAlchemy URL of the database (default: an SQLite file in the data folder)"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    chosen = parser.parse_args(arguments)
    try:
        data_dir = _absolute(chosen.data_dir)
        config = Config(
            data_dir=data_dir,
            datasets_dir=_absolute(chosen.datasets_dir or default_datasets_dir(data_dir)),
            host=chosen.host.strip("[]"),
            port=chosen.port,
            workers=chosen.workers,
            open_browser=not chosen.no_browser,
            allowed_hosts=tuple(map(host_name, chosen.allowed_host)),
            memory_limit_bytes=(
                default_memory_limit(chosen.workers) if chosen.memory_limit_mb is None else chosen.memory_limit_mb * MIB
            ),
            database_url=_with_absolute_path(chosen.database_url),
        )
        config.make_folders()
    except ConfigError as error:
        parser.error(str(error))
    except FileNotFoundError:
        parser.error("the current folder no longer exists; change to another folder, or use absolute paths")
    return config


def _folder(text: str) -> Path:
    """Return a path. Raises ArgumentTypeError for an empty text, such as a variable of the shell that is not set."""
    if not text.strip():
        raise argparse.ArgumentTypeError("must name a folder, but is empty")
    return Path(text)


def _absolute(folder: Path) -> Path:
    """Make a path absolute. Raises ConfigError if it begins with the home folder of an unknown user."""
    try:
        return folder.expanduser().absolute()
    except RuntimeError as error:
        raise ConfigError(f"{folder} begins with a home folder that does not exist; use an absolute path") from error


def _with_absolute_path(database_url: str | None) -> str | None:
    """Make the path of an SQLite file absolute, because the server leaves the current folder.

    Raises ConfigError if the current folder contains a question mark, because the path in a URL would end there.
    """
    match = re.fullmatch(r"(sqlite(?:\+\w+)?:///)(?!/|:memory:|file:)([^?]+)(.*)", database_url or "")
    if not match:
        return database_url
    path = Path(match[2]).absolute()
    if "?" in str(path):
        raise ConfigError(f"--database-url cannot name a file in {path.parent}, because of the question mark")
    return f"{match[1]}{path}{match[3]}"


def main() -> int:
    """Run the server with the settings of the command line, and return the exit code."""
    # Until `serve` sets another handler, Ctrl-C ends the program immediately and without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    config = read_command_line()
    os.chdir(config.data_dir)  # without a current folder, for example after its deletion, no worker process starts
    # This import takes a second or more. It follows `read_command_line`, so that --help and messages about invalid
    # options appear immediately.
    from webapp.server import serve  # noqa: PLC0415

    return serve(config)


if __name__ == "__main__":
    sys.exit(main())
