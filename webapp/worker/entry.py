"""The entry point of a worker process. The process ends when its run or the server ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing import connection as pipes
from multiprocessing.connection import Connection


def run_worker(
    connection: Connection, folder: str, *, datasets_dir: str, cache_dir: str, hyperparameters: str, dataset: str
) -> None:
    """Train a run with `hyperparameters`, store its files in `folder`, and send messages through `connection`.

    `hyperparameters` is JSON. `dataset` is the JSON form of a `DatasetSpec`.
    """
    # Ctrl-C sends a signal to every process of a terminal. Workers ignore it, because the server receives it too and
    # stops them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_the_server, daemon=True).start()
    # This import takes a while. The lines above run first, because Ctrl-C or the end of the server can come during the
    # import.
    from webapp.worker.training_run import TrainingRun  # noqa: PLC0415

    TrainingRun(connection, folder).train(hyperparameters, dataset, datasets_dir=datasets_dir, cache_dir=cache_dir)
    # By now, every message is sent and every file is closed. Skipping the interpreter's shutdown lets the next run
    # start sooner.
    os._exit(0)


def end_with_the_server() -> None:
    """End the process as soon as the server ends, even within a mini-batch: a killed server cannot stop its workers."""
    server = multiprocessing.parent_process()
    if server is not None:
        pipes.wait([server.sentinel])
        os._exit(1)
