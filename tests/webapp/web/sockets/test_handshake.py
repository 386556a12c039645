"""WebSocket handshakes that are invalid: the server rejects them, and later requests work."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from tests.support.server_process import ServerProcess

HEADERS = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def send_handshake(server: ServerProcess, method: str, changes: dict[str, str | None]) -> bytes:
    """Send a handshake with some headers changed or omitted, and return the start of the response."""
    address = urlsplit(server.base_url)
    headers = {"Host": address.netloc} | {name: value for name, value in (HEADERS | changes).items() if value}
    lines = [f"{method} /socket.io/?EIO=4&transport=websocket HTTP/1.1", *map(": ".join, headers.items()), "", ""]
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return connection.recv(100)


def test_a_valid_handshake_opens_a_socket(shared_server: ServerProcess) -> None:
    assert send_handshake(shared_server, "GET", {}).startswith(b"HTTP/1.1 101 ")
    assert send_handshake(shared_server, "GET", {"Connection": "keep-alive, Upgrade"}).startswith(b"HTTP/1.1 101 ")


@pytest.mark.parametrize(
    ("method", "changes"),
    [
        ("GET", {"Sec-WebSocket-Key": None}),
        ("GET", {"Sec-WebSocket-Version": None}),
        ("GET", {"Sec-WebSocket-Version": "8"}),
        ("GET", {"Connection": None}),
        ("GET", {"Connection": "keep-alive"}),
        ("GET", {"X": "\0"}),
        ("GET", {"X(": "1"}),
        ("POST", {}),
    ],
)
def test_an_invalid_handshake_is_malformed(
    shared_server: ServerProcess, method: str, changes: dict[str, str | None]
) -> None:
    assert send_handshake(shared_server, method, changes).startswith(b"HTTP/1.1 400 ")
    assert "Traceback" not in shared_server.log


def test_the_body_of_a_request_for_an_upgrade_is_not_awaited_twice(shared_server: ServerProcess) -> None:
    address = urlsplit(shared_server.base_url)
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(
            b"POST /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n"
            b"Upgrade: websocket\r\nContent-Length: 2\r\n\r\n40" % address.netloc.encode()
        )
        content = b""
        while received := connection.recv(1000):  # until the server closes the connection
            content += received
    assert content.startswith(b"HTTP/1.1 400 ")
