"""Random input never causes a server error."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.app_client import RunClient

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(["name", "preset", "hyperparameters", "notes"]) | st.text(max_size=5)
fields = st.sampled_from(["epochs", "learning_rate", "hidden_sizes", "dataset", "seed", "nesterov"]) | st.text(
    max_size=5
)
parts = st.one_of(json_values, st.dictionaries(fields, json_values, max_size=3))
fuzz = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@fuzz
@given(st.one_of(json_values, st.dictionaries(names, parts, max_size=3)))
def test_no_json_causes_a_server_error(client: FlaskClient, value: Any) -> None:
    body = json.dumps(value)
    for method, path in (("POST", "/api/runs"), ("PATCH", "/api/runs/1")):
        response = client.open(path, method=method, data=body, content_type="application/json")
        assert response.status_code in {200, 201, 400, 404, 409, 422}, response.text


@fuzz
@given(st.binary(max_size=40))
def test_no_bytes_cause_a_server_error(client: FlaskClient, body: bytes) -> None:
    response = client.post("/api/runs", data=body, content_type="application/json")
    assert response.status_code in {201, 400, 422}


@fuzz
@given(
    path=st.sampled_from(["/api/runs", "{run}/epochs", "{run}/misclassified", "/api/datasets/digits/test"])
    | st.text(max_size=8).map(lambda text: f"/api/runs/{quote(text)}")
    # With a slash in `text`, the test client would take `name` in //name for a host.
    | st.text(max_size=8).map(lambda text: f"/{quote(text, safe='')}"),
    query=st.dictionaries(
        st.sampled_from(
            ["offset", "limit", "epoch", "after", "true", "predicted", "query", "sort", "order", "utc_offset", "label"]
        ),
        st.text(max_size=6) | st.integers().map(str),
        max_size=3,
    ),
)
def test_no_url_causes_a_server_error(trained: RunClient, path: str, query: dict[str, str]) -> None:
    response = trained.client.get(path.replace("{run}", trained.path), query_string=query)
    assert response.status_code in {200, 302, 308, 404, 422}, response.text
