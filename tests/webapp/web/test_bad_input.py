"""Invalid requests: each response is a client error (4xx) that names the field, and no run is created."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.support.app_client import RunClient, assert_no_run, error_of
from tests.support.server_process import ServerProcess

BAD_VALUES = [
    ("learning_rate", "NaN"),
    ("learning_rate", "Infinity"),
    ("learning_rate", "-Infinity"),
    ("learning_rate", "1e999"),
    ("learning_rate", "-0.1"),
    ("learning_rate", "0"),
    ("learning_rate", '"fast"'),
    ("learning_rate", '"NaN"'),
    ("learning_rate", '"\\ud800"'),
    ("learning_rate", "true"),
    ("learning_rate", "null"),
    ("learning_rate", "[]"),
    ("learning_rate", "{}"),
    ("learning_rate", "9" * 5000),
    ("epochs", "1000000000000"),
    ("epochs", "9223372036854775808"),
    ("epochs", "9" * 5000),
    ("epochs", "0"),
    ("epochs", "1.5"),
    ("epochs", "NaN"),
    ("seed", "-1"),
    ("seed", "9223372036854775808"),
    ("batch_size", "1439"),
    ("batch_size", "0"),
    ("hidden_sizes", "[1000000000]"),
    ("hidden_sizes", "[9223372036854775808]"),
    ("hidden_sizes", "[0]"),
    ("hidden_sizes", "[NaN]"),
    ("hidden_sizes", "[[64]]"),
    ("hidden_sizes", "[true]"),
    ("hidden_sizes", "64"),
    ("hidden_sizes", "[" + "1," * 100 + "1]"),
    ("dataset", '"nothing"'),
    ("dataset", '"\\u0000"'),
    ("dataset", '["digits"]'),
    ("nesterov", '"perhaps"'),
    ("momentum", "1"),
    ("bogus", "1"),
    ("__proto__", "{}"),
]


@pytest.mark.parametrize(("field", "value"), BAD_VALUES, ids=lambda text: text[:20])
def test_an_error_names_the_invalid_hyperparameter(empty_client: FlaskClient, field: str, value: str) -> None:
    body = f'{{"hyperparameters": {{"{field}": {value}}}}}'
    error = error_of(empty_client.post("/api/runs", data=body, content_type="application/json"), 422)
    assert list(error["fields"]) == [field]
    assert_no_run(empty_client)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"name": 5}', "name"),
        ('{"name": null}', "name"),
        ('{"name": ["a"]}', "name"),
        ('{"name": "\\ud800"}', "name"),
        ('{"name": "a\\u0000b"}', "name"),
        ('{"name": "' + "x" * 201 + '"}', "name"),
        ('{"preset": "nothing"}', "preset"),
        ('{"preset": ["digits_quick"]}', "preset"),
        ('{"preset": 1}', "preset"),
        ('{"hyperparameters": null}', "hyperparameters"),
        ('{"hyperparameters": []}', "hyperparameters"),
        ('{"hyperparameters": "epochs"}', "hyperparameters"),
        ('{"epochs": 3}', "epochs"),
        ('{"": 3}', ""),
        ('{"\\ud800": 3}', "\ud800"),
    ],
    ids=lambda text: text[:30].encode("ascii", "replace").decode(),
)
def test_an_error_names_the_invalid_field_of_a_run(empty_client: FlaskClient, body: str, field: str) -> None:
    error = error_of(empty_client.post("/api/runs", data=body, content_type="application/json"), 422)
    assert list(error["fields"]) == [field]
    assert_no_run(empty_client)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"[{}]",
        b"3",
        b'"digits"',
        b"epochs=3",
        b"\xff\xfe{}",
        b'{"name": "\xed\xa0\x80"}',
        b'{"name": "a", "name": "b"}',
        b'{"hyperparameters": {"epochs": 1, "epochs": 2}}',
        b"{} {}",
        b'{"name": "a',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"hyperparameters":' * 30_000 + b"1" + b"}" * 30_000,
        b'{"name": ' + b"[" * 21 + b"]" * 21 + b"}",
    ],
    ids=lambda body: repr(body[:25]),
)
def test_a_body_that_is_not_a_json_object_is_malformed(empty_client: FlaskClient, body: bytes) -> None:
    for method, path in (("POST", "/api/runs"), ("PATCH", "/api/runs/1")):
        response = empty_client.open(path, method=method, data=body, content_type="application/json")
        assert error_of(response, 400)["code"] == "malformed"
    assert_no_run(empty_client)


def test_brackets_within_a_string_do_not_count_as_nesting(client: FlaskClient) -> None:
    name = '\\"' + "[{" * 50
    body = f'{{"name": "{name}"}}'
    assert client.post("/api/runs", data=body, content_type="application/json").status_code == 201


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_form_cannot_create_a_run(empty_client: FlaskClient, content_type: str | None) -> None:
    assert error_of(empty_client.post("/api/runs", data="{}", content_type=content_type), 415)
    assert_no_run(empty_client)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/api/runs?limit=0", ["limit"]),
        ("/api/runs?limit=501", ["limit"]),
        ("/api/runs?offset=-1", ["offset"]),
        ("/api/runs?offset=9223372036854775808", ["offset"]),
        ("/api/runs?offset=" + "9" * 5000, ["offset"]),
        ("/api/runs?offset=ten&limit=1e3", ["offset", "limit"]),
        ("/api/runs?offset=1&offset=2", ["offset"]),
        ("/api/runs?sort=id", ["sort"]),
        ("/api/runs?order=up", ["order"]),
        ("/api/runs?query=" + "a" * 501, ["query"]),
        ("/api/runs?query=a&query=b", ["query"]),
        ("/api/runs?utc_offset=1440", ["utc_offset"]),
        ("/api/runs?utc_offset=1.5&sort=Name", ["sort", "utc_offset"]),
        ("/api/runs?page=2", ["page"]),
        ("/api/runs?page=", ["page"]),
        ("/api/runs?%ff%00=1", ["%FF\0"]),
        ("{run}/epochs?after=-1", ["after"]),
        ("{run}/epochs?after=NaN", ["after"]),
        ("{run}/misclassified?sort=size", ["sort"]),
        ("{run}/misclassified?order=down", ["order"]),
        ("{run}/misclassified?true=10", ["true"]),
        ("{run}/misclassified?true=-1&predicted=9223372036854775808", ["true", "predicted"]),
        ("{run}/misclassified?epoch=0", ["epoch"]),
        ("{run}/misclassified?epoch=1.5", ["epoch"]),
        ("{run}/confusion_matrix?epoch=last", ["epoch"]),
        ("{run}/confusion_matrix?normalize=1", ["normalize"]),
        ("{run}/checkpoint.npz?which=first", ["which"]),
        ("{run}/first_layer_weights.png?unit=-1", ["unit"]),
        ("/api/datasets/digits/test?label=10", ["label"]),
        ("/api/datasets/digits/test?label=seven", ["label"]),
        ("/api/datasets/digits/test/0.png?size=2", ["size"]),
        ("/api/hyperparameters?x=1", ["x"]),
        ("/api/presets?x=1", ["x"]),
    ],
)
def test_an_error_names_the_invalid_parameter(trained: RunClient, path: str, fields: list[str]) -> None:
    response = trained.client.get(path.format(run=trained.path))
    assert list(error_of(response, 422)["fields"]) == fields


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/nothing",
        "/api/runs/0",
        "/api/runs/2",
        "/api/runs/9223372036854775807",
        "/api/runs/9223372036854775808",
        "/api/runs/" + "9" * 5000,
        "/api/runs/-1",
        "/api/runs/1.0",
        "/api/runs/one",
        "/api/runs/\u0661",
        "/api/runs/%00",
        "/api/runs/1/predictions/9223372036854775808",
        "/api/runs/1/predictions/-1",
        "/api/datasets/nothing/test",
        "/api/datasets/..%2f..%2fetc/test",
        "/api/datasets/digits/validation",
        "/api/datasets/digits/test/359.png",
        "/api/datasets/digits/test/9223372036854775808.png",
    ],
)
def test_an_unknown_url_of_the_api_is_not_found(trained: RunClient, path: str) -> None:
    assert error_of(trained.client.get(path), 404)["code"] == "not_found"


@pytest.mark.parametrize(
    "path", ["/nothing", "/runs/2", "/runs/9223372036854775808", "/runs/2/misclassified", "/datasets/nothing"]
)
def test_an_unknown_page_is_an_html_error_page(trained: RunClient, path: str) -> None:
    response = trained.client.get(path)
    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert "<h1>" in response.text


def test_a_script_in_a_url_is_escaped(trained: RunClient) -> None:
    assert "<script>alert" not in trained.client.get("/<script>alert(1)</script>").text
    assert "<script>alert" not in trained.client.get("/datasets/<script>alert(1)<%2Fscript>").text


@pytest.mark.parametrize(("method", "path"), [("PUT", "/api/runs"), ("DELETE", "/api/runs"), ("POST", "/api/presets")])
def test_an_unsupported_method_is_rejected_with_the_supported_ones(
    empty_client: FlaskClient, method: str, path: str
) -> None:
    response = empty_client.open(path, method=method)
    assert error_of(response, 405)["code"] == "method_not_allowed"
    assert "GET" in response.headers["Allow"]


def test_a_body_that_is_too_large_is_rejected(shared_server: ServerProcess) -> None:
    """Send a large body with its length, the same body in chunks, and only a large length without a body."""
    address = urlsplit(shared_server.base_url)

    def post(headers: dict[str, str], pieces: list[bytes]) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
        connection.putrequest("POST", "/api/runs")
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            connection.putheader(name, value)
        connection.endheaders()
        for piece in pieces:
            connection.send(piece)
        response = connection.getresponse()
        status_and_body = response.status, json.loads(response.read())
        connection.close()
        return status_and_body

    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    for headers, pieces in (
        ({"Content-Length": "2000000"}, [b"x" * 2_000_000]),
        ({"Content-Length": "500000000000"}, []),
        ({"Transfer-Encoding": "chunked"}, [chunk] * 20 + [b"0\r\n\r\n"]),
    ):
        status, body = post(headers, pieces)
        assert (status, body["error"]["code"]) == (413, "too_large")
    assert post({"Content-Length": "9"}, [b'{"x": 1}\n'])[0] == 422
    assert "Traceback" not in shared_server.log


@pytest.mark.parametrize(
    "request_text",
    [
        b"POST /api/runs HTTP/1.1\r\nHost: {host}\r\nContent-Length: many\r\n\r\n{}",
        b"POST /api/runs HTTP/1.1\r\nHost: {host}\r\nContent-Length: -5\r\n\r\n{}",
        b"GET http://elsewhere/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n",
        b"POST /api/runs HTTP/1.1\r\nHost: {host}\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
        b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    ],
    ids=["length-text", "length-negative", "absolute", "star", "upgrade"],
)
def test_a_request_with_invalid_headers_is_malformed(shared_server: ServerProcess, request_text: bytes) -> None:
    address = urlsplit(shared_server.base_url)
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(request_text.replace(b"{host}", address.netloc.encode()))
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
    assert "Traceback" not in shared_server.log
