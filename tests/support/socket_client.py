"""A Socket.IO client over one WebSocket, as small as tests need it, whose connection can be cut without a word."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from typing import Any, Self

from simple_websocket import Client, ConnectionClosed

# The packets of Engine.IO 4 and, after the 4, of Socket.IO 5.
OPEN, PING, PONG = "0", "2", "3"
CONNECT, EVENT, ACK = "40", "42", "43"


class SocketClient:
    """Connected once it is made; raises simple_websocket.ConnectionClosed where the server hangs up."""

    def __init__(self, base_url: str) -> None:
        address = f"ws{base_url.removeprefix('http')}/socket.io/?EIO=4&transport=websocket"
        self._socket = Client(address)
        self._acks = 0
        # Without waiting for OPEN: simple-websocket overlooks it, until more comes, if it came with the handshake.
        self._socket.send(CONNECT)
        self._expect(OPEN)
        self._expect(CONNECT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _expect(self, start: str) -> None:
        packet = self._socket.receive(timeout=10)
        assert isinstance(packet, str), f"the server said {packet!r}, not {start}"
        assert packet.startswith(start), f"the server said {packet!r}, not {start}"

    def emit(self, event: str, data: object) -> None:
        """Send an event that asks for an acknowledgement, which `receive` then gives as `("ack", answer)`."""
        self._acks += 1
        self._socket.send(f"{EVENT}{self._acks}{json.dumps([event, data])}")

    def receive(self, timeout: float = 10.0) -> tuple[str, Any] | None:
        """The next event with its data; None when none comes in `timeout` seconds."""
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
                answers = json.loads(packet[len(ACK) :].lstrip("0123456789"))
                return "ack", answers[0] if answers else None

    def close(self) -> None:
        """Hang up politely."""
        with suppress(ConnectionClosed):
            self._socket.close()

    def drop(self) -> None:
        """Cut the connection, as a sleeping laptop does: neither side says good-bye."""
        with suppress(OSError):
            self._socket.sock.shutdown(socket.SHUT_RDWR)
        self._socket.sock.close()
