"""Where a worker process begins: it trains one run and ends with it, or with the server, whichever ends first."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing import connection as pipes
from multiprocessing.connection import Connection


def work(connection: Connection, folder: str, datasets_dir: str, cache_dir: str, hyperparameters: str) -> None:
    """Train the run of these `hyperparameters` (JSON), keep its files in `folder`, report through `connection`."""
    # Ctrl-C reaches every process of a terminal; the server hears it too and tells its workers what to do.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    # Imported only now: it takes a while, in which a Ctrl-C or the server's end must find the lines above done.
    from webapp.worker.training_run import TrainingRun  # noqa: PLC0415

    TrainingRun(connection, folder).train(hyperparameters, datasets_dir=datasets_dir, cache_dir=cache_dir)
    # All is told and every file closed. To take the interpreter apart would keep the next run waiting for nothing.
    os._exit(0)


def _end_with_the_server() -> None:
    """A server that was killed could tell nobody to stop: end at once, in mid-batch if need be."""
    server = multiprocessing.parent_process()
    if server is not None:
        pipes.wait([server.sentinel])
        os._exit(1)
