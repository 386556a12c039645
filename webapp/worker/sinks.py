"""Sinks that store a run's results, each in a file of its own."""

from __future__ import annotations

import io
import time
from dataclasses import replace

import numpy as np

from nn.datasets.dataset import Dataset
from nn.diagnosis.telemetry_json import to_json
from nn.storage.checkpoint import Checkpoint, save_checkpoint
from nn.storage.epoch_file import EpochFile
from nn.storage.output_history import OutputHistory
from nn.storage.prediction_history import PredictionHistory
from nn.storage.telemetry_history import TelemetryHistory
from nn.storage.weights_history import WeightsHistory, compute_stride
from nn.training.events import EpochCompleted, TrainingEvent, TrainingFinished, TrainingStarted
from webapp.storage.run_files import RunFiles

CHECKPOINT_INTERVAL = 5.0  # seconds
CHECKPOINT_TIME_FRACTION = 0.01


class _FileSink:
    """Base class of sinks that write `files` of a run. A sink has at most one open file, `_history`."""

    _history: EpochFile | TelemetryHistory | None = None

    def __init__(self, files: RunFiles) -> None:
        self._files = files

    def open(self, dataset: Dataset) -> None:
        """Prepare for a run on `dataset`."""

    def close(self) -> None:
        """Close the open file, if any."""
        if self._history:
            self._history.close()


class PredictionSink(_FileSink):
    """Appends the predictions for the test images after each epoch."""

    _history: PredictionHistory | None = None

    def open(self, dataset: Dataset) -> None:
        """Create the file if the data set consists of images."""
        if dataset.output_grid is None:
            self._history = PredictionHistory.create(self._files.predictions, len(dataset.test), dataset.n_outputs)

    def record(self, event: TrainingEvent) -> None:
        """Append the predictions of an epoch."""
        if self._history and isinstance(event, EpochCompleted) and event.predictions:
            self._history.append(event.result.epoch, event.predictions)


class OutputSink(_FileSink):
    """Appends the outputs at the points of the output grid after each epoch of a run on a table."""

    _history: OutputHistory | None = None

    def open(self, dataset: Dataset) -> None:
        """Create the file if the data set is a table."""
        if dataset.output_grid is not None:
            self._history = OutputHistory.create(
                self._files.outputs, len(dataset.output_grid.inputs), dataset.n_outputs
            )

    def record(self, event: TrainingEvent) -> None:
        """Append the outputs of an epoch."""
        if self._history and isinstance(event, EpochCompleted) and event.grid_outputs is not None:
            self._history.append(event.result.epoch, event.grid_outputs)


class WeightsSink(_FileSink):
    """Appends the weights of a run on images after each epoch; in long or large runs, after every few epochs."""

    _history: WeightsHistory | None = None
    _stride: int | None = None

    def record(self, event: TrainingEvent) -> None:
        """Append the weights of an epoch."""
        if not isinstance(event, EpochCompleted) or not event.predictions:
            return
        epoch, parameters = event.checkpoint.epoch, event.checkpoint.parameters
        if epoch == 1:
            self._stride = compute_stride(event.checkpoint.hyperparameters.epochs, parameters)
            if self._stride:
                self._history = WeightsHistory.create(self._files.weights, parameters.size, parameters.itemsize)
        if self._history and self._stride and (epoch - 1) % self._stride == 0:
            self._history.append(epoch, parameters)


class TelemetrySink(_FileSink):
    """Appends the telemetry after each epoch."""

    _history: TelemetryHistory | None = None

    def record(self, event: TrainingEvent) -> None:
        """Create the file when training starts, and append the moments of each epoch."""
        if isinstance(event, TrainingStarted):
            self._history = TelemetryHistory.create(self._files.telemetry)
        elif self._history and isinstance(event, EpochCompleted) and event.telemetry:
            self._history.append(map(to_json, event.telemetry))


class TrainRowsSink(_FileSink):
    """Stores the indices of the training images once."""

    _has_images = False

    def open(self, dataset: Dataset) -> None:
        """Determine whether the data set consists of images."""
        self._has_images = dataset.output_grid is None

    def record(self, event: TrainingEvent) -> None:
        """Write the indices when training starts."""
        if self._has_images and isinstance(event, TrainingStarted):
            content = io.BytesIO()  # np.save does not report why a write to a file failed
            np.save(content, event.train_rows.astype(np.int32), allow_pickle=False)
            self._files.train_rows.write_bytes(content.getvalue())


class CheckpointSink(_FileSink):
    """Writes the last and the best checkpoint.

    A checkpoint takes longer to write than the other results of an epoch. Therefore, after each epoch, the sink only
    copies the checkpoint. The sink writes the copies after the first epoch and when the run pauses or ends; otherwise,
    at most every 5 seconds and for at most 1 % of the time. A killed worker loses the checkpoints of its last seconds,
    but no metrics or predictions.
    """

    def __init__(self, files: RunFiles) -> None:
        super().__init__(files)
        self._last: Checkpoint | None = None
        self._best: Checkpoint | None = None
        self._next_write = 0.0

    def record(self, event: TrainingEvent) -> None:
        """Copy the checkpoint of an epoch, and write the copies if enough time has passed."""
        if isinstance(event, TrainingFinished):
            self.write()
        elif isinstance(event, EpochCompleted):
            self._last = _copied(event.checkpoint)
            if event.is_best:
                self._best = self._last
            if time.monotonic() >= self._next_write:
                self.write()

    def write(self) -> None:
        """Write the copies that have not been written."""
        started = time.monotonic()
        if self._last is not None:
            save_checkpoint(self._files.checkpoint("last"), self._last)
        if self._best is not None:
            save_checkpoint(self._files.checkpoint("best"), self._best)
        self._last = self._best = None
        ended = time.monotonic()
        self._next_write = ended + max(CHECKPOINT_INTERVAL, (ended - started) / CHECKPOINT_TIME_FRACTION)


def _copied(checkpoint: Checkpoint) -> Checkpoint:
    """Copy the arrays, which training continues to change."""
    return replace(
        checkpoint,
        parameters=checkpoint.parameters.copy(),
        optimizer_state={name: array.copy() for name, array in checkpoint.optimizer_state.items()},
    )
