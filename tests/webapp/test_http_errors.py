"""Errors: each keeps its HTTP status, has a stable code, and uses the same JSON shape."""

from __future__ import annotations

import errno

import pytest
from flask import abort
from flask.testing import FlaskClient

from nn.errors import DatasetError
from tests.support.app_client import error_of
from webapp.app import App
from webapp.errors import ConflictError, DatabaseBusyError, DiskFullError, InvalidError, NotFoundError, ServiceError
from webapp.web.http_errors import STATUSES, HttpError


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "malformed"),
        (403, "forbidden"),
        (408, "request_timeout"),
        (411, "length_required"),
        (414, "request_uri_too_long"),
        (415, "unsupported_media_type"),
        (416, "range_not_satisfiable"),
        (429, "too_many_requests"),
        (501, "not_implemented"),
    ],
)
def test_errors_of_the_framework_keep_their_status(app: App, status: int, code: str) -> None:
    app.flask_app.add_url_rule("/api/broken", view_func=lambda: abort(status))
    assert error_of(app.flask_app.test_client().get("/api/broken"), status)["code"] == code


def test_a_request_of_another_site_is_forbidden(empty_client: FlaskClient) -> None:
    response = empty_client.get("/api/runs", headers={"Origin": "http://evil.example"})
    assert error_of(response, 403)["code"] == "forbidden"


def test_a_body_that_is_not_json_has_an_unsupported_media_type(empty_client: FlaskClient) -> None:
    response = empty_client.post("/api/runs", data="epochs=3", content_type="text/plain")
    assert error_of(response, 415)["code"] == "unsupported_media_type"


def test_a_range_beyond_a_file_is_not_satisfiable(empty_client: FlaskClient) -> None:
    response = empty_client.get("/static/x/js/core/api.js", headers={"Range": "bytes=999999999-"})
    assert error_of(response, 416)["code"] == "range_not_satisfiable"


def test_every_error_of_a_service_has_a_status() -> None:
    assert set(STATUSES) == set(ServiceError.__subclasses__())
    invalid = InvalidError({"name": "must be text"})
    errors = [NotFoundError("a"), ConflictError("b"), invalid, DatabaseBusyError("x.db"), DiskFullError("x")]
    assert [HttpError.from_service_error(error).status for error in errors] == [404, 409, 422, 503, 507]
    assert HttpError.from_service_error(invalid).to_json() == {
        "error": {"code": "invalid", "message": "name must be text", "fields": {"name": "must be text"}}
    }


def test_a_data_set_that_does_not_fit_on_the_disk_is_an_error_of_the_disk(app: App) -> None:
    def fail() -> str:
        raise DatasetError("x cannot store the images") from OSError(errno.ENOSPC, "No space left on device")

    app.flask_app.add_url_rule("/api/broken", view_func=fail)
    error = error_of(app.flask_app.test_client().get("/api/broken"), 507)
    assert error == {"code": "disk_full", "message": "The disk is full: x cannot store the images"}
