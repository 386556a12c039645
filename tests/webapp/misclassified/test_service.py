"""Lists of images of a run whose file of predictions grows, is long, or is truncated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import Predictions
from nn.hyperparameters.schema import Hyperparameters
from nn.storage.prediction_history import PredictionHistory
from nn.training.events import EpochResult
from tests.support.app_client import error_of
from tests.support.random_predictions import predictions_from
from tests.support.run_engine import ENDLESS, Engine
from webapp.app import create_app
from webapp.config import Config
from webapp.storage.run_files import RunFiles
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore

N_IMAGES = 359


def test_images_can_be_listed_while_a_run_trains(config: Config) -> None:
    app = create_app(config)
    client = app.flask_app.test_client()
    run = app.runs.create(hyperparameters=ENDLESS)

    def history_length() -> int:
        response = client.get(f"/api/runs/{run.id}/histories/11")
        return len(response.get_json()["predicted"]) if response.status_code == 200 else 0

    try:
        for least in (1, 3, 8):
            Engine.wait(lambda least=least: history_length() >= least, what=f"{least} epochs")  # type: ignore[misc]
            for epoch in (1, least, app.runs.get(run.id).epochs_completed):
                counts = client.get(f"/api/runs/{run.id}/histories?epoch={epoch}").get_json()["counts"]
                assert sum(counts.values()) == N_IMAGES
        app.runs.stop(run.id)
        Engine.wait(lambda: app.runs.get(run.id).status is RunStatus.STOPPED)
        assert history_length() == app.runs.get(run.id).epochs_completed
    finally:
        app.close()


LONG = 10_000


def store_run(config: Config, predicted: NDArray[np.uint8]) -> Callable[[int, int], None]:
    """Store a run without epochs. Return a function that adds epochs to it, with `predicted` (n_epochs, n_images)."""
    store = RunStore(config.database)
    run = store.add_run(name="Long", preset=None, hyperparameters=Hyperparameters(dataset="digits"), parameter_count=1)
    store.change_status(run.id, RunStatus.RUNNING)
    store.close()
    path = RunFiles(config.runs_dir / str(run.id)).predictions
    path.parent.mkdir(parents=True)
    PredictionHistory.create(path, N_IMAGES, 10).__exit__(None, None, None)
    uniform = predictions_from(np.full((N_IMAGES, 10), 0.1), np.ones(N_IMAGES))

    def add_epochs(first: int, last: int) -> None:
        with path.open("r+b", buffering=1 << 20) as file, PredictionHistory(path, file, N_IMAGES, 10) as history:
            for epoch in range(first, last + 1):
                history.append(epoch, Predictions(uniform.log_odds, uniform.losses, predicted[epoch - 1]))
        store = RunStore(config.database)
        result = EpochResult(last, 0.5, 0.9, None, None, 0.5, 0.9, 0.1, last, float(last), 1000.0)
        store.add_epoch(run.id, result.to_json(), is_best=False)
        store.close()

    return add_epochs


def test_images_are_listed_after_each_of_10000_epochs(config: Config) -> None:
    predicted = np.random.default_rng(0).integers(0, 10, (LONG, N_IMAGES), np.uint8)
    add_epochs = store_run(config, predicted)
    app = create_app(config)
    client = app.flask_app.test_client()
    labels = app.flask_app.extensions["misfit"].library.load("digits").test.labels
    for first, last in ((1, LONG - 1), (LONG, LONG)):
        add_epochs(first, last)
        found = client.get("/api/runs/1/misclassified?answer=any&limit=500&sort=index&order=asc").get_json()
        assert found["epoch"] == last
        learned_epochs = [item["learned_epoch"] for item in found["items"]]
        is_correct = predicted[:last] == labels
        assert learned_epochs == [
            None if not image[-1] else int(last + 1 - np.argmin(np.append(image[::-1], False)))
            for image in is_correct.T
        ]
        assert client.get("/api/runs/1/histories/7").get_json()["predicted"] == predicted[:last, 7].tolist()
    assert client.get("/api/runs/1/histories?epoch=5000").get_json()["counts"]["flickering"] > 300
    app.close()


def test_the_complete_epochs_of_a_truncated_file_can_be_listed(config: Config) -> None:
    predicted = np.random.default_rng(0).integers(0, 10, (5, N_IMAGES), np.uint8)
    store_run(config, predicted)(1, 5)
    path: Path = RunFiles(config.runs_dir / "1").predictions
    path.write_bytes(path.read_bytes()[:-100])
    app = create_app(config)
    client = app.flask_app.test_client()
    assert client.get("/api/runs/1/histories?epoch=4").status_code == 200
    for part in ("histories", "histories/3", "misclassified"):
        assert "cannot be read" in error_of(client.get(f"/api/runs/1/{part}"), 404)["message"]
    app.close()
