"""A Socket.IO client that sends what no proper client would, and keeps what comes meanwhile."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from tests.support.socket_client import SocketClient


class RawClient(SocketClient):
    """`events` are those that came while an answer was waited for, in order."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self.events: list[tuple[str, Any]] = []

    def send_raw(self, message: str | bytes) -> None:
        """Send a message as it is."""
        self._socket.send(message)

    def send_frame_of(self, size: int) -> int:
        """Announce a text message of `size` bytes and send it until the server hangs up; how many bytes went out."""
        wire = self._socket.sock
        wire.sendall(b"\x81\xff" + size.to_bytes(8, "big") + b"\0\0\0\0")
        sent = 0
        with suppress(OSError):
            while sent < size:
                sent += wire.send(b"x" * 65536)
        return sent

    @contextmanager
    def not_reading(self) -> Iterator[None]:
        """Take nothing from the connection for a while."""
        protocol = self._socket.ws
        goes_on = threading.Event()
        read = protocol.receive_data

        def hold(data: bytes) -> None:
            goes_on.wait(60)
            read(data)

        protocol.receive_data = hold
        yield
        goes_on.set()

    def call(self, event: str, *payload: object) -> Any:
        """Send an event with these arguments; the server's answer."""
        return self.call_text(json.dumps([event, *payload]))

    def call_text(self, text: str) -> Any:
        """Send an event whose JSON is this text; the server's answer."""
        self._acks += 1
        self.send_raw(f"42{self._acks}{text}")
        return self.wait_for("ack")

    def wait_for(self, event: str) -> Any:
        """The data of the next event of this name; others that come before it are kept."""
        while received := self.receive():
            if received[0] == event:
                return received[1]
            self.events.append(received)
        raise AssertionError(f"no {event} came")

    def epochs(self) -> list[int]:
        """The epochs that came, as they came."""
        return [data["epoch"] for event, data in self.events if event == "epoch_completed"]
