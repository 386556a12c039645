"""WebSocket connections with limits on messages and on the time that one client takes."""

from __future__ import annotations

from typing import Any

import gevent
from engineio.async_drivers.gevent import WebSocketWSGI

from webapp.threads import BoundedSemaphore
from webapp.web.json_limits import LARGEST_MESSAGE
from webapp.web.sockets.event_limit import EventLimit

PACKET_TYPES = frozenset("123456")  # of Engine.IO packets from clients; only the server sends type 0
MESSAGE = "4"
SEND_TIMEOUT = 60.0  # seconds; a connected client responds to a ping every 25 seconds
SECONDS_BETWEEN_READS = 0.001


class ClientSocket:
    """The socket of one client. Its `send` sends the whole content or raises OSError, one call after the other.

    simple-websocket relies on complete sends. A plain socket sends only a part if a slow client has filled the system's
    buffer. As long as data arrives, a plain socket also lets no other greenlet run between two reads.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._sock.settimeout(SEND_TIMEOUT)
        self._lock = BoundedSemaphore()

    def send(self, content: bytes) -> None:
        """Send all of `content`. Raises OSError if the client receives nothing for SEND_TIMEOUT."""
        with self._lock:
            self._sock.sendall(content)

    def recv(self, size: int) -> bytes:
        """Let other greenlets handle the data of the previous read and their own sockets, then read."""
        gevent.sleep(SECONDS_BETWEEN_READS)
        content: bytes = self._sock.recv(size)
        return content

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class LimitedWebSocket(WebSocketWSGI):  # type: ignore[misc]
    """A WebSocket that accepts only Engine.IO packets of at most LARGEST_MESSAGE bytes.

    It closes if a message is larger, or if too many messages are not events.
    """

    def __init__(self, handler: Any, server: Any) -> None:
        def handle(websocket: Any) -> Any:
            websocket.ws.sock = ClientSocket(websocket.ws.sock)
            return handler(websocket)

        super().__init__(handle, server)
        self.server_args["max_message_size"] = LARGEST_MESSAGE
        self._limit = EventLimit()
        self.ws: Any = None  # until the handshake is complete

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Serve the connection until it ends. Then close it, so that later data is not parsed as requests.

        If the handshake cannot be parsed, the response has status 400.
        """
        try:
            return super().__call__(environ, start_response)
        except Exception:
            if self.ws:
                raise
            start_response("400 Bad Request", [("Content-Length", "0"), ("Connection", "close")])
            return []
        finally:
            environ["wsgi.input"].close()

    def wait(self) -> Any:
        """Return the next packet, or None once the connection is closed."""
        while True:
            message = super().wait()
            # `limit_events` counts the messages that contain events, and responds to the excess.
            if message is None or isinstance(message, bytes) or message[:1] == MESSAGE:
                return message
            if not self._limit.accept():
                return None
            if message[:1] in PACKET_TYPES:
                return message
