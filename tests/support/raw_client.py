"""A Socket.IO client that can send malformed messages, and stores the events that it receives while it waits."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.support.socket_client import SocketClient


class RawClient(SocketClient):
    """A client for malformed messages. `events` lists the events that arrived during `wait_for`, in order."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self.events: list[tuple[str, Any]] = []

    def send_raw(self, message: str | bytes) -> None:
        """Send a message unchanged."""
        self._socket.send(message)

    def send_frame_of(self, size: int) -> int:
        """Send a message that announces `size` bytes, until the server disconnects. Return the number of bytes sent."""
        wire = self._socket.sock
        wire.sendall(b"\x81\xff" + size.to_bytes(8, "big") + b"\0\0\0\0")
        sent = 0
        with suppress(OSError):
            while sent < size:
                sent += wire.send(b"x" * 65536)
        return sent

    def send_events(self, events: Iterable[list[object]]) -> None:
        """Send events in one burst, each with a request for an acknowledgment. Raises OSError if the server closes."""
        frames = bytearray()
        for event in events:
            self._acks += 1
            content = f"42{self._acks}{json.dumps(event)}".encode()
            size = len(content).to_bytes(2, "big")
            frames += (
                b"\x81"
                + (bytes([128 + len(content)]) if len(content) < 126 else b"\xfe" + size)
                + b"\0\0\0\0"
                + content
            )
        self._socket.sock.sendall(frames)

    @contextmanager
    def not_reading(self) -> Iterator[None]:
        """Read nothing from the connection within the `with` block."""
        protocol = self._socket.ws
        resumed = threading.Event()
        receive_data = protocol.receive_data

        def delay(data: bytes) -> None:
            resumed.wait(60)
            receive_data(data)

        protocol.receive_data = delay
        yield
        resumed.set()

    def call(self, event: str, *payload: object) -> Any:
        """Send an event with these arguments and return the server's acknowledgment."""
        return self.call_text(json.dumps([event, *payload]))

    def call_text(self, text: str) -> Any:
        """Send an event with this JSON text and return the server's acknowledgment."""
        self._acks += 1
        self.send_raw(f"42{self._acks}{text}")
        return self.wait_for("ack")

    def wait_for(self, event: str) -> Any:
        """Return the data of the next event of this name. Earlier events of other names are added to `events`."""
        while received := self.receive():
            if received[0] == event:
                return received[1]
            self.events.append(received)
        raise AssertionError(f"no {event} arrived")

    def epochs(self) -> list[int]:
        """Return the epochs that arrived, in order of arrival."""
        return [data["epoch"] for event, data in self.events if event == "epoch_completed"]
