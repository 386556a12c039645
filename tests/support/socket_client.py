"""Minimal Socket.IO clients: one over a WebSocket, which can be cut without a close frame, and one by HTTP polling."""

from __future__ import annotations

import json
import socket
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

from simple_websocket import Client, ConnectionClosed

# Packet types: the first digit is the type in Engine.IO 4. If it is 4, a message, the second digit is the type in
# Socket.IO 5.
OPEN, PING, PONG = "0", "2", "3"
CONNECT, EVENT, ACK = "40", "42", "43"


class SocketClient:
    """A connected client. Its methods raise simple_websocket.ConnectionClosed if the server disconnects.

    `first` is the packet with which the server responds to CONNECT. It begins with `response`.
    """

    def __init__(self, base_url: str, *, auth: object = None, response: str = CONNECT) -> None:
        address = f"ws{base_url.removeprefix('http')}/socket.io/?EIO=4&transport=websocket"
        self._socket = Client(address)
        self._acks = 0
        # Send CONNECT before OPEN is received. If OPEN arrives together with the handshake, simple-websocket delivers
        # it only when more data arrives, such as the response to CONNECT.
        self._socket.send(CONNECT if auth is None else CONNECT + json.dumps(auth))
        self._expect(OPEN)
        self.first = self._expect(response)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _expect(self, start: str) -> str:
        packet = self._socket.receive(timeout=60)
        assert isinstance(packet, str), f"the server sent {packet!r}, not {start}"
        assert packet.startswith(start), f"the server sent {packet!r}, not {start}"
        return packet

    def emit(self, event: str, data: object) -> None:
        """Send an event and request an acknowledgment, which `receive` returns as `("ack", data)`."""
        self._acks += 1
        self._socket.send(f"{EVENT}{self._acks}{json.dumps([event, data])}")

    def receive(self, timeout: float = 60.0) -> tuple[str, Any] | None:
        """Return the next event with its data, or None after `timeout` seconds without one."""
        while True:
            packet = self._socket.receive(timeout=timeout)
            if packet is None:
                return None
            assert isinstance(packet, str)
            if packet == PING:
                self._socket.send(PONG)
            elif packet.startswith(EVENT):
                event, *data = json.loads(packet[len(EVENT) :])
                return event, data[0] if data else None
            elif packet.startswith(ACK):
                arguments = json.loads(packet[len(ACK) :].lstrip("0123456789"))
                return "ack", arguments[0] if arguments else None

    def close(self) -> None:
        """Close the connection with a close frame."""
        with suppress(ConnectionClosed):
            self._socket.close()

    def drop(self) -> None:
        """Cut the connection without a close frame, as a sleeping laptop does."""
        with suppress(OSError):
            self._socket.sock.shutdown(socket.SHUT_RDWR)
        self._socket.sock.close()


def polling_session(base_url: str) -> Callable[..., str]:
    """Connect by polling, and return a function that polls, or sends packets if it is called with a body."""
    address = f"{base_url}/socket.io/?EIO=4&transport=polling"

    def request(body: str | None = None) -> str:
        data = None if body is None else body.encode()
        with urllib.request.urlopen(address, data, timeout=60) as response:  # noqa: S310 - always this server
            text: str = response.read().decode()
        return text

    address += "&sid=" + json.loads(request()[1:])["sid"]
    request("40")
    request()
    return request
