from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from nn.datasets import built_in_registry
from nn.hyperparameters.schema import Hyperparameters
from tests.source_tree import ROOT
from webapp.runs.row_text import OPTIMIZER_NAMES, RowTexts, cost, duration, number
from webapp.storage.run_queries import LINE_SEARCH_OPTIMIZERS, RunRow

EXAMPLES: list[dict[str, Any]] = json.loads((ROOT / "tests" / "run_row_examples.json").read_text(encoding="utf-8"))
TWO_HOURS = timedelta(hours=2)


def row_of(run: dict[str, Any]) -> RunRow:
    """Return the row of a run in JSON."""
    metrics, best = run["metrics"] or {}, run["best_metrics"] or {}
    return RunRow(
        id=1,
        notes="one\ntwo",
        preset="a_preset",
        test_accuracy=metrics.get("test_accuracy"),
        validation_accuracy=best.get("validation_accuracy"),
        train_cost=metrics.get("train_cost"),
        name=run["name"],
        status=run["status"],
        hyperparameters=run["hyperparameters"],
        epochs_completed=run["epochs_completed"],
        diagnosis=run["diagnosis"],
        elapsed_seconds=metrics.get("elapsed_seconds"),
        started_at=run["started_at"] and datetime.fromisoformat(run["started_at"]),
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["run"]["name"])
def test_text_of_a_row_contains_the_cells_of_the_page(example: dict[str, Any]) -> None:
    text = RowTexts(built_in_registry(), TWO_HOURS).text(row_of(example["run"]))
    assert text == " ".join([*example["cells"].values(), "one\ntwo", "a_preset"])


def test_a_running_run_lasts_until_now() -> None:
    row = row_of(EXAMPLES[0]["run"])._replace(status="running")
    assert row.started_at is not None
    texts = RowTexts(built_in_registry(), TWO_HOURS, now=row.started_at + timedelta(seconds=61))
    assert texts.seconds(row) == 61
    early = RowTexts(built_in_registry(), TWO_HOURS, now=datetime(2000, 1, 1, tzinfo=UTC))
    assert early.seconds(row) == 0


def test_every_optimizer_has_a_name() -> None:
    optimizers = get_args(Hyperparameters.model_fields["optimizer"].annotation)
    assert set(OPTIMIZER_NAMES) == set(optimizers)
    assert set(LINE_SEARCH_OPTIMIZERS) <= set(optimizers)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1e-9, "1.00e-9"), (0.5, "0.5000"), (2.30258, "2.303"), (99.995, "100.0"), (-0.25, "-0.2500")],
)
def test_a_cost_has_about_four_digits(value: float, text: str) -> None:
    assert cost(value) == text


def test_a_value_that_is_not_a_number_is_shown_as_it_is() -> None:
    assert [number(value) for value in (1.0, 1e9, 1e-6, "fast", None)] == ["1", "1e9", "1e-6", "fast", "None"]


def test_a_duration_has_two_units_at_most() -> None:
    assert [duration(seconds) for seconds in (0.25, 59.6, 3599.4, 3600)] == [
        *("0.3 s", "1 min 0 s", "59 min 59 s", "1 h 0 min")
    ]
