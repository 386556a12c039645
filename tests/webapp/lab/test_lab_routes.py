"""The addresses of the lab: bugs, experiments and guesses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nn.lab.bugs import BUGS
from tests.test_wire import strict_validator
from webapp.app import App
from webapp.lab import service
from webapp.web.wire import API

QUICK = {"epochs": 1}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
ANY_BUG = st.sampled_from(list(BUGS)) | ANY
ANY_REQUEST = st.fixed_dictionaries(
    {
        "hyperparameters": st.fixed_dictionaries(
            {"dataset": st.just("or_gate"), "epochs": st.just(1)},
            optional={
                "activation": st.sampled_from(["relu", "tanh", "sigmoid", "linear"]),
                "hidden_sizes": st.lists(st.integers(-1, 70), max_size=7) | ANY,
                "learning_rate": st.floats(),
                "l1": st.floats(0, 1e6),
                "loss": st.sampled_from(["quadratic", "mean_squared_error", "softmax_cross_entropy"]) | ANY,
                "initializer": st.sampled_from(["normal", "he"]),
                "initializer_scale": st.floats(-1, 3),
            },
        )
    },
    optional={
        "bug": ANY_BUG,
        "bugs": st.lists(ANY_BUG | st.fixed_dictionaries({"bug": ANY_BUG, "layer": ANY}), max_size=5) | ANY,
        "layer": st.integers(-1, 8) | ANY,
        "seed": st.integers(0, 9) | ANY,
        "hidden": st.booleans() | ANY,
    },
)


@pytest.fixture
def client(empty_app: App) -> FlaskClient:
    return empty_app.flask_app.test_client()


def get(client: FlaskClient, path: str) -> Any:
    response = client.get(f"/api/lab/{path}")
    assert response.status_code == 200, response.json
    return response.json


def post(client: FlaskClient, path: str, status: int = 200, **body: Any) -> Any:
    response = client.post(f"/api/lab/{path}", json=body)
    assert response.status_code == status, response.json
    return response.json


def create(client: FlaskClient, **body: Any) -> Any:
    return post(client, "runs", 201, **{"hyperparameters": QUICK, **body})


def test_the_bugs_are_listed_in_teaching_order(client: FlaskClient) -> None:
    response = get(client, "bugs")
    assert response["total"] == len(response["items"]) == len(BUGS)
    assert [item["order"] for item in response["items"]] == list(range(1, len(BUGS) + 1))
    assert [item["id"] for item in response["items"]] == list(BUGS)
    validator = strict_validator(API["LabBug"])
    for item in response["items"]:
        validator.validate_json(json.dumps(item), strict=True)
        assert item["visible"] == (item["kind"] is not None)


def test_an_experiment_has_curves_checks_and_a_match(client: FlaskClient) -> None:
    run = create(client, bug="B12", layer=2)
    strict_validator(API["LabRun"]).validate_json(json.dumps(run), strict=True)
    assert run["bugs"] == [{"bug": "B12", "layer": 2}]
    assert (run["first_disagreement"]["layer"], run["first_disagreement"]["kind"]) == (2, "weights")
    assert [(match["bug"], match["layer"]) for match in run["match"]] == [("B12", 2)]
    assert [(each["layer"], each["kind"]) for each in run["gradient_check"]] == [
        (layer, kind) for layer in (3, 2, 1) for kind in ("weights", "biases")
    ]
    assert run["right"]["train_cost"][0] == run["wrong"]["train_cost"][0]
    assert get(client, f"runs/{run['id']}") == run


def test_a_cost_that_is_not_finite_is_null(client: FlaskClient) -> None:
    run = create(client, bug="B15")
    assert run["wrong"]["train_cost"][-1] is None
    assert run["right"]["train_cost"][-1] is not None
    assert [test["name"] for test in run["tests"] if test["verdict"] == "failed"] == ["extreme_logits"]


def test_two_bugs_in_chosen_layers(client: FlaskClient) -> None:
    values = {**QUICK, "hidden_sizes": [10, 10, 10]}
    run = create(client, bugs=[{"bug": "B03", "layer": 2}, {"bug": "B08", "layer": 3}], hyperparameters=values)
    assert (run["first_disagreement"]["layer"], run["first_disagreement"]["kind"]) == (3, "biases")
    assert create(client, bugs=["B19", "B26"])["bugs"] == [{"bug": "B19", "layer": None}, {"bug": "B26", "layer": None}]


def test_the_seed_is_short_for_the_hyperparameter(client: FlaskClient) -> None:
    first, second = create(client, bug="B01", seed=5), create(client, bug="B01", hyperparameters={**QUICK, "seed": 5})
    assert first["hyperparameters"]["seed"] == 5
    assert first["wrong"] == second["wrong"]


def test_a_hidden_run_does_not_contain_its_bug_until_a_guess(client: FlaskClient) -> None:
    run = create(client, bug="B03", layer=1, hidden=True)
    address = f"runs/{run['id']}"
    assert (run["bugs"], run["match"], run["guessed"]) == (None, None, False)
    assert {test["verdict"] for test in run["tests"]} == {None}
    assert not any(test["bugs"] for test in run["tests"])
    assert "B03" not in json.dumps(get(client, address))

    guess = post(client, f"{address}/guess", bug="B12", layer=2)
    strict_validator(API["LabGuess"]).validate_json(json.dumps(guess), strict=True)
    assert (guess["correct"], guess["layer_correct"], guess["counted"]) == (False, None, True)
    assert guess["bugs"] == [{"bug": "B03", "layer": 1}]
    assert "B03, hidden error without the slope in layer 1" in guess["explanation"]

    again = post(client, f"{address}/guess", bug="B03", layer=2)
    assert (again["correct"], again["layer_correct"], again["counted"]) == (True, False, False)
    assert post(client, f"{address}/guess", bug="B03", layer=1)["layer_correct"] is True
    opened = get(client, address)
    assert (opened["bugs"], opened["guessed"]) == ([{"bug": "B03", "layer": 1}], True)
    assert [match["bug"] for match in opened["match"]] == ["B03"]


def test_the_server_chooses_a_bug_that_the_hyperparameters_can_show(client: FlaskClient) -> None:
    values = {**QUICK, "dataset": "xor_gate", "activation": "tanh"}
    for _ in range(3):
        run = create(client, hidden=True, hyperparameters=values)
        guess = post(client, f"runs/{run['id']}/guess", bug="B01")
        assert guess["bugs"][0]["bug"] in BUGS
        assert guess["correct"] == (guess["bugs"][0]["bug"] == "B01")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "bug"),
        ({"bug": "B99"}, "bug"),
        ({"bug": None}, "bug"),
        ({"bug": ["B01"]}, "bug"),
        ({"bug": "B03", "bugs": ["B12"]}, "bug"),
        ({"bugs": []}, "bugs"),
        ({"bugs": "B01"}, "bugs"),
        ({"bugs": ["B01"] * 5}, "bugs"),
        ({"bugs": [{"bug": "B01", "color": 1}]}, "bugs"),
        ({"bugs": [{"layer": 1}]}, "bugs"),
        ({"bugs": [[]]}, "bugs"),
        ({"bugs": ["B03"], "layer": 1}, "layer"),
        ({"bug": "B03", "layer": 9}, "layer"),
        ({"bug": "B03", "layer": "1"}, "layer"),
        ({"bug": "B03", "layer": True}, "layer"),
        ({"bug": "B03", "layer": 0}, "layer"),
        ({"bug": "B01", "layer": 1}, "layer"),
        ({"bug": "B01", "hidden": 1}, "hidden"),
        ({"bug": "B01", "hyperparameters": []}, "hyperparameters"),
        ({"bug": "B01", "hyperparameters": None}, "hyperparameters"),
        ({"bug": "B01", "hyperparameters": {"epochs": 1000}}, "epochs"),
        ({"bug": "B01", "hyperparameters": {"hidden_sizes": [100]}}, "hidden_sizes"),
        ({"bug": "B01", "hyperparameters": {"dataset": ["digits"]}}, "dataset"),
        ({"bug": "B01", "hyperparameters": {"colour": 1}}, "colour"),
        ({"bug": "B13", "hyperparameters": {"activation": "tanh"}}, "activation"),
        ({"bug": "B01", "seed": -1}, "seed"),
        ({"bug": "B01", "seed": "x"}, "seed"),
        ({"bug": "B01", "color": 1}, "color"),
        ({"hidden": True, "hyperparameters": {"optimizer": "adam"}}, "optimizer"),
    ],
)
def test_wrong_requests_name_the_field(client: FlaskClient, body: dict[str, Any], field: str) -> None:
    assert field in post(client, "runs", 422, **body)["error"]["fields"]


@pytest.mark.parametrize("body", [{}, {"bug": 1}, {"bug": "B01", "layer": "2"}, {"bug": "B01", "other": 1}])
def test_a_wrong_guess_request_is_not_a_guess(client: FlaskClient, body: dict[str, Any]) -> None:
    run = create(client, bug="B01", hidden=True)
    post(client, f"runs/{run['id']}/guess", 422, **body)
    assert get(client, f"runs/{run['id']}")["guessed"] is False


def test_only_the_last_experiments_are_stored(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_RUNS", 2)
    first, second, third = (
        create(client, bug="B01", hyperparameters={**QUICK, "dataset": "or_gate"}) for _ in range(3)
    )
    error = post(client, f"runs/{first['id']}/guess", 404, bug="B01")["error"]
    assert "Run the experiment again" in error["message"]
    assert client.get(f"/api/lab/runs/{first['id']}").status_code == 404
    assert client.get(f"/api/lab/runs/{second['id']}").status_code == 200
    assert client.get(f"/api/lab/runs/{third['id']}").status_code == 200


@pytest.mark.parametrize("path", ["/api/lab/runs/unknown", "/api/lab/runs/%00", "/api/lab/runs/" + "x" * 300])
def test_an_unknown_experiment_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_REQUEST)
def test_no_request_causes_a_server_error(client: FlaskClient, body: Any) -> None:
    response = client.post("/api/lab/runs", data=json.dumps(body), content_type="application/json")
    assert response.status_code in {201, 400, 422}, response.text
