"""Lists of runs over HTTP: search, order, pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from nn.training.events import EpochResult
from webapp.app import App
from webapp.runs.run_list import ComputedSortKey, natural_order
from webapp.storage.run_queries import StoredSortKey
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore
from webapp.storage.tables import Run
from webapp.storage.verdict_store import VerdictJson, VerdictStore

START = datetime(2026, 11, 28, 5, 33, tzinfo=UTC)
KEYS = [*get_args(StoredSortKey), *get_args(ComputedSortKey)]


def add(app: App, name: str, *, seconds: float | None = None, accuracy: float | None = None, **values: Any) -> None:
    """Store a run. With `seconds`, it has finished after one epoch with this validation and test accuracy."""
    run = app.runs.create(name=name, hyperparameters=values)
    if seconds is None:
        return
    app.store.change_status(run.id, RunStatus.RUNNING)
    result = EpochResult(1, seconds / 100, 0.5, None, accuracy, None, accuracy, 0.1, 1, seconds, 1000.0)
    app.store.add_epoch(run.id, result.to_json(), is_best=True)
    app.store.change_status(run.id, RunStatus.FINISHED)
    set_times(app.store, run.id, START + timedelta(hours=run.id), seconds)


def set_times(store: RunStore, run_id: int, started_at: datetime, seconds: float) -> None:
    times = {"started_at": started_at, "finished_at": started_at + timedelta(seconds=seconds)}
    with store.engine.begin() as connection:
        connection.execute(update(Run).where(Run.id == run_id).values(**times))


@pytest.fixture
def runs(app: App) -> App:
    """Four runs: two finished ones, one on a table with another optimizer, and a queued one."""
    add(app, "Run 10", seconds=30, accuracy=0.97253, hidden_sizes=[32])
    add(app, "run 9", seconds=80, accuracy=0.5, learning_rate=0.5, epochs=7)
    add(
        app,
        "Élan",
        seconds=5,
        dataset="squares",
        loss="mean_squared_error",
        output_activation="linear",
        optimizer="lbfgs",
        batching="full_batch",
    )
    add(app, "Waiting", hidden_sizes=[8])
    app.runs.update(2, notes="Lower the rate\nnext time")
    return app


def names(client: FlaskClient, query: str) -> list[str]:
    response = client.get(f"/api/runs?{query}")
    assert response.status_code == 200, response.text
    return [run["name"] for run in response.get_json()["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Waiting", "Élan", "run 9", "Run 10"]),
        ("++", ["Waiting", "Élan", "run 9", "Run 10"]),
        ("RUN", ["run 9", "Run 10"]),
        ("97.25%25", ["Run 10"]),
        ("rate+next", ["run 9"]),
        ("next+digits+adam", ["run 9"]),
        ("l-bfgs", ["Élan"]),
        ("queued", ["Waiting"]),
        ("0+of+30", ["Waiting"]),
        ("nov+28,+6:33", ["Run 10"]),
        ("no+such+run", []),
    ],
)
@pytest.mark.usefixtures("runs")
def test_each_word_occurs_in_the_row_or_the_notes(client: FlaskClient, query: str, found: list[str]) -> None:
    assert names(client, f"query={query}") == found


@pytest.mark.usefixtures("runs")
def test_start_times_are_searched_on_the_clock_of_the_reader(client: FlaskClient) -> None:
    assert names(client, "query=10:33") == []
    assert names(client, "query=10:33&utc_offset=240") == ["Run 10"]


@pytest.mark.parametrize(
    ("sort", "ascending", "descending"),
    [
        ("name", ["Élan", "run 9", "Run 10", "Waiting"], ["Waiting", "Run 10", "run 9", "Élan"]),
        ("status", ["Élan", "run 9", "Run 10", "Waiting"], ["Waiting", "Élan", "run 9", "Run 10"]),
        ("dataset", ["Waiting", "run 9", "Run 10", "Élan"], ["Élan", "Waiting", "run 9", "Run 10"]),
        ("optimizer", ["Waiting", "run 9", "Run 10", "Élan"], ["Élan", "Waiting", "run 9", "Run 10"]),
        ("learning_rate", ["Waiting", "Run 10", "run 9", "Élan"], ["run 9", "Waiting", "Run 10", "Élan"]),
        ("epochs", ["Waiting", "Élan", "run 9", "Run 10"], ["Élan", "run 9", "Run 10", "Waiting"]),
        ("test_accuracy", ["run 9", "Run 10", "Waiting", "Élan"], ["Run 10", "run 9", "Waiting", "Élan"]),
        ("validation_accuracy", ["run 9", "Run 10", "Waiting", "Élan"], ["Run 10", "run 9", "Waiting", "Élan"]),
        ("train_cost", ["Élan", "Run 10", "run 9", "Waiting"], ["run 9", "Run 10", "Élan", "Waiting"]),
        ("duration", ["Élan", "Run 10", "run 9", "Waiting"], ["run 9", "Run 10", "Élan", "Waiting"]),
    ],
)
@pytest.mark.usefixtures("runs")
def test_missing_values_come_last_and_the_newest_of_equal_runs_first(
    client: FlaskClient, sort: str, ascending: list[str], descending: list[str]
) -> None:
    assert names(client, f"sort={sort}&order=asc") == ascending
    assert names(client, f"sort={sort}&order=desc") == descending


VERDICTS: dict[int, VerdictJson | None] = {
    1: {"status": "healthy", "code": None, "title": "Learns well", "severity": None, "known_by": None, "epoch": 1},
    2: {
        "status": "ill",
        "code": "vanishing_gradient",
        "title": "Vanishing gradient",
        "severity": "critical",
        "known_by": "observed",
        "epoch": 1,
    },
    3: {
        "status": "ill",
        "code": "overfitting",
        "title": "Overfitting",
        "severity": "warning",
        "known_by": "observed",
        "epoch": 1,
    },
    4: None,
}


def test_the_list_can_be_sorted_and_searched_by_diagnosis(runs: App, client: FlaskClient) -> None:
    for run_id, verdict in VERDICTS.items():
        VerdictStore(runs.store.engine).write(run_id, verdict)
    assert names(client, "sort=diagnosis&order=asc") == ["run 9", "Élan", "Run 10", "Waiting"]  # the worst first
    assert names(client, "sort=diagnosis&order=desc") == ["Run 10", "Élan", "run 9", "Waiting"]
    assert names(client, "query=vanishing") == ["run 9"]
    assert names(client, "query=learns+well") == ["Run 10"]
    assert names(client, "query=overfit&sort=diagnosis") == ["Élan"]
    listed = client.get("/api/runs").get_json()["items"]
    assert {run["id"]: run["diagnosis"] for run in listed} == VERDICTS


@pytest.mark.parametrize("sort", KEYS)
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.usefixtures("runs")
def test_a_search_keeps_the_order_and_pages_are_parts_of_the_list(client: FlaskClient, sort: str, order: str) -> None:
    whole = names(client, f"sort={sort}&order={order}")
    assert len(whole) == 4
    assert names(client, f"sort={sort}&order={order}&query=n") == whole
    for query in ("", "n"):
        page = client.get(f"/api/runs?sort={sort}&order={order}&query={query}&offset=1&limit=2").get_json()
        assert ([run["name"] for run in page["items"]], page["total"]) == (whole[1:3], 4)


@pytest.mark.usefixtures("runs")
def test_an_offset_beyond_the_end_gives_an_empty_page(client: FlaskClient) -> None:
    for query in ("", "run"):
        page = client.get(f"/api/runs?query={query}&offset={2**63 - 1}").get_json()
        assert (page["items"], page["total"]) == ([], 2 if query else 4)


def test_names_are_sorted_by_signs_numbers_and_letters() -> None:
    texts = ["run 10", "Run 9", "#1", "10", "9", "éclair", "Eclair b", "eclair", "zoo", ""]
    assert sorted(texts, key=natural_order) == [
        *("", "#1", "9", "10", "eclair", "éclair", "Eclair b", "Run 9", "run 10", "zoo")
    ]
