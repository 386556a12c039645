"""A proxy that accepts WebSockets and transmits nothing on them. It passes other requests on."""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import threading
from contextlib import suppress
from typing import Self

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3


class SilentProxy:
    """A proxy in front of the server at `target`. `websockets` counts the accepted WebSockets."""

    def __init__(self, target: str) -> None:
        host, _, port = target.removeprefix("http://").partition(":")
        self._target = host, int(port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.websockets = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            head = b""
            while b"\r\n\r\n" not in head:
                content = client.recv(65536)
                if not content:
                    return
                head += content
            key = re.search(rb"^sec-websocket-key: *(\S+)", head, re.IGNORECASE | re.MULTILINE)
            if key:
                self._swallow(client, key[1])
            else:
                self._pass_on(client, head)

    def _swallow(self, client: socket.socket, key: bytes) -> None:
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())  # noqa: S324 - as the protocol requires
        client.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self.websockets += 1
        while client.recv(65536):
            pass

    def _pass_on(self, client: socket.socket, head: bytes) -> None:
        with socket.create_connection(self._target) as server:
            server.sendall(head)
            threading.Thread(target=_copy, args=(client, server), daemon=True).start()
            _copy(server, client)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
