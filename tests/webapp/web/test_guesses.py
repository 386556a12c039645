"""Guesses of a person, over HTTP, compared with the predictions of a trained run."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from flask.testing import FlaskClient

from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS
from tests.support.app_client import RunClient, error_of
from webapp.config import Config
from webapp.storage.guess_store import Guess, GuessStore, Score
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore

NO_GUESSES = {"guesses": 0, "person_right": 0, "network_right": 0}


@pytest.fixture
def run(trained: RunClient) -> RunClient:
    """The finished run, without guesses."""
    assert trained.client.delete(f"{trained.path}/guesses").status_code == 204
    return trained


def post_guess(run: RunClient, **body: object) -> Any:
    response = run.client.post(f"{run.path}/guesses", json=body)
    assert response.status_code == 201, response.text
    return response.get_json()


def find_images(run: RunClient, *, is_correct: bool, epoch: int | None = None) -> list[dict[str, Any]]:
    """Return test images that the network classifies correctly, or misclassifies."""
    answer = "right" if is_correct else "wrong"
    return run.list_images(f"answer={answer}" + (f"&epoch={epoch}" if epoch else ""))


def test_scores_of_person_and_network_are_separate(run: RunClient) -> None:
    assert run.get("/guesses") == {"score": NO_GUESSES}
    misclassified, correct = find_images(run, is_correct=False)[0], find_images(run, is_correct=True)[0]

    result = post_guess(run, index=misclassified["index"], label=misclassified["true_label"])
    assert result == {
        "index": misclassified["index"],
        "label": misclassified["true_label"],
        "true_label": misclassified["true_label"],
        "predicted_label": misclassified["predicted_label"],
        "counted": True,
        "score": {"guesses": 1, "person_right": 1, "network_right": 0},
    }
    incorrect_label = (correct["true_label"] + 1) % 10
    assert post_guess(run, index=correct["index"], label=incorrect_label)["score"] == {
        "guesses": 2,
        "person_right": 1,
        "network_right": 1,
    }
    assert run.get("/guesses")["score"] == {"guesses": 2, "person_right": 1, "network_right": 1}


def test_the_first_guess_counts(run: RunClient) -> None:
    image = find_images(run, is_correct=False)[0]
    post_guess(run, index=image["index"], label=image["predicted_label"])
    again = post_guess(run, index=image["index"], label=image["true_label"])
    assert again["counted"] is False
    assert again["label"] == again["true_label"] == image["true_label"]
    assert again["score"] == {"guesses": 1, "person_right": 0, "network_right": 0}

    assert run.client.delete(f"{run.path}/guesses").status_code == 204
    assert run.get("/guesses") == {"score": NO_GUESSES}
    assert post_guess(run, index=image["index"], label=image["true_label"])["counted"] is True


def test_a_guess_is_compared_with_the_prediction_of_its_epoch(run: RunClient) -> None:
    learned_later = {item["index"] for item in find_images(run, is_correct=True)} & {
        item["index"] for item in find_images(run, is_correct=False, epoch=1)
    }
    index = min(learned_later)
    first = run.get(f"/predictions/{index}?epoch=1")
    result = post_guess(run, index=index, label=first["true_label"], epoch=1)
    assert result["predicted_label"] == first["predicted_label"] != result["true_label"]
    assert result["score"] == {"guesses": 1, "person_right": 1, "network_right": 0}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "index"),
        ({"label": 1}, "index"),
        ({"index": 0}, "label"),
        ({"index": 359, "label": 1}, "index"),
        ({"index": -1, "label": 1}, "index"),
        ({"index": True, "label": 1}, "index"),
        ({"index": 0, "label": 10}, "label"),
        ({"index": 0, "label": None}, "label"),
        ({"index": 0, "label": "1"}, "label"),
        ({"index": 0, "label": 1, "epoch": 0}, "epoch"),
        ({"index": 0, "label": 1, "epoch": 4}, "epoch"),
        ({"index": 0, "label": 1, "epoch": 1.0}, "epoch"),
        ({"index": 0, "label": 1, "score": 100}, "score"),
    ],
)
def test_an_invalid_guess_is_not_counted_and_its_field_is_named(
    run: RunClient, body: dict[str, object], field: str
) -> None:
    error = error_of(run.client.post(f"{run.path}/guesses", json=body), 422)
    assert list(error["fields"]) == [field]
    assert run.get("/guesses") == {"score": NO_GUESSES}


def test_a_run_without_predictions_accepts_no_guesses(client: FlaskClient, store: RunStore) -> None:
    waiting = store.add_run(name="a", preset=None, hyperparameters=Hyperparameters(dataset="digits"), parameter_count=1)
    regression = PRESETS["two_layer_regression"].hyperparameters
    table = store.add_run(name="b", preset=None, hyperparameters=regression, parameter_count=1)
    for run_id in (waiting.id, table.id, 999):
        error_of(client.post(f"/api/runs/{run_id}/guesses", json={"index": 0, "label": 0}), 404)
    assert client.get(f"/api/runs/{waiting.id}/guesses").get_json() == {"score": NO_GUESSES}
    error_of(client.get("/api/runs/999/guesses"), 404)
    error_of(client.delete("/api/runs/999/guesses"), 404)


def test_guesses_are_deleted_with_their_run(config: Config, store: RunStore) -> None:
    guesses = GuessStore(store.engine)
    runs = [
        store.add_run(name="a", preset=None, hyperparameters=Hyperparameters(dataset="digits"), parameter_count=1)
        for _ in "ab"
    ]
    for run in runs:
        assert guesses.add(run.id, Guess(image_index=5, epoch=1, label=3, true_label=3, predicted_label=8))
        store.change_status(run.id, RunStatus.STOPPED)
    assert store.delete_run(runs[0].id)
    assert guesses.add(runs[0].id, Guess(6, 1, 3, 3, 8)) is None
    assert guesses.score(runs[1].id) == Score(guesses=1, person_right=1, network_right=0)
    with closing(sqlite3.connect(config.data_dir / "misfit.db")) as connection:
        assert connection.execute("SELECT run_id, image_index FROM guess").fetchall() == [(runs[1].id, 5)]
