"""Keeps what a run has learned and tells the server of it, at next to no cost to the training."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, fields, replace
from math import isfinite
from multiprocessing.connection import Connection

import numpy as np

from nn.datasets.dataset import Dataset
from nn.storage.checkpoint import Checkpoint, save_checkpoint
from nn.storage.output_history import OutputHistory
from nn.storage.prediction_history import PredictionHistory
from nn.storage.weights_history import WeightsHistory, stride_of
from nn.training.events import BatchProgress, EpochCompleted, TrainingEvent, TrainingFinished, TrainingStarted
from webapp.storage.run_files import RunFiles
from webapp.worker.messages import WorkerEvent, encode

PROGRESS_INTERVAL = 0.2  # seconds
CHECKPOINT_INTERVAL = 5.0  # seconds
CHECKPOINT_SHARE = 0.01  # of the time at most


class Recorder:
    """Hears the events of training, in its thread.

    The predictions and weights of an epoch are in their files before the server is told of it. Checkpoints, from which
    training could go on, are slower to write: the last and the best are copied in memory after each epoch, and written
    when the run pauses or ends, and in between at most every 5 seconds and for 1 % of the time. A worker that is killed
    so loses the checkpoints of its last seconds, but no epoch's figures or predictions.
    """

    def __init__(self, connection: Connection, files: RunFiles) -> None:
        self._connection = connection
        self._files = files
        self._predictions: PredictionHistory | None = None
        self._sketches: OutputHistory | None = None
        self._weights: WeightsHistory | None = None
        self._stride: int | None = None
        self._opened = ExitStack()
        self._last: Checkpoint | None = None
        self._best: Checkpoint | None = None
        self._next_progress = 0.0
        self._next_checkpoint = time.monotonic() + CHECKPOINT_INTERVAL

    @contextmanager
    def recording(self, dataset: Dataset) -> Iterator[None]:
        """Keep open the files of what the network says after each epoch, of test images or where a table is drawn."""
        self._files.folder.mkdir(parents=True, exist_ok=True)
        with self._opened as opened:
            if dataset.sketch:
                n_places = len(dataset.sketch.inputs)
                self._sketches = opened.enter_context(
                    OutputHistory.create(self._files.sketch, n_places, dataset.n_outputs)
                )
            else:
                self._predictions = opened.enter_context(
                    PredictionHistory.create(self._files.predictions, len(dataset.test), dataset.n_outputs)
                )
            yield

    def __call__(self, event: TrainingEvent) -> None:
        """Take note of one event. Raises OSError where a file or the pipe cannot be written."""
        match event:
            case BatchProgress():
                self._progress(event)
            case EpochCompleted():
                self._epoch(event)
            case TrainingStarted():
                self._start(event)
            case TrainingFinished():
                self.save_checkpoints()
                self._send(WorkerEvent.FINISHED, **asdict(event))

    def save_checkpoints(self) -> None:
        """Write the last and the best checkpoint, each unless it is written already."""
        started = time.monotonic()
        if self._last is not None:
            save_checkpoint(self._files.checkpoint("last"), self._last)
        if self._best is not None:
            save_checkpoint(self._files.checkpoint("best"), self._best)
        self._last = self._best = None
        ended = time.monotonic()
        self._next_checkpoint = ended + max(CHECKPOINT_INTERVAL, (ended - started) / CHECKPOINT_SHARE)

    def _start(self, event: TrainingStarted) -> None:
        if self._predictions:
            np.save(self._files.train_rows, event.train_rows.astype(np.int32), allow_pickle=False)
        figures = {field.name: getattr(event, field.name) for field in fields(event) if field.name != "train_rows"}
        self._send(WorkerEvent.STARTED, **figures)

    def _progress(self, event: BatchProgress) -> None:
        now = time.monotonic()
        if now >= self._next_progress:
            self._next_progress = now + PROGRESS_INTERVAL
            figures = asdict(event)
            non_finite = [name for name, value in figures.items() if not isfinite(value)]
            self._send(WorkerEvent.BATCH_PROGRESS, **(figures | dict.fromkeys(non_finite) | {"non_finite": non_finite}))

    def _epoch(self, event: EpochCompleted) -> None:
        if self._predictions and event.predictions:
            self._predictions.append(event.result.epoch, event.predictions)
            self._keep_weights(event.checkpoint)
        if self._sketches and event.sketch is not None:
            self._sketches.append(event.result.epoch, event.sketch)
        self._last = _kept(event.checkpoint)
        if event.is_best:
            self._best = self._last
        if time.monotonic() >= self._next_checkpoint:
            self.save_checkpoints()
        self._send(WorkerEvent.EPOCH_COMPLETED, result=event.result.to_json(), is_best=event.is_best)

    def _keep_weights(self, checkpoint: Checkpoint) -> None:
        parameters = checkpoint.parameters
        if checkpoint.epoch == 1:
            self._stride = stride_of(checkpoint.hyperparameters.epochs, parameters)
            if self._stride:
                self._weights = self._opened.enter_context(
                    WeightsHistory.create(self._files.weights, parameters.size, parameters.itemsize)
                )
        if self._weights and self._stride and (checkpoint.epoch - 1) % self._stride == 0:
            self._weights.append(checkpoint.epoch, parameters)

    def _send(self, kind: WorkerEvent, **members: object) -> None:
        self._connection.send_bytes(encode(kind, **members))


def _kept(checkpoint: Checkpoint) -> Checkpoint:
    """The same with arrays of its own; those of an event go on changing."""
    return replace(
        checkpoint,
        parameters=checkpoint.parameters.copy(),
        optimizer_state={name: array.copy() for name, array in checkpoint.optimizer_state.items()},
    )
