"""The entry point of a process that runs the trials of one run. It ends when the trials or the server end."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing.connection import Connection

from webapp.worker.entry import end_with_the_server

NICENESS = 5  # runs in progress come first; with 10, trials hardly progress while other programs use the processor


def run_trials_worker(
    connection: Connection,
    *,
    datasets_dir: str,
    cache_dir: str,
    hyperparameters: str,
    dataset: str,
    diagnosis: str,
    train_fingerprint: str | None,
    epochs: int | None,
) -> None:
    """Run the trials of a run and send their progress through `connection`, as `TrialsJson`.

    `hyperparameters` and `diagnosis` are JSON, and `dataset` is the JSON form of a `DatasetSpec`. The trials fail if
    the training examples do not have the fingerprint `train_fingerprint`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server receives Ctrl-C too and ends this process
    threading.Thread(target=end_with_the_server, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    # This import takes a while, as in `webapp.worker.entry`.
    from webapp.worker.trials_run import TrialsRun  # noqa: PLC0415

    TrialsRun(connection).run(
        hyperparameters,
        dataset,
        diagnosis,
        datasets_dir=datasets_dir,
        cache_dir=cache_dir,
        train_fingerprint=train_fingerprint,
        epochs=epochs,
    )
    os._exit(0)
