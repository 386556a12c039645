"""The life cycle of runs: create, control, describe, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import psutil
from typing_extensions import TypedDict

from nn.datasets import DatasetRegistry
from nn.errors import HyperparameterError
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS, Preset
from nn.training.memory_estimate import MemoryEstimate, estimate_memory
from nn.training.time_estimate import estimate_seconds_per_epoch
from webapp.config import Config
from webapp.errors import ConflictError, InvalidError, NotFoundError
from webapp.execution.scheduler import Scheduler
from webapp.realtime.publisher import Publisher
from webapp.runs.run_list import RunList, RunListQuery, RunRecords
from webapp.runs.same_start import find_same_start
from webapp.storage.run_files import RunFiles
from webapp.storage.run_record import RunRecord
from webapp.storage.run_store import RunStore
from webapp.threads import BoundedSemaphore, in_thread
from webapp.validation import clean_name, clean_notes

MAX_QUEUED = 100


class QueuedRunJson(TypedDict):
    """A run in the queue. `problem` explains why it cannot start although a worker is free for it."""

    id: int
    name: str
    problem: str | None


class QueueJson(TypedDict):
    """The number of workers, the runs that occupy them, and the runs that wait for one."""

    workers: int
    running: list[QueuedRunJson]
    waiting: list[QueuedRunJson]


class RunEstimateJson(TypedDict):
    """What a run would need: its parameters, its memory, the free memory of the machine, and the time of an epoch."""

    parameter_count: int
    bytes: int
    available_bytes: int
    seconds_per_epoch: float


class HyperparameterCheck(TypedDict):
    """The message of each invalid field, or, if there is none, what a run would need."""

    fields: dict[str, str]
    estimate: RunEstimateJson | None


class Runs:
    """Creates, controls and deletes runs. Every method raises NotFoundError for an unknown id."""

    def __init__(
        self, config: Config, store: RunStore, scheduler: Scheduler, publisher: Publisher, datasets: DatasetRegistry
    ) -> None:
        self._config = config
        self._datasets = datasets
        self._store = store
        self._scheduler = scheduler
        self._publisher = publisher
        self._run_list = RunList(store, datasets)
        self._measuring = BoundedSemaphore()

    def create(
        self,
        *,
        name: object = None,
        preset: object = None,
        hyperparameters: object = None,
        same_start_as: object = None,
        changes: object = None,
    ) -> RunRecord:
        """Queue a run. Values in `hyperparameters` override those of the preset, which override the defaults.

        With `same_start_as`, the id of a stored run, the new run takes over its hyperparameters and seed, except for
        the `changes`. Raises InvalidError, which names the invalid fields, ConflictError if the queue is full, and
        DiskFullError.
        """
        chosen_name = clean_name(name) if name is not None else ""
        others = {"preset": preset, "hyperparameters": hyperparameters}
        same_start = find_same_start(self._store, same_start_as, changes, others)
        chosen_preset = _find_preset(preset)
        parsed, estimate = self._parse(chosen_preset, same_start.hyperparameters if same_start else hyperparameters)
        if self._store.count_queued() >= MAX_QUEUED:
            raise ConflictError(f"{MAX_QUEUED} runs are already queued. Stop some of them, or wait until they end.")
        self._scheduler.check_room()
        run = self._store.add_run(
            name=chosen_name or (same_start.name(parsed) if same_start else _default_name(chosen_preset, parsed)),
            preset=chosen_preset.id if chosen_preset else None,
            hyperparameters=parsed,
            parameter_count=estimate.parameter_count,
            same_start_as=same_start.source.id if same_start else None,
        )
        self._scheduler.enqueue(run.id)
        self._publisher.run_status(run)
        return run

    def check(self, *, preset: object = None, hyperparameters: object = None) -> HyperparameterCheck:
        """Validate hyperparameters as `create` does, and estimate what a run with them would need."""
        try:
            parsed, memory = self.configure(preset=preset, hyperparameters=hyperparameters)
        except InvalidError as error:
            return {"fields": dict(error.fields), "estimate": None}
        return {"fields": {}, "estimate": self.estimate(parsed, memory)}

    def configure(
        self, *, preset: object = None, hyperparameters: object = None
    ) -> tuple[Hyperparameters, MemoryEstimate]:
        """Return the hyperparameters that `create` would use, and their memory. Raises InvalidError."""
        return self._parse(_find_preset(preset), hyperparameters)

    def estimate(self, hyperparameters: Hyperparameters, memory: MemoryEstimate) -> RunEstimateJson:
        """Estimate what a run would need; its time comes from a measurement of a few steps."""
        with self._measuring:  # two measurements at a time would slow each other down
            seconds = in_thread(estimate_seconds_per_epoch, hyperparameters)
        return {
            "parameter_count": memory.parameter_count,
            "bytes": memory.total_bytes,
            "available_bytes": psutil.virtual_memory().available,
            "seconds_per_epoch": seconds,
        }

    def get(self, run_id: int) -> RunRecord:
        """Return the run."""
        run = self._store.run(run_id)
        if run is None:
            raise NotFoundError(f"There is no run {run_id}.")
        return run

    def list(self, query: RunListQuery | None = None) -> tuple[RunRecords, int]:
        """Return a page of the runs that match the query, and the number of all runs that match it.

        By default, return the newest runs, and the number of all runs.
        """
        return self._run_list.find(query or RunListQuery())

    def queue(self) -> QueueJson:
        """Return the runs that train and the runs that wait for a worker, in the order in which they continue."""
        queue = self._scheduler.queue
        names = {run.id: run.name for run in self._store.runs_of([*queue.running, *queue.waiting])}
        running, waiting = (
            [
                QueuedRunJson(id=run_id, name=names[run_id], problem=queue.problems.get(run_id))
                for run_id in run_ids
                if run_id in names
            ]
            for run_ids in (queue.running, queue.waiting)
        )
        return QueueJson(workers=queue.n_slots, running=running, waiting=waiting)

    def stop(self, run_id: int) -> RunRecord:
        """End the run early; its results stay stored. Raises ConflictError if the run has already ended."""
        return self._controlled(run_id, "stopped", self._scheduler.stop(run_id))

    def pause(self, run_id: int) -> RunRecord:
        """Pause the run before its next mini-batch. Raises ConflictError if the run is not running."""
        return self._controlled(run_id, "paused", self._scheduler.pause(run_id))

    def resume(self, run_id: int) -> RunRecord:
        """Continue the run as soon as a worker is free. Raises ConflictError if the run is not paused."""
        return self._controlled(run_id, "resumed", self._scheduler.resume(run_id))

    def update(self, run_id: int, *, name: object = None, notes: object = None) -> RunRecord:
        """Change the name, the notes or both. None means no change. Raises InvalidError."""
        run = self.get(run_id)
        changes: dict[str, str] = {}
        if name is not None:
            changes["name"] = clean_name(name)
            if not changes["name"]:
                raise InvalidError({"name": "must not be empty"})
        if notes is not None:
            changes["notes"] = clean_notes(notes)
        if changes:
            self._store.describe_run(run_id, **changes)
            run = self.get(run_id)
            self._publisher.run_status(run)
        return run

    def delete(self, run_id: int) -> None:
        """Delete an ended run with its files.

        Raises ConflictError if the run has not ended, or if its files cannot be deleted.
        """
        run = self.get(run_id)
        if not run.has_ended:
            raise ConflictError(f"Run {run_id} is {run.status}. Stop it before you delete it.")
        files = RunFiles.of_run(self._config.runs_dir, run_id)
        try:
            self._store.delete_run(run_id, files.delete)
        except OSError as error:
            raise ConflictError(
                f"The files of run {run_id} in {files.folder} cannot be deleted: {error.strerror or error}. Close the "
                "programs that use them, or make the folder writable, and delete the run again."
            ) from error
        self._store.write_unstored()  # on a full disk, the files of the run made room for this
        self._publisher.run_deleted(run_id)

    def _parse(self, preset: Preset | None, given: object) -> tuple[Hyperparameters, MemoryEstimate]:
        if given is not None and not isinstance(given, Mapping):
            raise InvalidError({"hyperparameters": "must be an object of names and values"})
        basis = preset.hyperparameters.model_dump() if preset else {}
        try:
            parsed = Hyperparameters.parse({**basis, **(given or {})}, self._datasets)
            estimate = estimate_memory(parsed)
            if estimate.total_bytes > self._config.memory_limit_bytes:
                raise estimate.to_field_error(self._config.memory_limit_bytes)
        except HyperparameterError as error:
            raise InvalidError(error.fields) from None
        return parsed, estimate

    def _controlled(self, run_id: int, action: Literal["stopped", "paused", "resumed"], accepted: bool) -> RunRecord:
        run = self.get(run_id)
        if not accepted:
            status = "ending" if self._scheduler.has_ended(run_id) and not run.has_ended else run.status
            raise ConflictError(f"Run {run_id} is {status} and cannot be {action}.")
        return run


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
