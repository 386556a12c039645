"""Annotations of images, over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.app_client import error_of

PATH = "/api/datasets/digits/test/annotations"


def change(client: FlaskClient, path: str = PATH, **body: object) -> Any:
    response = client.patch(path, json=body)
    assert response.status_code == 200, response.text
    return response.get_json()


def test_images_receive_flags_labels_and_notes(client: FlaskClient) -> None:
    assert client.get(PATH).get_json() == {"items": [], "total": 0}
    assert change(client, indices=[9, 4], flagged=True) == {
        "items": [
            {"index": 9, "flagged": True, "label": None, "note": ""},
            {"index": 4, "flagged": True, "label": None, "note": ""},
        ]
    }
    change(client, indices=[4], label=7, note="<b>seven</b>")
    change(client, indices=[9], flagged=False)
    four = {"index": 4, "flagged": True, "label": 7, "note": "<b>seven</b>"}
    assert client.get(PATH).get_json() == {"items": [four], "total": 1}
    assert change(client, indices=[4, 4]) == {"items": [four]}, "a request without changes returns the annotation"


def test_images_can_be_annotated_before_their_data_set_is_downloaded(client: FlaskClient) -> None:
    path = "/api/datasets/fashion_mnist/train/annotations"
    assert not any(
        item["available"] for item in client.get("/api/datasets").get_json()["items"] if item["name"] == "fashion_mnist"
    )
    change(client, path, indices=[59_999], label=9)
    assert client.get(path).get_json()["items"][0]["index"] == 59_999
    error = error_of(client.patch(path, json={"indices": [60_000], "label": 9}), 422)
    assert error["fields"] == {"indices": "must be a whole number from 0 to 59,999"}


def test_one_request_annotates_at_most_500_images(client: FlaskClient) -> None:
    path = PATH.replace("test", "train")
    assert len(change(client, path, indices=list(range(500)), flagged=True)["items"]) == 500
    assert client.get(path).get_json()["total"] == 500
    assert list(error_of(client.patch(path, json={"indices": list(range(501))}), 422)["fields"]) == ["indices"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/datasets/xor_gate/train/annotations",
        "/api/datasets/nothing/test/annotations",
        "/api/datasets/digits/validation/annotations",
    ],
)
def test_splits_without_images_have_no_annotations(empty_client: FlaskClient, path: str) -> None:
    error_of(empty_client.get(path), 404)
    error_of(empty_client.patch(path, json={"indices": [0], "flagged": True}), 404)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("{}", "indices"),
        ('{"indices": [0], "flag": true}', "flag"),
        ('{"indices": [' + "9" * 5000 + '], "flagged": true}', "indices"),
        ('{"indices": [NaN], "flagged": true}', "indices"),
        ('{"indices": [0], "label": 1e0}', "label"),
        ('{"indices": [0], "note": "\\ud800"}', "note"),
    ],
    ids=lambda text: text[:30],
)
def test_an_error_names_the_invalid_field(empty_client: FlaskClient, body: str, field: str) -> None:
    error = error_of(empty_client.patch(PATH, data=body, content_type="application/json"), 422)
    assert list(error["fields"]) == [field]
    assert empty_client.get(PATH).get_json()["total"] == 0


def test_other_parameters_bodies_and_methods_are_rejected(empty_client: FlaskClient) -> None:
    assert list(error_of(empty_client.get(f"{PATH}?limit=5"), 422)["fields"]) == ["limit"]
    error_of(empty_client.patch(PATH, data=b"[1]", content_type="application/json"), 400)
    error_of(empty_client.patch(PATH, data=b"{}", content_type="text/plain"), 415)
    error_of(empty_client.post(PATH, json={"indices": [0], "flagged": True}), 405)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
bodies = st.fixed_dictionaries(
    {"indices": st.lists(st.integers(0, 400), min_size=1, max_size=4) | json_values},
    optional={"flagged": json_values, "label": st.integers(-1, 10) | json_values, "note": json_values},
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies)
def test_no_json_causes_a_server_error(client: FlaskClient, body: Any) -> None:
    response = client.patch(PATH, data=json.dumps(body), content_type="application/json")
    assert response.status_code in {200, 400, 422}, response.text
