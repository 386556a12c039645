"""The sink that sends events to the server through the pipe."""

from __future__ import annotations

import time
from dataclasses import asdict
from math import isfinite
from multiprocessing.connection import Connection

from nn.datasets.dataset import Dataset
from nn.datasets.identity.fingerprint import fingerprint
from nn.diagnosis.telemetry_json import to_json
from nn.training.events import BatchProgress, EpochCompleted, TrainingEvent, TrainingFinished, TrainingStarted
from webapp.worker.messages import BatchProgressed, EpochStored, Failed, Finished, Started, WorkerMessage

PROGRESS_INTERVAL = 0.2  # seconds


class ServerSink:
    """Sends a message for each event, but at most five messages a second about mini-batches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._next_progress = 0.0
        self._fingerprints: dict[str, str] = {}

    def open(self, dataset: Dataset) -> None:
        """Compute the fingerprints of the data."""
        self._fingerprints = {
            "train_fingerprint": fingerprint(dataset.train),
            "test_fingerprint": fingerprint(dataset.test),
        }

    def record(self, event: TrainingEvent) -> None:
        """Send the event. Raises OSError if the server has ended."""
        match event:
            case BatchProgress():
                self._send_progress(event)
            case EpochCompleted():
                telemetry = [to_json(moment) for moment in event.telemetry]
                self._send(EpochStored(result=event.result.to_json(), is_best=event.is_best, telemetry=telemetry))
            case TrainingStarted():
                self._send(
                    Started(
                        train_size=event.train_size,
                        validation_size=event.validation_size,
                        test_size=event.test_size,
                        parameter_count=event.parameter_count,
                        batches_per_epoch=event.batches_per_epoch,
                        **self._fingerprints,
                    )
                )
            case TrainingFinished():
                self._send(Finished(stop_reason=event.stop_reason, best_epoch=event.best_epoch))

    def close(self) -> None:
        """Do nothing, because the pipe stays open for a last message."""

    def fail(self, code: str, message: str, traceback: str | None = None) -> None:
        """Send the last message of a run that failed. Raises OSError if the server has ended."""
        self._send(Failed(code=code, message=message, traceback=traceback))

    def _send_progress(self, event: BatchProgress) -> None:
        now = time.monotonic()
        if now < self._next_progress:
            return
        self._next_progress = now + PROGRESS_INTERVAL
        values = asdict(event)
        non_finite = [name for name, value in values.items() if not isfinite(value)]
        self._send(BatchProgressed(**(values | dict.fromkeys(non_finite)), non_finite=non_finite))

    def _send(self, message: WorkerMessage) -> None:
        self._connection.send_bytes(message.encode())
