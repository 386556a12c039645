"""What can be done with runs: the one service that routes and sockets call."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import Predictions
from nn.datasets.catalog import CATALOG
from nn.datasets.dataset import Dataset
from nn.datasets.output_grid import OutputGrid
from nn.errors import HyperparameterError, PredictionsError
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS, Preset
from nn.storage.output_history import OutputHistory
from nn.storage.prediction_history import PredictionHistory
from nn.training.memory_estimate import MemoryEstimate, estimate_memory
from webapp.config import Config
from webapp.errors import ConflictError, InvalidError, NotFoundError
from webapp.execution.scheduler import Scheduler
from webapp.realtime.publisher import Publisher
from webapp.storage.run_files import RunFiles, Which
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import ENDED
from webapp.storage.run_store import EpochResults, RunStore
from webapp.validation import clean_name, clean_notes

__all__ = ["DatasetLibrary", "EpochImages", "EpochOutputs", "EpochPredictions", "RunRecord", "Runs"]

MAX_QUEUED = 100

RunViews = list[RunRecord]


class DatasetLibrary(Protocol):
    """Where data sets are read from."""

    def load(self, name: str) -> Dataset:
        """The data set of that name. Raises DatasetError."""


class EpochImages(NamedTuple):
    """A run on images, one of the epochs that it has completed, and the data set that it learns from."""

    run: RunRecord
    epoch: int
    dataset: Dataset


class EpochPredictions(NamedTuple):
    """What a run said of the test images after one epoch, and what they are: `true_labels` is (n_images,)."""

    epoch: int
    predictions: Predictions
    true_labels: NDArray[np.uint8]


class EpochOutputs(NamedTuple):
    """What a run said after one epoch at the places of its data set's sketch: `outputs` is (n_places, n_outputs)."""

    epoch: int
    outputs: NDArray[np.float32]
    sketch: OutputGrid
    dataset: Dataset


class Runs:
    """Makes, finds, steers and deletes runs. Raises NotFoundError wherever there is no run of the given id."""

    def __init__(
        self, config: Config, store: RunStore, scheduler: Scheduler, publisher: Publisher, library: DatasetLibrary
    ) -> None:
        self._config = config
        self._store = store
        self._supervisor = scheduler
        self._publisher = publisher
        self._library = library

    def create(self, *, name: object = None, preset: object = None, hyperparameters: object = None) -> RunRecord:
        """Queue a run of the schema's defaults, over them the preset's values, over them those that are given.

        Raises InvalidError with the fields that cannot be used, ConflictError when the queue is full.
        """
        chosen_preset = _find_preset(preset)
        chosen_name = clean_name(name) if name is not None else ""
        parsed, estimate = self._parse(chosen_preset, hyperparameters)
        if self._store.count_queued() >= MAX_QUEUED:
            raise ConflictError(f"{MAX_QUEUED} runs are waiting already. Stop some of them, or wait for them to end.")
        run = self._store.add_run(
            name=chosen_name or _default_name(chosen_preset, parsed),
            preset=chosen_preset.id if chosen_preset else None,
            hyperparameters=parsed.model_dump(mode="json"),
            parameter_count=estimate.parameter_count,
        )
        self._supervisor.enqueue(run.id)
        self._publisher.run_status(run)
        return run

    def get(self, run_id: int) -> RunRecord:
        """The run as it stands now."""
        run = self._store.run(run_id)
        if run is None:
            raise NotFoundError(f"There is no run {run_id}.")
        return run

    def list(self, offset: int = 0, limit: int = 50) -> tuple[RunViews, int]:
        """Some runs, newest first, and the number of all."""
        return self._store.runs(offset, limit)

    def epochs(self, run_id: int, after: int = 0, limit: int | None = None) -> EpochResults:
        """The EpochResult JSON of the stored epochs greater than `after`, in order, `limit` of them at most."""
        self.get(run_id)
        return self._store.epochs(run_id, after, limit)

    def stop(self, run_id: int) -> RunRecord:
        """End the run early; what it has learned is kept. Raises ConflictError when it has ended."""
        return self._steered(run_id, "stopped", self._supervisor.stop(run_id))

    def pause(self, run_id: int) -> RunRecord:
        """Hold the run before its next batch. Raises ConflictError unless it is running."""
        return self._steered(run_id, "paused", self._supervisor.pause(run_id))

    def resume(self, run_id: int) -> RunRecord:
        """Let a paused run go on. Raises ConflictError unless it is paused."""
        return self._steered(run_id, "resumed", self._supervisor.resume(run_id))

    def update(self, run_id: int, *, name: object = None, notes: object = None) -> RunRecord:
        """Change what people call the run and say of it; `None` leaves a part as it is. Raises InvalidError."""
        self.get(run_id)
        changes: dict[str, str] = {}
        if name is not None:
            changes["name"] = clean_name(name)
            if not changes["name"]:
                raise InvalidError({"name": "must not be empty"})
        if notes is not None:
            changes["notes"] = clean_notes(notes)
        if changes:
            self._store.describe_run(run_id, **changes)
            self._publisher.run_status(self.get(run_id))
        return self.get(run_id)

    def delete(self, run_id: int) -> None:
        """Forget an ended run and remove its files. Raises ConflictError while it has not ended."""
        run = self.get(run_id)
        if run.status not in ENDED:
            raise ConflictError(f"Run {run_id} is {run.status}. Stop it before you delete it.")
        self._store.delete_run(run_id)
        shutil.rmtree(self._files(run_id).folder, ignore_errors=True)

    def images(self, run_id: int, epoch: int | None = None) -> EpochImages:
        """A run on images after `epoch`, or after its last one.

        Raises NotFoundError when that epoch is not there, DatasetError when the images are not.
        """
        run = self.get(run_id)
        if not CATALOG[run.dataset].image_shape:
            raise NotFoundError(f"Run {run_id} learns from a table: it has no test images, but outputs to look at.")
        return EpochImages(run, _chosen_epoch(run, epoch), self._library.load(run.dataset))

    def predictions(self, run_id: int, epoch: int | None = None) -> EpochPredictions:
        """What the run said of the test images after `epoch`, or after its last one. Raises as `images` does."""
        _, chosen, dataset = self.images(run_id, epoch)
        labels = dataset.test.labels
        try:
            with PredictionHistory.open(self._files(run_id).predictions) as history:
                predictions = history.read(chosen)
        except PredictionsError as error:
            raise NotFoundError(f"The predictions of run {run_id} are no longer there: {error}") from None
        if len(predictions) != len(labels):
            raise NotFoundError(f"The test images are not those that run {run_id} was tested on.")
        return EpochPredictions(chosen, predictions, labels)

    def sketch(self, run_id: int, epoch: int | None = None) -> EpochOutputs:
        """What a run on a table said after `epoch`, or after its last one. Raises NotFoundError as `predictions`."""
        run = self.get(run_id)
        dataset = self._library.load(run.dataset) if CATALOG[run.dataset].sketch else None
        if dataset is None or dataset.sketch is None:
            raise NotFoundError(f"Run {run_id} learns from images: look at what it misclassified.")
        chosen = _chosen_epoch(run, epoch)
        try:
            with OutputHistory.open(self._files(run_id).sketch) as history:
                outputs = history.read(chosen)
        except PredictionsError as error:
            raise NotFoundError(f"The outputs of run {run_id} are no longer there: {error}") from None
        if len(outputs) != len(dataset.sketch.inputs):
            raise NotFoundError(f"The outputs of run {run_id} are of another drawing than is made today.")
        return EpochOutputs(chosen, outputs, dataset.sketch, dataset)

    def checkpoint_path(self, run_id: int, which: Which = "last") -> Path:
        """The file of the run's last or best weights. Raises NotFoundError when it has not been written."""
        self.get(run_id)
        path = self._files(run_id).checkpoint(which)
        if not path.is_file():
            raise NotFoundError(f"The {which} checkpoint of run {run_id} has not been written.")
        return path

    def _parse(self, preset: Preset | None, given: object) -> tuple[Hyperparameters, MemoryEstimate]:
        if given is not None and not isinstance(given, Mapping):
            raise InvalidError({"hyperparameters": "must be an object of names and values"})
        basis = preset.hyperparameters.model_dump() if preset else {}
        try:
            parsed = Hyperparameters.parse({**basis, **(given or {})})
            estimate = estimate_memory(parsed)
            if estimate.total_bytes > self._config.memory_limit_bytes:
                raise estimate.to_field_error(self._config.memory_limit_bytes)
        except HyperparameterError as error:
            raise InvalidError(error.fields) from None
        return parsed, estimate

    def _steered(self, run_id: int, how: Literal["stopped", "paused", "resumed"], accepted: bool) -> RunRecord:
        run = self.get(run_id)
        if not accepted:
            raise ConflictError(f"Run {run_id} is {run.status} and cannot be {how}.")
        return run

    def _files(self, run_id: int) -> RunFiles:
        return RunFiles(self._config.runs_dir / str(run_id))


def _chosen_epoch(run: RunRecord, epoch: int | None) -> int:
    chosen = run.epochs_completed if epoch is None else epoch
    if not run.epochs_completed:
        raise NotFoundError(f"Run {run.id} has not completed an epoch yet.")
    if not 1 <= chosen <= run.epochs_completed:
        raise NotFoundError(f"Run {run.id} has no epoch {chosen}; it has completed {run.epochs_completed}.")
    return chosen


def _find_preset(preset: object) -> Preset | None:
    if preset is None:
        return None
    if not isinstance(preset, str) or preset not in PRESETS:
        raise InvalidError({"preset": f"must be one of {', '.join(PRESETS)}"})
    return PRESETS[preset]


def _default_name(preset: Preset | None, hyperparameters: Hyperparameters) -> str:
    if preset:
        return preset.title
    spec = hyperparameters.dataset_spec
    sizes = (hyperparameters.n_features, *hyperparameters.hidden_sizes, spec.n_outputs)
    return f"{spec.title} · {'-'.join(map(str, sizes))}"
