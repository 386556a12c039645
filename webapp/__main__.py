"""The command line: `python -m webapp`."""

from __future__ import annotations

import argparse
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
)


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        """Print `message` and exit with code 2."""
        self.exit(2, f"misfit: {message}\n")


def read_command_line(arguments: Sequence[str] | None = None) -> Config:
    """The settings that the arguments ask for; exits with code 2 where they cannot be used."""
    parser = OneLineParser(
        prog="python -m webapp",
        description="Train a neural network live in the browser and see why it errs.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=8000, help="port to listen on; 0 takes a free one (default: %(default)s)"
    )
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=default_data_dir(),
        help="folder for runs and their files (default: %(default)s)",
    )
    parser.add_argument(
        "--datasets-dir",
        type=Path,
        help="folder looked in for data files before anything is downloaded "
        "(default: MISFIT_DATASETS_DIR, else datasets in the data folder)",
    )
    parser.add_argument(
        "--workers", type=int, default=default_workers(), help="runs that train at the same time (default: %(default)s)"
    )
    parser.add_argument(
        "--memory-limit-mb",
        type=int,
        help="MiB that one run may be expected to use (default: half of the memory, shared by the workers)",
    )
    parser.add_argument(
        "--allowed-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further name under which the server may be addressed; can be given again",
    )
    parser.add_argument(
        "--database-url", help="SQLAlchemy address of the database (default: an SQLite file in the data folder)"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    chosen = parser.parse_args(arguments)
    data_dir = chosen.data_dir.expanduser().absolute()
    datasets_dir = chosen.datasets_dir or default_datasets_dir(data_dir)
    try:
        config = Config(
            data_dir=data_dir,
            datasets_dir=datasets_dir.expanduser().absolute(),
            host=chosen.host.strip("[]"),
            port=chosen.port,
            workers=chosen.workers,
            open_browser=not chosen.no_browser,
            allowed_hosts=tuple(chosen.allowed_host),
            memory_limit_bytes=(
                default_memory_limit(chosen.workers) if chosen.memory_limit_mb is None else chosen.memory_limit_mb * MIB
            ),
            database_url=chosen.database_url,
        )
        config.make_folders()
    except ConfigError as error:
        parser.error(str(error))
    return config


def main() -> int:
    """Serve as the arguments say; the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C just ends the program, until the server hears it
    config = read_command_line()
    # Imported only now: it takes a second or more, and who mistyped an option or asks for help need not wait.
    from webapp.server import serve  # noqa: PLC0415

    return serve(config)


if __name__ == "__main__":
    sys.exit(main())
