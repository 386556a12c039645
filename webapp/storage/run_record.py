"""A run as it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from typing_extensions import TypedDict

from nn.datasets import DatasetSpec
from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import EpochResultJson
from webapp.storage.run_status import ENDED, RunStatus
from webapp.storage.verdict_store import VerdictJson

Value = str | float | bool | list[int]
HyperparametersJson = dict[str, Value]


class RunErrorJson(TypedDict):
    """The reason why a run failed or was interrupted."""

    code: str
    message: str


class RunJson(TypedDict):
    """A run; times are ISO 8601 in UTC. `duration` is in seconds, until now or until the last epoch.

    `diagnosis` is null until the run has been diagnosed. `same_start_as` is the id of the run whose hyperparameters and
    seed it took over; that run may have been deleted.
    """

    id: int
    name: str
    notes: str
    preset: str | None
    status: RunStatus
    stop_reason: str | None
    hyperparameters: HyperparametersJson
    epochs_completed: int
    best_epoch: int | None
    metrics: EpochResultJson | None
    best_metrics: EpochResultJson | None
    error: RunErrorJson | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    duration: float | None
    train_size: int | None
    validation_size: int | None
    test_size: int | None
    parameter_count: int | None
    batches_per_epoch: int | None
    train_fingerprint: str | None
    test_fingerprint: str | None
    diagnosis: VerdictJson | None
    same_start_as: int | None


def elapsed_seconds(start: datetime | None, end: datetime) -> float | None:
    """Return the seconds between two times, at least 0, or None without a start."""
    return None if start is None else max(0.0, (end - start).total_seconds())


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The state of one run at one moment.

    `metrics` are the metrics of the last epoch, `best_metrics` those of the best epoch. The sizes of the splits,
    `batches_per_epoch` and the fingerprints of the training and test examples are None until training starts. Runs of
    earlier versions have no fingerprints. `best_epoch` is None without a validation split. `error_code`
    and `error_message` give the reason why a run failed or was interrupted. `diagnosis` is the verdict of the last
    diagnosis, or None. `same_start_as` is the id of the run whose hyperparameters and seed this run took over, or None.
    """

    id: int
    name: str
    notes: str
    preset: str | None
    status: RunStatus
    stop_reason: str | None
    hyperparameters: Hyperparameters
    epochs_completed: int
    best_epoch: int | None
    metrics: EpochResultJson | None
    best_metrics: EpochResultJson | None
    error_code: str | None
    error_message: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    train_size: int | None
    validation_size: int | None
    test_size: int | None
    parameter_count: int | None
    batches_per_epoch: int | None
    train_fingerprint: str | None
    test_fingerprint: str | None
    diagnosis: VerdictJson | None
    same_start_as: int | None

    @property
    def dataset(self) -> str:
        """The name of the data set."""
        return self.hyperparameters.dataset

    @property
    def duration(self) -> float | None:
        """The duration in seconds, or None before the start.

        For an ended run, it is the time of training and evaluation until its last epoch; for a live run, it is the time
        since the start.
        """
        if self.has_ended:
            return self.metrics["elapsed_seconds"] if self.metrics else None
        return elapsed_seconds(self.started_at, datetime.now(UTC))

    @property
    def has_ended(self) -> bool:
        """True if the status of the run is final."""
        return self.status in ENDED

    @property
    def dataset_spec(self) -> DatasetSpec:
        """The facts about the data set."""
        return self.hyperparameters.dataset_spec

    def to_json(self) -> RunJson:
        """Return the run as JSON values."""
        error: RunErrorJson | None = None
        if self.error_code:
            error = {"code": self.error_code, "message": self.error_message or ""}
        return {
            "id": self.id,
            "name": self.name,
            "notes": self.notes,
            "preset": self.preset,
            "status": self.status,
            "stop_reason": self.stop_reason,
            "hyperparameters": self.hyperparameters.model_dump(mode="json"),
            "epochs_completed": self.epochs_completed,
            "best_epoch": self.best_epoch,
            "metrics": self.metrics,
            "best_metrics": self.best_metrics,
            "error": error,
            "created_at": self.created_at.isoformat(),
            "started_at": self.started_at.isoformat() if self.started_at else None,
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "duration": self.duration,
            "train_size": self.train_size,
            "validation_size": self.validation_size,
            "test_size": self.test_size,
            "parameter_count": self.parameter_count,
            "batches_per_epoch": self.batches_per_epoch,
            "train_fingerprint": self.train_fingerprint,
            "test_fingerprint": self.test_fingerprint,
            "diagnosis": self.diagnosis,
            "same_start_as": self.same_start_as,
        }
