"""Runs over HTTP: their life cycle, and the results of a trained run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from nn.datasets import load_dataset
from nn.hyperparameters.schema import Hyperparameters
from nn.storage.checkpoint import load_checkpoint
from tests.support.app_client import EPOCHS, LONG, RunClient, error_of, store_long_run
from webapp.config import Config

EPOCH_RESULT = [
    "epoch",
    "train_cost",
    "train_accuracy",
    "validation_cost",
    "validation_accuracy",
    "test_cost",
    "test_accuracy",
    "learning_rate",
    "gradient_evaluations",
    "elapsed_seconds",
    "images_per_second",
]


def test_a_run_can_be_created_listed_changed_stopped_and_deleted(client: FlaskClient) -> None:
    created = client.post("/api/runs", json={"name": "First", "hyperparameters": {"epochs": 2}})
    assert created.status_code == 201
    run = created.get_json()
    assert (run["name"], run["status"], run["epochs_completed"], run["error"]) == ("First", "queued", 0, None)
    assert run["hyperparameters"]["epochs"] == 2

    address = f"/api/runs/{run['id']}"
    assert client.get(address).get_json() == run
    assert client.get("/api/runs").get_json() == {"items": [run], "total": 1}

    changed = client.patch(address, json={"name": "<script>alert(1)</script>", "notes": "one\ntwo"}).get_json()
    assert (changed["name"], changed["notes"]) == ("<script>alert(1)</script>", "one\ntwo")
    assert client.patch(address, json={}).get_json() == changed

    error_of(client.delete(address), 409)
    assert client.post(f"{address}/stop").get_json()["status"] == "stopped"
    assert client.delete(address).status_code == 204
    error_of(client.get(address), 404)


def test_every_field_of_a_new_run_is_optional(client: FlaskClient) -> None:
    assert client.post("/api/runs", json={}).status_code == 201
    assert client.post("/api/runs", json={"preset": "digits_quick"}).get_json()["preset"] == "digits_quick"


def test_the_body_of_a_new_run_is_optional(client: FlaskClient) -> None:
    created = client.post("/api/runs")
    assert created.status_code == 201
    assert created.get_json()["hyperparameters"] == Hyperparameters().model_dump(mode="json")


@pytest.mark.parametrize("action", ["stop", "pause", "resume"])
def test_an_action_that_the_status_does_not_allow_is_a_conflict(trained: RunClient, action: str) -> None:
    assert error_of(trained.client.post(f"{trained.path}/{action}"), 409)["code"] == "conflict"


def test_runs_are_listed_in_pages(client: FlaskClient) -> None:
    ids = [client.post("/api/runs", json={}).get_json()["id"] for _ in range(3)]
    page = client.get("/api/runs?offset=1&limit=1").get_json()
    assert ([run["id"] for run in page["items"]], page["total"]) == ([ids[1]], 3)


def test_epochs_can_be_listed_after_a_given_epoch(trained: RunClient) -> None:
    everything = trained.get("/epochs")
    assert everything["total"] == EPOCHS
    assert [epoch["epoch"] for epoch in everything["items"]] == [1, 2, 3]
    assert list(everything["items"][0]) == [*EPOCH_RESULT, "non_finite"]
    assert trained.get("")["metrics"] == everything["items"][-1]
    assert trained.get("/epochs?after=1")["items"] == everything["items"][1:]
    assert trained.get(f"/epochs?after={2**63 - 1}") == {"items": [], "total": 0}


def test_the_csv_file_of_epochs_has_the_same_metrics(trained: RunClient) -> None:
    response = trained.client.get(f"{trained.path}/epochs.csv")
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="misfit-run-{trained.run_id}.csv"'
    rows = list(csv.DictReader(io.StringIO(response.text)))
    stored = trained.get("/epochs")["items"]
    assert [list(row) for row in rows] == [EPOCH_RESULT] * EPOCHS
    assert [{name: float(row[name]) for name in EPOCH_RESULT} for row in rows] == [
        {name: epoch[name] for name in EPOCH_RESULT} for epoch in stored
    ]


def test_misclassified_images_agree_with_labels_matrix_and_accuracy(trained: RunClient) -> None:
    matrix = trained.get("/confusion_matrix")
    misclassified = trained.get("/misclassified?limit=500")
    folders: Any = {"datasets_dir": trained.config.datasets_dir, "cache_dir": trained.config.cache_dir}
    labels = load_dataset("digits", **folders).test.labels

    counts = np.array(matrix["matrix"])
    assert matrix["labels"] == [str(digit) for digit in range(10)]
    assert counts.sum(axis=1).tolist() == np.bincount(labels, minlength=10).tolist()
    assert misclassified["total"] == len(misclassified["items"]) == counts.sum() - np.trace(counts) > 0
    assert misclassified["epoch"] == matrix["epoch"] == EPOCHS
    assert 1 - misclassified["total"] / len(labels) == pytest.approx(trained.get("")["metrics"]["test_accuracy"])
    for item in misclassified["items"]:
        assert item["true_label"] == labels[item["index"]] != item["predicted_label"]
        assert item["confidence"] == max(item["probabilities"])
        assert sum(item["probabilities"]) == pytest.approx(1, abs=0.01)
        assert item["margin"] == pytest.approx(item["confidence"] - item["probabilities"][item["true_label"]], abs=1e-5)


@pytest.mark.parametrize("key", ["confidence", "loss", "margin", "index"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_misclassified_images_are_sorted_and_paged(trained: RunClient, key: str, order: str) -> None:
    whole = trained.get(f"/misclassified?sort={key}&order={order}&limit=500")["items"]
    values = [item[key] for item in whole]
    assert values == sorted(values, reverse=order == "desc")
    page = trained.get(f"/misclassified?sort={key}&order={order}&offset=2&limit=3")["items"]
    assert page == whole[2:5]


def test_by_default_the_images_with_the_highest_confidence_come_first(trained: RunClient) -> None:
    assert trained.get("/misclassified") == trained.get("/misclassified?sort=confidence&order=desc&limit=50&offset=0")
    assert trained.get("/misclassified?true=&predicted=&epoch=") == trained.get("/misclassified")


def test_a_cell_of_the_matrix_counts_the_images_of_its_list(trained: RunClient) -> None:
    matrix = np.array(trained.get("/confusion_matrix?epoch=1")["matrix"])
    np.fill_diagonal(matrix, 0)
    true, predicted = (int(position) for position in np.unravel_index(matrix.argmax(), matrix.shape))
    cell = trained.get(f"/misclassified?epoch=1&true={true}&predicted={predicted}")
    assert cell["total"] == matrix[true, predicted] > 0
    assert {(item["true_label"], item["predicted_label"]) for item in cell["items"]} == {(true, predicted)}
    assert trained.get(f"/misclassified?epoch=1&true={true}")["total"] == matrix[true].sum()


def test_each_image_has_a_prediction_after_each_epoch(trained: RunClient) -> None:
    misclassified = trained.get("/misclassified?epoch=1")["items"][0]
    assert trained.get(f"/predictions/{misclassified['index']}?epoch=1") == {
        "epoch": 1,
        "images_match": True,
        **misclassified,
    }
    correct = next(index for index in range(359) if not is_misclassified(trained, index))
    assert trained.get(f"/predictions/{correct}")["epoch"] == EPOCHS
    error_of(trained.client.get(f"{trained.path}/predictions/359"), 404)


def is_misclassified(trained: RunClient, index: int) -> bool:
    item = trained.get(f"/predictions/{index}")
    return bool(item["true_label"] != item["predicted_label"])


@pytest.mark.parametrize("part", ["misclassified", "confusion_matrix", "predictions/0"])
def test_a_missing_epoch_is_not_found(trained: RunClient, part: str) -> None:
    assert str(EPOCHS) in error_of(trained.client.get(f"{trained.path}/{part}?epoch={EPOCHS + 1}"), 404)["message"]


@pytest.mark.parametrize(
    "part",
    ["misclassified", "confusion_matrix", "predictions/0", "first_layer_weights.png", "checkpoint.npz"],
)
def test_a_run_without_epochs_has_no_results(client: FlaskClient, part: str) -> None:
    run = client.post("/api/runs", json={}).get_json()
    error_of(client.get(f"/api/runs/{run['id']}/{part}"), 404)


@pytest.mark.parametrize("which", ["last", "best"])
def test_a_checkpoint_can_be_downloaded(trained: RunClient, config: Config, which: str) -> None:
    name = f"misfit-run-{trained.run_id}-{which}.npz"
    path = config.data_dir / name
    with trained.client.get(f"{trained.path}/checkpoint.npz?which={which}") as response:
        assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert response.content_length == len(response.data)
        path.write_bytes(response.data)
    run = trained.get("")
    assert load_checkpoint(path).epoch == (EPOCHS if which == "last" else run["best_epoch"])


def test_first_layer_weights_are_drawn_on_one_scale(trained: RunClient) -> None:
    response = trained.client.get(f"{trained.path}/first_layer_weights.png")
    sheet = Image.open(io.BytesIO(response.data))
    assert sheet.size == (4 * 9 - 1, 3 * 9 - 1)  # 12 units of 8×8 pixels with a line between them
    unit = Image.open(io.BytesIO(trained.client.get(f"{trained.path}/first_layer_weights.png?unit=5").data))
    assert unit.size == (8, 8)
    assert np.array_equal(np.asarray(unit), np.asarray(sheet)[9:17, 9:17, :3])  # row 1, column 1

    again = trained.client.get(
        f"{trained.path}/first_layer_weights.png", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304
    assert error_of(trained.client.get(f"{trained.path}/first_layer_weights.png?unit=12"), 422)["fields"] == {
        "unit": "must be less than 12"
    }


def test_the_fields_of_the_form_describe_the_hyperparameters(client: FlaskClient) -> None:
    form = client.get("/api/hyperparameters").get_json()
    fields = {field["name"]: field for field in form["fields"]}
    groups = [group["name"] for group in form["groups"]]
    assert groups == ["data", "network", "training", "regularization"]
    assert fields["learning_rate"] == {
        "name": "learning_rate",
        "label": "Learning rate",
        "help": fields["learning_rate"]["help"],
        "glossary_term": {"name": "learning rate", "address": "/glossary#learning-rate"},
        "unit": "",
        "group": "training",
        "type": "number",
        "default": 0.003,
        "choices": None,
        "choice_names": {},
        "minimum": None,
        "exclusive_minimum": 0,
        "maximum": 1e9,
        "exclusive_maximum": None,
        "applies_when": {"optimizer": ["adam", "sgd", "rmsprop"]},
        "advanced": False,
    }
    kinds = {name: fields[name]["type"] for name in ("hidden_sizes", "seed", "nesterov", "activation")}
    assert kinds == {"hidden_sizes": "sizes", "seed": "integer", "nesterov": "boolean", "activation": "choice"}
    assert all(field["group"] in groups and field["help"] for field in form["fields"])
    defaults = {name: field["default"] for name, field in fields.items()}
    assert client.post("/api/runs", json={"hyperparameters": defaults}).status_code == 201


def test_each_preset_creates_a_run_with_its_hyperparameters(client: FlaskClient) -> None:
    presets = client.get("/api/presets").get_json()
    assert presets["total"] == len(presets["items"]) > 2
    for preset in presets["items"]:
        names = ["checked", "group", "hyperparameters", "id", "note", "published", "reached", "source", "title"]
        assert sorted(preset) == names
        run = client.post("/api/runs", json={"preset": preset["id"]}).get_json()
        assert run["hyperparameters"] == preset["hyperparameters"]


def test_a_csv_file_says_that_its_run_was_deleted_during_the_export(config: Config) -> None:
    store_long_run(config.data_dir)
    with RunClient(config) as stored:
        parts: Iterator[Any] = iter(stored.client.get(f"{stored.path}/epochs.csv", buffered=False).response)
        written = [next(parts), next(parts)]
        assert stored.client.delete(stored.path).status_code == 204
        lines = b"".join([*written, *parts]).decode().splitlines()
    assert len(lines) < LONG
    assert lines[-1] == "Run 1 was deleted during the export. Its later epochs are missing."
