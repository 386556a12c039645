"""A run as the outside sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.storage.run_status import RunStatus


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run at one moment.

    `metrics` is the last epoch's EpochResult in JSON, `best_metrics` that of the best epoch. The sizes and
    `batches_per_epoch` are unknown until training starts; `best_epoch` is `None` without a validation split;
    `error_code` and `error_message` say why a run failed or was interrupted.
    """

    id: int
    name: str
    notes: str
    preset: str | None
    status: RunStatus
    stop_reason: str | None
    hyperparameters: dict[str, Any]
    epochs_completed: int
    best_epoch: int | None
    metrics: dict[str, Any] | None
    best_metrics: dict[str, Any] | None
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

    @property
    def dataset(self) -> str:
        """The name of the data set that the run learns from."""
        return str(self.hyperparameters["dataset"])

    def to_json(self) -> dict[str, Any]:
        """The run as JSON values; times are ISO 8601 in UTC."""
        return {
            "id": self.id,
            "name": self.name,
            "notes": self.notes,
            "preset": self.preset,
            "status": self.status.value,
            "stop_reason": self.stop_reason,
            "hyperparameters": self.hyperparameters,
            "epochs_completed": self.epochs_completed,
            "best_epoch": self.best_epoch,
            "metrics": self.metrics,
            "best_metrics": self.best_metrics,
            "error": {"code": self.error_code, "message": self.error_message} if self.error_code else None,
            "created_at": self.created_at.isoformat(),
            "started_at": self.started_at and self.started_at.isoformat(),
            "finished_at": self.finished_at and self.finished_at.isoformat(),
            "train_size": self.train_size,
            "validation_size": self.validation_size,
            "test_size": self.test_size,
            "parameter_count": self.parameter_count,
            "batches_per_epoch": self.batches_per_epoch,
        }
