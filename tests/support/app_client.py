"""Dashboard in this process, without a web server, and runs that it has trained."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Self

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import EpochResult
from tests.support.run_engine import Engine, workers_of
from webapp.app import create_app
from webapp.config import Config
from webapp.storage.run_status import ENDED, RunStatus
from webapp.storage.run_store import RunStore
from webapp.web.services import Services

EPOCHS = 3
LONG = 600


class RunClient:
    """A dashboard on a data folder, and a client that requests data about one run. `path` is the URL of the run."""

    def __init__(self, config: Config, run_id: int = 1) -> None:
        self.config = config
        self.run_id = run_id
        self.app = create_app(config)
        self.client = self.app.flask_app.test_client()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.app.close()

    @property
    def path(self) -> str:
        return f"/api/runs/{self.run_id}"

    @property
    def services(self) -> Services:
        services: Services = self.app.flask_app.extensions["misfit"]
        return services

    def get(self, path: str) -> Any:
        """Return the JSON at a path below the run's URL."""
        response = self.client.get(self.path + path)
        assert response.status_code == 200, response.text
        return response.get_json()

    def list_images(self, query: str) -> list[dict[str, Any]]:
        """Return the test images that match the filters of `query`, ordered by index."""
        items: list[dict[str, Any]] = self.get(f"/misclassified?{query}&sort=index&order=asc&limit=500")["items"]
        return items


class Trained(RunClient):
    """A dashboard in which one run has finished."""

    def __init__(self, config: Config, **values: Any) -> None:
        super().__init__(config)
        hyperparameters = {"epochs": EPOCHS, "hidden_sizes": [12], "learning_rate": 0.002, **values}
        run = self.app.runs.create(name="A finished run", hyperparameters=hyperparameters)
        assert run.id == self.run_id
        self.wait_until_ended()

    def wait_until_ended(self) -> None:
        """Wait until all runs have ended."""
        runs = self.app.runs
        Engine.wait(lambda: all(run.status in ENDED for run in runs.list()[0]), what="all runs have ended")


def store_long_run(data_dir: Path) -> None:
    """Store a run of LONG epochs in a new data folder. The test cost of every epoch is NaN."""
    store = RunStore(data_dir / "misfit.db")
    run = store.add_run(name="Long", preset=None, hyperparameters=Hyperparameters(dataset="digits"), parameter_count=1)
    store.change_status(run.id, RunStatus.RUNNING)
    for epoch in range(1, LONG + 1):
        result = EpochResult(epoch, 0.5, 0.9, None, None, float("nan"), 0.9, 0.1, epoch, float(epoch), 1000.0)
        store.add_epoch(run.id, result.to_json(), is_best=False)
    store.change_status(run.id, RunStatus.FINISHED)
    store.close()


def error_of(response: TestResponse, status: int) -> dict[str, Any]:
    """Return the error in a response.

    Assert that it has a code, a message and, if fields are invalid, a message for each.
    """
    assert response.status_code == status, (response.status_code, response.text[:500])
    assert response.mimetype == "application/json"
    body = response.get_json()
    assert list(body) == ["error"]
    error: dict[str, Any] = body["error"]
    assert set(error) in ({"code", "message"}, {"code", "message", "fields"})
    assert error["code"]
    assert error["message"]
    for problem in error.get("fields", {}).values():
        assert problem
    return error


def assert_no_run(client: FlaskClient) -> None:
    """Assert that no run is stored and no worker runs."""
    assert client.get("/api/runs").get_json() == {"items": [], "total": 0}
    assert workers_of(os.getpid()) == []
