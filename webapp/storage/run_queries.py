"""Queries of many runs: their order, and the columns that a search of all runs needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, case, func, null, select
from sqlalchemy.orm import aliased

from nn.diagnosis.finding import SEVERITIES
from webapp.storage.tables import Epoch, Run

# Columns of the list of runs that the database can sort.
StoredSortKey = Literal[
    "started",
    "status",
    "diagnosis",
    "layers",
    "learning_rate",
    "epochs",
    "test_accuracy",
    "validation_accuracy",
    "train_cost",
]
LINE_SEARCH_OPTIMIZERS = ("conjugate_gradient", "lbfgs")  # they have no learning rate

_Last, _Best = aliased(Epoch), aliased(Epoch)
WITH_EPOCHS = (
    select(Run, _Last, _Best)
    .outerjoin(_Last, (_Last.run_id == Run.id) & (_Last.epoch == Run.epochs_completed))
    .outerjoin(_Best, (_Best.run_id == Run.id) & (_Best.epoch == Run.best_epoch))
)
_severity = Run.diagnosis["severity"].as_string()
_severity_order = case(*((_severity == name, str(rank)) for rank, name in enumerate(SEVERITIES)), else_="healthy")
_SORT_VALUES: dict[StoredSortKey, Any] = {
    "started": func.coalesce(Run.started_at, Run.created_at),
    "status": Run.status,
    "diagnosis": _severity_order + Run.diagnosis["title"].as_string(),
    "layers": Run.parameter_count,
    "learning_rate": case(
        (Run.hyperparameters["optimizer"].as_string().in_(LINE_SEARCH_OPTIMIZERS), null()),
        else_=Run.hyperparameters["learning_rate"].as_float(),
    ),
    "epochs": Run.epochs_completed,
    "test_accuracy": _Last.test_accuracy,
    "validation_accuracy": _Best.validation_accuracy,
    "train_cost": _Last.train_cost,
}


class RunRow(NamedTuple):
    """The columns of one run that the list of runs shows."""

    id: int
    name: str
    notes: str
    preset: str | None
    status: str
    hyperparameters: dict[str, Any]
    epochs_completed: int
    started_at: datetime | None
    diagnosis: dict[str, Any] | None
    test_accuracy: float | None
    validation_accuracy: float | None
    train_cost: float | None
    elapsed_seconds: float | None


ROWS: Select[Any] = WITH_EPOCHS.with_only_columns(
    Run.id,
    Run.name,
    Run.notes,
    Run.preset,
    Run.status,
    Run.hyperparameters,
    Run.epochs_completed,
    Run.started_at,
    Run.diagnosis,
    _Last.test_accuracy,
    _Best.validation_accuracy,
    _Last.train_cost,
    _Last.elapsed_seconds,
)


def sort_order(key: StoredSortKey | None, *, descending: bool) -> list[ColumnElement[Any]]:
    """Return the terms of ORDER BY. Without a key, runs are sorted by age.

    A missing value comes last in both orders. Of equal runs, the newest comes first.
    """
    if key is None:
        return [Run.id.desc() if descending else Run.id.asc()]
    value = _SORT_VALUES[key]
    return [value.is_(None), value.desc() if descending else value.asc(), Run.id.desc()]
