"""Validation of the form's values while a person types, and the estimate of what a run would need."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from nn.hyperparameters.schema import Hyperparameters
from nn.training.memory_estimate import estimate_memory
from tests.support.app_client import error_of

CHECK = "/api/hyperparameters/check"


def checked(client: FlaskClient, **body: Any) -> dict[str, Any]:
    response = client.post(CHECK, json=body)
    assert response.status_code == 200
    return dict(response.get_json())


def test_valid_values_have_an_estimate(empty_client: FlaskClient) -> None:
    result = checked(empty_client, hyperparameters={"hidden_sizes": "64;32"})
    memory = estimate_memory(Hyperparameters(hidden_sizes=(64, 32)))
    assert result["fields"] == {}
    assert result["estimate"]["parameter_count"] == memory.parameter_count
    assert result["estimate"]["bytes"] == memory.total_bytes
    assert result["estimate"]["available_bytes"] > 0
    assert result["estimate"]["seconds_per_epoch"] > 0


@pytest.mark.parametrize(
    "values",
    [
        {"epochs": "1.000"},
        {"batch_size": 5000},
        {"hidden_sizes": [1_000_000]},
        {"hidden_sizes": [10_000] * 8},
        {"images_per_class": 4, "batch_size": 9},
        {"optimizer": "lbfgs"},
        {"epochs": 10**20, "l2": -1},
    ],
)
def test_invalid_values_have_the_messages_of_a_run(empty_client: FlaskClient, values: dict[str, Any]) -> None:
    error = error_of(empty_client.post("/api/runs", json={"hyperparameters": values}), 422)
    assert checked(empty_client, hyperparameters=values) == {"fields": error["fields"], "estimate": None}


def test_the_preset_counts(empty_client: FlaskClient) -> None:
    result = checked(empty_client, preset="nielsen_chapter_1", hyperparameters={})
    assert result["estimate"]["parameter_count"] == 784 * 30 + 30 + 30 * 10 + 10
    assert "preset" in checked(empty_client, preset="none")["fields"]


def test_a_check_creates_no_run(client: FlaskClient) -> None:
    checked(client, hyperparameters={})
    assert client.get("/api/runs").get_json()["total"] == 0


def test_other_members_are_rejected(empty_client: FlaskClient) -> None:
    assert "name" in error_of(empty_client.post(CHECK, json={"name": "x"}), 422)["fields"]
