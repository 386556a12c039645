"""Responses while the database is locked or the disk is full."""

from __future__ import annotations

import errno
from typing import Any

import gevent
import pytest

from tests.support.app_client import RunClient, error_of
from tests.support.faults.store import full_disk, locked_database
from webapp.web.static_assets import StaticAssets

WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/api/runs", {"hyperparameters": {"epochs": 1}}),
    ("PATCH", "/api/runs/1", {"name": "another"}),
    ("PATCH", "/api/datasets/digits/test/annotations", {"indices": [0, 1], "flagged": True}),
    ("POST", "/api/runs/1/guesses", {"index": 0, "label": 3}),
    ("DELETE", "/api/runs/1/guesses", {}),
]
READS = [
    "/",
    "/runs",
    "/runs/1",
    "/runs/1/misclassified",
    "/api/runs",
    "/api/runs/1/epochs",
    "/api/runs/1/misclassified",
    "/api/runs/1/explanations/3",
    "/api/runs/1/misclassified.csv",
    "/api/runs/1/epochs.csv",
    "/api/datasets/digits/test/annotations",
]


def changed_state(trained: RunClient) -> list[Any]:
    """Return everything that WRITES would change."""
    paths = ["/api/runs", "/api/datasets/digits/test/annotations", "/api/runs/1/guesses"]
    return [trained.client.get(path).get_json() for path in paths]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_write_to_a_locked_database_is_answered_with_the_reason_and_changes_nothing(
    trained_copy: RunClient, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: dict[str, Any]
) -> None:
    monkeypatch.setattr("webapp.web.flask_app.SECONDS_TO_WAIT", 0.1)
    before = changed_state(trained_copy)
    with locked_database(trained_copy.config.data_dir):
        response = trained_copy.client.open(path, method=method, json=body)
        error = error_of(response, 503)
        assert error["code"] == "unavailable"
        assert error["message"].startswith("Another program has locked the database")
        assert int(response.headers["Retry-After"]) > 0
        assert changed_state(trained_copy) == before
    assert trained_copy.client.open(path, method=method, json=body).status_code < 300


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_write_waits_for_a_short_lock(
    trained_copy: RunClient, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: dict[str, Any]
) -> None:
    monkeypatch.setattr("webapp.web.flask_app.SECONDS_TO_WAIT", 60)
    lock = locked_database(trained_copy.config.data_dir)
    lock.__enter__()
    gevent.spawn_later(0.1, lock.__exit__, None, None, None)
    assert trained_copy.client.open(path, method=method, json=body).status_code < 300


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_write_to_a_full_disk_is_answered_with_the_remedy_and_changes_nothing(
    trained_copy: RunClient, method: str, path: str, body: dict[str, Any]
) -> None:
    trained_copy.client.post("/api/runs/1/guesses", json={"index": 1, "label": 2})
    before = changed_state(trained_copy)
    with full_disk():
        error = error_of(trained_copy.client.open(path, method=method, json=body), 507)
        assert error["code"] == "disk_full"
        folder = trained_copy.config.data_dir
        assert error["message"].startswith(f"The disk is full: Misfit cannot write to {folder}. Delete runs")
        assert changed_state(trained_copy) == before
    assert trained_copy.client.open(path, method=method, json=body).status_code < 300


@pytest.mark.parametrize("path", READS)
def test_reading_needs_neither_the_lock_nor_room(trained_copy: RunClient, path: str) -> None:
    with locked_database(trained_copy.config.data_dir), full_disk():
        assert trained_copy.client.get(path).status_code == 200


def test_a_static_file_is_sent_uncompressed_if_the_disk_is_full(trained_copy: RunClient) -> None:
    path, headers = "/static/x/js/core/api.js", {"Accept-Encoding": "gzip"}
    with full_disk(), trained_copy.client.get(path, headers=headers) as response:
        assert (response.status_code, response.headers.get("Content-Encoding")) == (200, None)
    with trained_copy.client.get(path, headers=headers) as response:
        assert response.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    ("number", "status", "message"),
    [
        (errno.ENOSPC, 507, "The disk is full"),
        (errno.EDQUOT, 507, "The disk is full"),
        (errno.EFBIG, 507, "The disk is full"),
        (errno.EMFILE, 503, "too many open files"),
    ],
)
def test_an_error_of_the_system_is_explained(
    trained_copy: RunClient, monkeypatch: pytest.MonkeyPatch, number: int, status: int, message: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, "failed", "/data/cache/x")

    monkeypatch.setattr(StaticAssets, "find", fail)
    assert message in error_of(trained_copy.client.get("/static/x/js/core/api.js"), status)["message"]
