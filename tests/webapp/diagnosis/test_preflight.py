"""Examination of configurations over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn.hyperparameters.schema import Hyperparameters
from nn.training.memory_estimate import estimate_memory
from tests.support.app_client import error_of
from tests.support.server_process import ServerProcess

PREFLIGHT = "/api/preflight"
EXTREMES = st.sampled_from([1e-30, 1e-3, 1.0, 100.0])


def examined(client: FlaskClient, **body: Any) -> dict[str, Any]:
    response = client.post(PREFLIGHT, json=body)
    assert response.status_code == 200, response.text
    return dict(response.get_json())


def test_a_usual_configuration_has_no_finding(empty_client: FlaskClient) -> None:
    found = examined(empty_client, hyperparameters={"hidden_sizes": "64;32", "optimizer": "sgd", "learning_rate": 0.1})
    memory = estimate_memory(Hyperparameters(hidden_sizes=(64, 32), optimizer="sgd"))
    assert found["findings"] == found["notes"] == []
    assert found["first_cost"] == pytest.approx(found["expected_first_cost"], rel=0.3)
    assert found["expected_first_cost"] == pytest.approx(2.3026, abs=1e-3)
    assert 0 < found["step_length"] < found["step_limit"] == 2
    assert [layer["n_units"] for layer in found["layers"]] == [64, 32, 10]
    assert all(layer["gradient_norm"] > 0 for layer in found["layers"])
    assert found["parameter_count"] == memory.parameter_count
    assert found["bytes"] == memory.total_bytes
    assert found["seconds_per_epoch"] > 0
    assert found["n_examples"] == 162  # an eighth of the training examples, as in the telemetry
    assert found["n_curvature_examples"] == 1000


def test_a_preset_counts(empty_client: FlaskClient) -> None:
    found = examined(empty_client, preset="all_the_same")
    (finding,) = found["findings"]
    assert finding["code"] == "identical_units"
    assert finding["known_by"] == "exact"
    (note,) = found["notes"]
    assert note["field"] == "initializer"
    assert note["remedy"]["changes"] == {"initializer": "he", "initializer_scale": 1.0}
    remedied = examined(empty_client, preset="all_the_same", hyperparameters=note["remedy"]["changes"])
    assert remedied["findings"] == remedied["notes"] == []


def test_a_line_search_has_no_step_length(empty_client: FlaskClient) -> None:
    found = examined(empty_client, hyperparameters={"optimizer": "lbfgs", "batching": "full_batch"})
    assert found["step_length"] is found["step_limit"] is None


@pytest.mark.parametrize(
    "values",
    [
        {"epochs": "1.000"},
        {"batch_size": 5000},
        {"hidden_sizes": [10_000] * 8},
        {"optimizer": "lbfgs"},
        {"dataset": "x"},
    ],
)
def test_invalid_values_have_the_messages_of_a_run(empty_client: FlaskClient, values: dict[str, Any]) -> None:
    bodies = {"hyperparameters": values}
    error = error_of(empty_client.post("/api/runs", json=bodies), 422)
    assert error_of(empty_client.post(PREFLIGHT, json=bodies), 422) == error


@pytest.mark.parametrize("body", [{"preset": "none"}, {"hyperparameters": [1]}, {"name": "x"}])
def test_other_bodies_are_rejected(empty_client: FlaskClient, body: dict[str, Any]) -> None:
    error_of(empty_client.post(PREFLIGHT, json=body), 422)


def test_a_data_set_that_is_not_downloaded_is_a_conflict_and_starts_no_download(empty_client: FlaskClient) -> None:
    error = error_of(empty_client.post(PREFLIGHT, json={"hyperparameters": {"dataset": "mnist"}}), 409)
    assert error["message"] == "MNIST has not been downloaded yet. The first run with it downloads it."
    items = empty_client.get("/api/datasets").get_json()["items"]
    assert next(item for item in items if item["name"] == "mnist")["fetch"] is None


def test_an_examination_creates_no_run(client: FlaskClient) -> None:
    examined(client)
    assert client.get("/api/runs").get_json()["total"] == 0


def test_a_change_of_the_learning_rate_changes_only_the_step(empty_client: FlaskClient) -> None:
    """Measurements that a new value cannot change come from a cache."""
    values = {"optimizer": "sgd", "learning_rate": 0.1, "seed": 3}
    first = examined(empty_client, hyperparameters=values)
    second = examined(empty_client, hyperparameters={**values, "learning_rate": 0.2, "momentum": 0.5, "epochs": 7})
    assert second["step_length"] == pytest.approx(2 * first["step_length"])
    assert second["step_limit"] == 3
    assert second["layers"] == first["layers"]
    for change in ({"seed": 4}, {"l2": 1.0}, {"activation": "tanh"}, {"validation_fraction": 0.3}):
        assert examined(empty_client, hyperparameters={**values, **change})["layers"] != first["layers"]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.fixed_dictionaries(
        {
            "hidden_sizes": st.lists(st.sampled_from([1, 3, 40]), max_size=8),
            "activation": st.sampled_from(["relu", "leaky_relu", "tanh", "sigmoid", "linear"]),
            "loss": st.sampled_from(["softmax_cross_entropy", "binary_cross_entropy", "quadratic", "squared_error"]),
            "output_activation": st.sampled_from(["sigmoid", "tanh", "linear"]),
            "reduction": st.sampled_from(["mean", "sum"]),
            "initializer": st.sampled_from(["he", "normal", "constant"]),
            "bias_initializer": st.sampled_from(["zeros", "normal", "constant"]),
            "initializer_scale": EXTREMES | st.just(0.0),
            "input_scaling": st.sampled_from(["none", "standardize"]),
            "learning_rate": EXTREMES | st.just(1e9),
            "optimizer": st.sampled_from(["sgd", "adam", "rmsprop"]),
            "l2": st.sampled_from([0.0, 1e6]),
            "use_bias": st.booleans(),
            "dtype": st.sampled_from(["float32", "float64"]),
            "batch_size": st.sampled_from([1, 32, 900]),
            "validation_fraction": st.sampled_from([0.0, 0.1]),
        }
    )
)
def test_no_valid_configuration_causes_an_error(empty_client: FlaskClient, values: dict[str, Any]) -> None:
    """Overflows and weights of 0 included."""
    found = examined(empty_client, hyperparameters={"images_per_class": 100, **values})
    assert found["first_cost"] is None or found["first_cost"] >= 0


@pytest.mark.parametrize("dataset", ["or_gate", "xor_gate", "squares", "random_regression", "digits_in_order"])
def test_every_small_data_set_can_be_examined(empty_client: FlaskClient, dataset: str) -> None:
    regression = dataset in {"squares", "random_regression"}
    loss = {"loss": "quadratic", "output_activation": "linear" if regression else "sigmoid"}
    found = examined(empty_client, hyperparameters={"dataset": dataset, **loss, "batching": "full_batch"})
    assert found["n_examples"] > 0


def test_concurrent_requests_are_answered_while_the_server_remains_responsive(shared_server: ServerProcess) -> None:
    def examine(seed: int) -> int:
        body = {"hyperparameters": {"seed": seed, "hidden_sizes": [300, 300]}}
        return shared_server.request("POST", PREFLIGHT, body)[0]

    with ThreadPoolExecutor(30) as threads:
        pending = [threads.submit(examine, seed) for seed in range(30)]
        assert shared_server.get("/api/presets")["total"] > 5
        statuses = [each.result() for each in pending]
    assert set(statuses) <= {200, 409}
    assert statuses.count(200) >= 2
