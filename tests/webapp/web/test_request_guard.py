"""The request guard: requests of other sites are rejected, and headers restrict what browsers do with a response."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.app_client import error_of
from tests.support.run_engine import make_config
from tests.support.server_process import ServerProcess
from webapp.app import App, create_app
from webapp.web.request_guard import HEADERS

EVERYWHERE = "0.0.0.0"  # noqa: S104 - these tests do not listen
FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.localhost",
    "10.0.0.1",
    EVERYWHERE,
    "localhost@evil.example",
    "localhost, evil.example",
    "localhost:8000:80",
    "localhost:http",
    "[::2]",
    "::1",
    "",
]
FOREIGN_ORIGINS = [
    "http://evil.example",
    "https://localhost.evil.example",
    "http://localhost:3000",
    "http://127.0.0.1",
    "null",
    "",
    "localhost",
    "file://",
    "chrome-extension://localhost",
]


def routes(app: App) -> Iterator[tuple[str, str]]:
    """Yield the method and path of each route of the app, and some without a route."""
    for rule in app.flask_app.url_map.iter_rules():
        sample = {"run_id": 1, "index": 0, "name": "digits", "split": "test", "version": "x"}
        path = app.flask_app.url_map.bind("localhost").build(
            rule.endpoint, {name: sample[name] for name in rule.arguments}, force_external=False
        )
        yield from ((method, path) for method in sorted(rule.methods or ()))
    yield from (("GET", "/nothing"), ("GET", "/api/nothing"), ("TRACE", "/"))
    yield from ((method, "/socket.io/?EIO=4&transport=polling") for method in ("GET", "POST", "OPTIONS", "PUT"))


def assert_forbidden(response: TestResponse) -> None:
    if response.request.method != "HEAD":
        assert error_of(response, 403)["code"] == "forbidden"
    assert response.status_code == 403
    assert_protected(response)


def assert_protected(response: TestResponse) -> None:
    for name, value in HEADERS.items():
        assert response.headers.getlist(name) == [value], name


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_every_route_rejects_a_foreign_host(empty_app: App, empty_client: FlaskClient, host: str) -> None:
    for method, path in routes(empty_app):
        assert_forbidden(empty_client.open(path, method=method, headers={"Host": host}))


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_every_route_rejects_a_foreign_origin(empty_app: App, empty_client: FlaskClient, origin: str) -> None:
    headers = {"Host": "localhost:8000", "Origin": origin}
    for method, path in routes(empty_app):
        assert_forbidden(empty_client.open(path, method=method, headers=headers))


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_the_api_rejects_requests_of_other_sites_without_an_origin(
    empty_app: App, empty_client: FlaskClient, site: str
) -> None:
    for method, path in routes(empty_app):
        if path.startswith(("/api/", "/socket.io/")):
            assert_forbidden(empty_client.open(path, method=method, headers={"Sec-Fetch-Site": site}))


@pytest.mark.parametrize(
    ("headers", "parts"),
    [
        (
            {"Host": "127.0.0.1:8000", "Origin": "https://lab.example"},
            ["Origin is 'https://lab.example'", "Host is '127.0.0.1:8000'", "proxy_set_header Host $http_host;"],
        ),
        ({"Host": "lab.example:8000"}, ["'lab.example:8000' is not", "--allowed-host lab.example"]),
        ({"Host": "[fe80::1]:8000"}, ["--allowed-host [fe80::1]"]),
        ({"Host": "a.example:80,a.example:80"}, ["'a.example:80,a.example:80' is not", "--allowed-host NAME"]),
    ],
)
def test_a_rejection_names_the_headers_and_the_remedy(
    empty_client: FlaskClient, headers: dict[str, str], parts: list[str]
) -> None:
    message = error_of(empty_client.get("/static/x/js/pages/train.js", headers=headers), 403)["message"]
    page = empty_client.get("/", headers=headers | {"Accept": "text/html,*/*;q=0.8"})
    assert (page.status_code, page.mimetype) == (403, "text/html")
    assert_protected(page)
    for part in parts:
        assert part in message
        assert part in unescape(page.text)


def test_a_rejection_escapes_the_headers(empty_client: FlaskClient) -> None:
    page = empty_client.get("/", headers={"Host": "<script>x</script>", "Accept": "text/html"})
    assert page.status_code == 403
    assert "<script" not in page.text


@pytest.mark.parametrize("element", ["iframe", "frame", "embed", "object"])
@pytest.mark.parametrize("path", ["/", "/runs", "/api/runs", "/nothing"])
def test_a_frame_shows_why_it_is_empty(empty_client: FlaskClient, element: str, path: str) -> None:
    framed = empty_client.get(path, headers={"Sec-Fetch-Dest": element, "Accept": "text/html"})
    assert (framed.status_code, framed.mimetype) == (403, "text/html")
    assert "does not run inside another page" in framed.text
    assert "X-Frame-Options" not in framed.headers
    policy = framed.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors *" in policy
    assert "<form" not in framed.text
    foreign = empty_client.get(path, headers={"Sec-Fetch-Dest": element, "Host": "evil.example"})
    assert_forbidden(foreign)


def test_a_link_from_another_page_opens_a_page(empty_client: FlaskClient) -> None:
    assert empty_client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("localhost", None),
        ("localhost:8000", "http://localhost:8000"),
        ("LOCALHOST:8000", "http://localhost:8000"),
        ("localhost.:8000", None),
        ("127.0.0.1:65535", "http://127.0.0.1:65535"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("localhost:80", "http://localhost"),
        ("localhost", "https://localhost"),
        ("localhost:443", "https://localhost"),
    ],
)
def test_requests_of_this_site_are_accepted(empty_client: FlaskClient, host: str, origin: str | None) -> None:
    headers = {"Host": host, "Sec-Fetch-Site": "same-origin"} | ({"Origin": origin} if origin else {})
    assert empty_client.get("/api/runs", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("host", "allowed_hosts", "requested_host", "status"),
    [
        ("127.0.0.1", ("lab.example", "FE80::1"), "lab.example:8000", 200),
        ("127.0.0.1", ("lab.example", "FE80::1"), "[fe80::1]", 200),
        ("127.0.0.1", ("lab.example",), "other.example", 403),
        ("box.local", (), "box.local", 200),
        ("192.168.1.5", (), "192.168.1.5:8000", 200),
        ("192.168.1.5", (), "192.168.1.6:8000", 403),
        (EVERYWHERE, (), "192.168.1.5:8000", 200),
        (EVERYWHERE, (), "evil.example", 403),
        ("::", (), "[fe80::1]:8000", 200),
        ("::", (), "[fe80::1", 403),
    ],
)
def test_allowed_host_names_come_from_the_settings(
    tmp_path: Path, host: str, allowed_hosts: tuple[str, ...], requested_host: str, status: int
) -> None:
    app = create_app(make_config(tmp_path / "data", host=host, allowed_hosts=allowed_hosts))
    assert app.flask_app.test_client().get("/api/runs", headers={"Host": requested_host}).status_code == status
    app.close()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/runs",
        "/datasets",
        "/nothing",
        "/api/runs",
        "/api/nothing",
        "/api/datasets/digits/test/0.png",
        "/static/x/y",
    ],
)
def test_every_response_has_the_security_headers(empty_client: FlaskClient, path: str) -> None:
    assert_protected(empty_client.get(path))


def test_pages_hold_no_inline_script_or_style(empty_client: FlaskClient) -> None:
    for path in ("/", "/runs", "/datasets/digits", "/nothing"):
        page = empty_client.get(path).text
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert all("src=" in tag.split(">")[0] for tag in page.split("<script")[1:])


def handshake(server: ServerProcess, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    """Return the status and headers of the response to a WebSocket handshake."""
    address = urlsplit(server.base_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    connection.putrequest("GET", "/socket.io/?EIO=4&transport=websocket", skip_host="Host" in headers)
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    for name, value in (upgrade | headers).items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    connection.close()
    return response.status, dict(response.headers)


def test_a_foreign_page_cannot_open_a_socket(shared_server: ServerProcess) -> None:
    own = shared_server.base_url
    assert handshake(shared_server, {})[0] == 101
    assert handshake(shared_server, {"Origin": own, "Sec-Fetch-Site": "same-origin"})[0] == 101
    for headers in (
        {"Host": "evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Host": "evil.example", "X-Forwarded-Host": urlsplit(own).netloc},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null"},
        {"Origin": "http://evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        status, response_headers = handshake(shared_server, headers)
        assert status == 403, headers
        assert response_headers.items() >= HEADERS.items()


@pytest.mark.parametrize("value", ["upgrade", "Upgrade"])
def test_a_proxy_may_send_connection_upgrade_with_every_request(shared_server: ServerProcess, value: str) -> None:
    """nginx does so with `proxy_set_header Connection "upgrade"`, a line that many instructions recommend."""
    address = urlsplit(shared_server.base_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    for path in ("/", "/api/runs"):  # the second request uses the same connection
        connection.request("GET", path, headers={"Connection": value})
        response = connection.getresponse()
        assert (response.status, bool(response.read())) == (200, True)
    body = '{"hyperparameters": {"epochs": 0}}'
    connection.request("POST", "/api/runs", body, {"Connection": value, "Content-Type": "application/json"})
    response = connection.getresponse()
    assert (response.status, b"epochs" in response.read()) == (422, True)
    connection.close()


def test_a_real_server_rejects_requests_of_other_sites(shared_server: ServerProcess) -> None:
    address = urlsplit(shared_server.base_url)

    def status(headers: dict[str, str]) -> int:
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
        connection.request("GET", "/api/runs", headers=headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status

    assert status({}) == 200
    assert status({"Host": "lab.example"}) == 200
    assert status({"Host": "evil.example"}) == 403
    assert status({"Origin": "http://lab.example"}) == 403
    assert status({"Host": "lab.example", "Origin": "http://lab.example"}) == 200
