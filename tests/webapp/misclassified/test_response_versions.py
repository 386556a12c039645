"""Responses about completed epochs: browsers cache them until something changes that they depend on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tests.support.app_client import Trained
from tests.support.run_engine import make_config

CACHED = "private, max-age=31536000, immutable"
RESPONSES = ["misclassified", "predictions/7", "confusion_matrix", "calibration", "histories", "explanations/7"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    with Trained(make_config(tmp_path_factory.mktemp("versions")), epochs=2, hidden_sizes=[8]) as trained:
        yield trained


def get(run: Trained, path: str) -> TestResponse:
    response = run.client.get(f"{run.path}/{path}")
    assert response.status_code == 200, response.text
    return response


def version_of(run: Trained) -> str:
    version = get(run, "confusion_matrix").get_etag()[0]
    assert version
    return version


@pytest.mark.parametrize("path", RESPONSES)
def test_the_browser_caches_a_response_whose_address_names_its_epoch_and_version(run: Trained, path: str) -> None:
    version = version_of(run)
    cached = get(run, f"{path}?epoch=1&v={version}")
    assert cached.headers["Cache-Control"] == CACHED
    for query in ("", "?epoch=1", f"?v={version}", "?epoch=1&v=", "?epoch=1&v=0123456789ab", f"?epoch=&v={version}"):
        other = get(run, path + query)
        assert other.headers["Cache-Control"] == "no-store", query
        assert other.get_etag() == (version, False), query
    assert get(run, f"{path}?epoch=1").get_json() == cached.get_json()


@pytest.mark.parametrize("path", ["epochs", "histories/7", "misclassified?sort=change", "explanations/7/examples"])
def test_the_browser_does_not_cache_a_response_that_may_change(run: Trained, path: str) -> None:
    parameters = f"epoch=1&v={version_of(run)}" if "?" in path or "examples" in path else ""
    separator = "&" if "?" in path else "?"
    assert get(run, f"{path}{separator}{parameters}").headers["Cache-Control"] == "no-store"


def test_an_annotation_changes_the_version_until_it_is_removed(run: Trained) -> None:
    address = f"/api/datasets/{run.services.runs.get(run.run_id).dataset}/test/annotations"
    before = version_of(run)
    assert run.client.patch(address, json={"indices": [3], "flagged": True}).status_code == 200
    flagged = version_of(run)
    assert flagged != before
    assert get(run, f"misclassified?epoch=1&v={before}").headers["Cache-Control"] == "no-store"
    assert run.client.patch(address, json={"indices": [3], "note": "unclear"}).status_code == 200
    assert version_of(run) not in {before, flagged}
    assert run.client.patch(address, json={"indices": [3], "flagged": False, "note": ""}).status_code == 200
    assert version_of(run) == before


def test_known_counterfactual_sizes_change_the_version(run: Trained) -> None:
    before = version_of(run)
    get(run, "misclassified?sort=change&epoch=2")
    assert version_of(run) != before


def test_another_run_with_the_same_id_has_another_version(run: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    record = run.services.runs.get(run.run_id)
    before = version_of(run)
    later = replace(record, created_at=record.created_at + timedelta(microseconds=1))
    monkeypatch.setattr(run.services.runs, "get", lambda _id: later)
    assert version_of(run) != before


def test_changed_code_has_another_version(run: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_of(run)
    monkeypatch.setattr("webapp.web.response_versions._code_version", lambda: "changed")
    assert version_of(run) != before
