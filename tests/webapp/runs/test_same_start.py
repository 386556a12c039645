"""Runs that take over the hyperparameters and the seed of a stored run, except for some changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.app_client import RunClient, error_of
from tests.support.run_engine import Engine, make_config
from webapp.app import App
from webapp.storage.run_status import RunStatus


@pytest.fixture
def source(app: App) -> int:
    """The id of a stored run."""
    return app.runs.create(name="Too deep", preset="deep_sigmoid", hyperparameters={"seed": 7}).id


def create(client: FlaskClient, **body: Any) -> dict[str, Any]:
    response = client.post("/api/runs", json=body)
    assert response.status_code == 201, response.text
    run: dict[str, Any] = response.get_json()
    return run


def test_a_run_takes_over_all_values_but_the_changes(app: App, client: FlaskClient, source: int) -> None:
    before = app.runs.get(source).hyperparameters.model_dump(mode="json")
    changes = {"activation": "relu", "hidden_sizes": [16], "learning_rate": "0,05"}
    run = create(client, same_start_as=source, changes=changes)
    assert run["same_start_as"] == source
    assert run["hyperparameters"] == {**before, "activation": "relu", "hidden_sizes": [16], "learning_rate": 0.05}
    assert run["hyperparameters"]["seed"] == 7
    assert (run["name"], run["preset"]) == ("Too deep · activation relu, hidden layers 16, learning rate 0.05", None)
    assert client.get(f"/api/runs/{run['id']}").get_json()["same_start_as"] == source
    assert client.get(f"/api/runs/{source}").get_json()["same_start_as"] is None


def test_a_run_can_be_repeated_without_changes_under_another_name(client: FlaskClient, source: int) -> None:
    again = create(client, same_start_as=source)
    assert (again["name"], again["same_start_as"]) == ("Too deep · again", source)
    assert create(client, same_start_as=source, changes={}, name="Mine")["name"] == "Mine"
    assert create(client, same_start_as=source, changes={"seed": 7})["hyperparameters"]["seed"] == 7
    assert create(client, same_start_as=again["id"], changes={"l2": 0.1})["same_start_as"] == again["id"]


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"same_start_as": 99}, "same_start_as", "must be the id of a stored run; there is no run 99"),
        ({"same_start_as": 0}, "same_start_as", "whole number"),
        ({"same_start_as": "1"}, "same_start_as", "whole number"),
        ({"same_start_as": True}, "same_start_as", "whole number"),
        ({"same_start_as": 2**63}, "same_start_as", "whole number"),
        ({"same_start_as": None}, "same_start_as", "must be the id of a stored run"),
        ({"same_start_as": 1, "changes": None}, "changes", "must be an object"),
        ({"same_start_as": 1, "changes": [1]}, "changes", "must be an object"),
        ({"same_start_as": 1, "preset": "digits_quick"}, "preset", "must not be combined with same_start_as"),
        ({"same_start_as": 1, "hyperparameters": {}}, "hyperparameters", "use changes"),
        ({"changes": {"epochs": 3}}, "changes", "needs same_start_as"),
        ({"same_start_as": 1, "changes": {"seed": 8}}, "seed", "must stay 7, the seed of run 1"),
        ({"same_start_as": 1, "changes": {"seed": [8]}}, "seed", "must stay 7"),
        ({"same_start_as": 1, "changes": {"learning_rate": -1}}, "learning_rate", "greater than 0"),
        ({"same_start_as": 1, "changes": {"rate": 1}}, "rate", "is not a hyperparameter"),
        ({"same_start_as": 1, "changes": {"loss": "mean_squared_error", "optimizer": "lbfgs"}}, "batching", ""),
    ],
)
@pytest.mark.usefixtures("source")
def test_an_invalid_request_names_the_field_and_creates_no_run(
    client: FlaskClient, body: dict[str, Any], field: str, message: str
) -> None:
    error = error_of(client.post("/api/runs", json=body), 422)
    assert message in error["fields"][field]
    assert client.get("/api/runs").get_json()["total"] == 1


def test_the_number_remains_when_the_first_run_is_deleted(app: App, client: FlaskClient, source: int) -> None:
    run = create(client, same_start_as=source, changes={"epochs": 2})
    app.store.change_status(source, RunStatus.STOPPED)
    app.runs.delete(source)
    assert client.get(f"/api/runs/{run['id']}").get_json()["same_start_as"] == source
    assert client.get("/api/runs").get_json()["total"] == 1
    error_of(client.post("/api/runs", json={"same_start_as": source}), 422)


def test_both_runs_start_with_the_same_weights(tmp_path: Path) -> None:
    values = {"epochs": 1, "hidden_sizes": [6], "seed": 3, "optimizer": "sgd"}
    with RunClient(make_config(tmp_path)) as client:
        runs = client.app.runs
        first = runs.create(hyperparameters=values)
        same = runs.create(same_start_as=first.id)
        changed = runs.create(same_start_as=first.id, changes={"learning_rate": 0.5})
        Engine.wait(lambda: all(run.has_ended for run in runs.list()[0]), what="all runs have ended")
        costs = [client.services.telemetry.items(run.id) for run in (first, same, changed)]
        assert len({next(iter(items))["first_cost"] for items in costs}) == 1
        metrics = [runs.get(run.id).metrics for run in (first, same, changed)]
        assert all(metrics)
        test_costs = [each["test_cost"] for each in metrics if each]
        assert test_costs[0] == test_costs[1] != test_costs[2]
