"""Stored results of runs: metrics, predictions, outputs and checkpoints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from nn.analysis.predictions import Predictions
from nn.datasets import DatasetSpec
from nn.datasets.dataset import Dataset
from nn.datasets.output_grid import OutputGrid
from nn.errors import CheckpointError, DatasetError, PredictionsError
from nn.storage.checkpoint import read_checkpoint_epoch
from nn.storage.output_history import OutputHistory
from nn.storage.prediction_history import PredictionHistory
from webapp.config import Config
from webapp.datasets.library import DatasetLibrary
from webapp.errors import ConflictError, NotFoundError
from webapp.runs.service import Runs
from webapp.storage.run_files import WHICH, RunFiles, Which
from webapp.storage.run_record import RunRecord
from webapp.storage.run_store import METRICS, EpochResults, RunStore
from webapp.threads import in_thread
from webapp.validation import read_whole_number

__all__ = ["METRICS", "EpochImages", "EpochOutputs", "EpochPredictions", "EpochResults", "RunResults", "read_epoch"]


class EpochImages(NamedTuple):
    """A run on images, one of its completed epochs, and its data set as it is now.

    `version` changes if the images or labels change. `images_match` is True if the test images and labels are those
    that the run was tested on, and None for a run of an earlier version, which did not store their fingerprint.
    `train_images_match` is the same for the training images.
    """

    run: RunRecord
    epoch: int
    dataset: Dataset
    version: str
    images_match: bool | None
    train_images_match: bool | None


class EpochPredictions(NamedTuple):
    """The predictions for the test images after one epoch; `true_labels` is (n_images,)."""

    epoch: int
    predictions: Predictions
    true_labels: NDArray[np.uint8]


class StoredCheckpoint(TypedDict):
    """A checkpoint file: the epoch after which it was written, and its size in bytes."""

    which: Which
    epoch: int
    bytes: int


class EpochOutputs(NamedTuple):
    """The outputs (n_points, n_outputs) at the points of the output grid, after one epoch of a run on a table."""

    epoch: int
    outputs: NDArray[np.float32]
    grid: OutputGrid
    dataset: Dataset
    spec: DatasetSpec


class RunResults:
    """Reads the stored results of runs. Every method raises NotFoundError for an unknown run or epoch."""

    def __init__(self, config: Config, store: RunStore, runs: Runs, library: DatasetLibrary) -> None:
        self._config = config
        self._store = store
        self._runs = runs
        self._library = library

    def epochs(self, run_id: int, after: int = 0, limit: int | None = None) -> EpochResults:
        """Return the metrics of the stored epochs that follow epoch `after`, in order.

        Return at most `limit` epochs.
        """
        found = self._store.epochs(run_id, after, limit)
        if not found:
            self._runs.get(run_id)
        return found

    def version(self, run: RunRecord) -> str:
        """Return a text that differs from that of any other run on images, and from that for other images."""
        return f"{run.created_at.isoformat()} {self._library.images(run.dataset, 'test').version}"

    def images(self, run_id: int, epoch: int | None = None) -> EpochImages:
        """Return a run on images with its data set and `epoch`. By default, `epoch` is the run's last epoch.

        Raises DatasetError if the images are missing.
        """
        run = self._runs.get(run_id)
        if run.dataset_spec.kind == "table":
            raise NotFoundError(f"Run {run_id} learns from a table. It has outputs but no test images.")
        chosen, loaded = _completed_epoch(run, epoch), self._library.load_version(run.dataset)
        matches = (
            _match(run.test_fingerprint, loaded.test_fingerprint),
            _match(run.train_fingerprint, loaded.train_fingerprint),
        )
        return EpochImages(run, chosen, loaded.dataset, loaded.version, *matches)

    def images_match(self, run: RunRecord) -> bool | None:
        """Return True if the test images are those that the run was tested on.

        Return None if this is unknown: for a run of an earlier version, a run without epochs or a run on a table, or if
        the images are missing.
        """
        try:
            return self.images(run.id).images_match
        except (NotFoundError, DatasetError):
            return None

    def predictions(self, run_id: int, epoch: int | None = None) -> EpochPredictions:
        """Return the predictions for the test images after `epoch`. By default, `epoch` is the run's last epoch.

        Raises the same errors as `images`.
        """
        return self.predictions_of(self.images(run_id, epoch))

    def predictions_of(self, images: EpochImages) -> EpochPredictions:
        """Return the predictions for the test images. Raises NotFoundError if they cannot be read."""
        labels = images.dataset.test.labels
        with self.prediction_history(images.run.id) as history:
            predictions = history.read(images.epoch)
        if len(predictions) != len(labels):
            raise NotFoundError(
                f"These are not the images that run {images.run.id} was tested on: it was tested on "
                f"{len(predictions):,} images, and {images.run.dataset_spec.title} now has {len(labels):,}. Put the "
                "original files back to see its images."
            )
        return EpochPredictions(images.epoch, predictions, labels)

    def most_accurate(self, dataset: str, limit: int) -> list[RunRecord]:
        """Return the runs on a data set with the highest test accuracy in their last epoch, the best one first."""
        return self._store.most_accurate(dataset, limit)

    @contextmanager
    def prediction_history(self, run_id: int) -> Iterator[PredictionHistory]:
        """Open the predictions of all epochs.

        Raises NotFoundError if the file cannot be opened, or if the code in the `with` block cannot read it.
        """
        try:
            with PredictionHistory.open(self.files(run_id).predictions) as history:
                yield history
        except PredictionsError as error:
            raise NotFoundError(f"The predictions of run {run_id} cannot be read: {error}") from None

    def outputs(self, run_id: int, epoch: int | None = None) -> EpochOutputs:
        """Return the outputs of a run on a table after `epoch`. By default, `epoch` is the run's last epoch.

        Raises the same errors as `images`.
        """
        run = self._runs.get(run_id)
        dataset = self._library.load(run.dataset) if run.dataset_spec.output_plot else None
        if dataset is None or dataset.output_grid is None:
            raise NotFoundError(f"Run {run_id} learns from images. It has predictions but no outputs to plot.")
        chosen = _completed_epoch(run, epoch)
        try:
            with OutputHistory.open(self.files(run_id).outputs) as history:
                outputs = history.read(chosen)
        except PredictionsError as error:
            raise NotFoundError(f"The outputs of run {run_id} cannot be read: {error}") from None
        if len(outputs) != len(dataset.output_grid.inputs):
            raise NotFoundError(f"The outputs of run {run_id} are stored for another output grid than the current one.")
        return EpochOutputs(chosen, outputs, dataset.output_grid, dataset, run.dataset_spec)

    def checkpoint_path(self, run_id: int, which: Which = "last") -> Path:
        """Return the file of the run's last or best checkpoint."""
        self._runs.get(run_id)
        path = self.files(run_id).checkpoint(which)
        if not path.is_file():
            raise NotFoundError(f"The {which} checkpoint of run {run_id} has not been written.")
        return path

    def open_checkpoint(self, run_id: int, which: Which = "last") -> BinaryIO:
        """Open the file of the run's last or best checkpoint."""
        try:
            return self.checkpoint_path(run_id, which).open("rb")
        except OSError as error:
            raise NotFoundError(f"The {which} checkpoint of run {run_id} cannot be read: {error.strerror}.") from None

    def checkpoints(self, run_id: int) -> list[StoredCheckpoint]:
        """Return the checkpoints that exist and can be read.

        A run has none before its first epoch. A run that was killed has a last checkpoint of an earlier epoch.
        """
        self._runs.get(run_id)
        return in_thread(_find_checkpoints, self.files(run_id))

    def files(self, run_id: int) -> RunFiles:
        """Return the paths of the run's files. The files need not exist."""
        return RunFiles.of_run(self._config.runs_dir, run_id)


def check_images(images: EpochImages) -> None:
    """Raise ConflictError if the test images are not those that the run was tested on."""
    if images.images_match is False:
        raise ConflictError(
            f"These are not the images that run {images.run.id} was tested on: the files of "
            f"{images.run.dataset_spec.title} have changed. Put the original files back."
        )


def _match(stored: str | None, current: str) -> bool | None:
    return None if stored is None else stored == current


def _find_checkpoints(files: RunFiles) -> list[StoredCheckpoint]:
    found: list[StoredCheckpoint] = []
    for which in WHICH:
        path = files.checkpoint(which)
        with suppress(CheckpointError, OSError):
            found.append({"which": which, "epoch": read_checkpoint_epoch(path), "bytes": path.stat().st_size})
    return found


def read_epoch(run: RunRecord, value: object) -> int | None:
    """Return `value` unchanged: a completed epoch of the run, or None, which stands for the last epoch.

    Raises InvalidError, which names the field `epoch`, for any other value. Before the first epoch is completed, 1 is
    accepted.
    """
    return None if value is None else read_whole_number("epoch", value, first=1, last=max(run.epochs_completed, 1))


def _completed_epoch(run: RunRecord, epoch: int | None) -> int:
    chosen = run.epochs_completed if epoch is None else epoch
    if not run.epochs_completed:
        raise NotFoundError(f"Run {run.id} has not completed an epoch yet.")
    if not 1 <= chosen <= run.epochs_completed:
        raise NotFoundError(f"Run {run.id} has no epoch {chosen}; it has completed {run.epochs_completed}.")
    return chosen
