"""Socket.IO with limits. Malformed input does not end a connection or fill the memory.

This module changes the following behavior of the libraries:

- simple-websocket buffers messages of any size by default.
- A text that is not a packet ends the connection with a traceback.
- A packet can announce attachments, which the server then stores.
- A slow client receives only parts of messages.
- NaN disconnects the JavaScript client.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engineio.async_drivers.gevent import WebSocketWSGI
from flask import Flask
from flask_socketio import SocketIO
from gevent.lock import BoundedSemaphore
from socketio.packet import ACK, BINARY_EVENT, CONNECT, DISCONNECT, EVENT, Packet

from webapp.web.http_errors import HttpError
from webapp.web.json_limits import LARGEST_MESSAGE, parse_json

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MALFORMED = "malformed"  # the event that replaces a packet that cannot be parsed
FROM_CLIENTS = {CONNECT, DISCONNECT, EVENT, ACK}
RESERVED = {"connect", "disconnect"}
PACKET_TYPES = frozenset("123456")  # of Engine.IO packets from clients; only the server sends type 0
POLLED_TYPES = frozenset("134")  # of Engine.IO packets that a client may send by polling
SEND_TIMEOUT = 60.0  # seconds; a connected client responds to a ping every 25 seconds
SEPARATOR = "\x1e"


class StrictJSON:
    """JSON encoder and decoder. It encodes only finite numbers, and decodes only JSON of limited depth."""

    @staticmethod
    def dumps(*args: Any, **kwargs: Any) -> str:
        """Return JSON. Raises ValueError for a number that is not finite."""
        return json.dumps(*args, **kwargs, allow_nan=False)

    @staticmethod
    def loads(text: str, **_: Any) -> Any:
        """Parse JSON. Raises ValueError, which the libraries expect, for invalid text."""
        try:
            return parse_json(text)
        except HttpError as error:
            raise ValueError(error.message) from None


class CheckedPacket(Packet):  # type: ignore[misc]
    """A Socket.IO packet. A malformed packet becomes the event MALFORMED, whose handler responds with an error."""

    json = StrictJSON
    packet_type: Any

    def decode(self, encoded_packet: Any) -> int:
        """Decode a packet. Return the number of its attachments, which is always 0."""
        try:
            super().decode(encoded_packet)
            is_valid = self._is_valid()
        except (ValueError, TypeError, AttributeError, IndexError):
            is_valid = False
        if not is_valid:
            if self.packet_type not in {EVENT, BINARY_EVENT}:
                self.id = None  # the client expects no response
            self.packet_type = EVENT
            self.namespace = None
            self.data = [MALFORMED]
        return 0

    def _is_valid(self) -> bool:
        if self.packet_type != EVENT:
            return self.packet_type in FROM_CLIENTS
        return (
            isinstance(self.data, list)
            and isinstance(next(iter(self.data), None), str)
            and self.data[0] not in RESERVED
        )


class CompleteSends:
    """A socket whose `send` sends the whole content or raises OSError. Concurrent calls run one after the other.

    simple-websocket relies on complete sends. A plain socket sends only a part if a slow client has filled the system's
    buffer.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._sock.settimeout(SEND_TIMEOUT)
        self._lock = BoundedSemaphore()

    def send(self, content: bytes) -> None:
        """Send all of `content`. Raises OSError if the client receives nothing for SEND_TIMEOUT."""
        with self._lock:
            self._sock.sendall(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class LimitedWebSocket(WebSocketWSGI):  # type: ignore[misc]
    """A WebSocket that closes if a message is larger than LARGEST_MESSAGE, and discards all but Engine.IO packets."""

    def __init__(self, handler: Any, server: Any) -> None:
        def handle(websocket: Any) -> Any:
            websocket.ws.sock = CompleteSends(websocket.ws.sock)
            return handler(websocket)

        super().__init__(handle, server)
        self.server_args["max_message_size"] = LARGEST_MESSAGE

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Serve the connection until it ends. Then close it, so that later data is not parsed as requests."""
        try:
            return super().__call__(environ, start_response)
        finally:
            environ["wsgi.input"].close()

    def wait(self) -> Any:
        """Return the next packet, or None once the connection is closed."""
        while True:
            message = super().wait()
            if message is None or isinstance(message, bytes) or message[:1] in PACKET_TYPES:
                return message


class PollingFilter:
    """WSGI middleware that removes all but Engine.IO packets of POLLED_TYPES from the body of a polling request.

    Other packets would block the session that receives them.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Handle a request as a WSGI application."""
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].startswith("/socket.io/"):
            length = int(environ.get("CONTENT_LENGTH") or 0)
            packets = environ["wsgi.input"].read(length).decode(errors="replace").split(SEPARATOR)
            body = SEPARATOR.join(packet for packet in packets if packet[:1] in POLLED_TYPES).encode()
            environ["wsgi.input"] = io.BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        return self.app(environ, start_response)


def create_socketio(app: Flask) -> SocketIO:
    """Return the Socket.IO server of the app, at /socket.io/. It checks no origins, because `RequestGuard` does."""
    socketio = SocketIO(
        app,
        async_mode="gevent",
        cors_allowed_origins=[],
        engineio_logger=_quiet_logger(),
        json=StrictJSON,
        manage_session=False,
        max_http_buffer_size=LARGEST_MESSAGE,
        serializer=CheckedPacket,
    )
    app.wsgi_app = PollingFilter(app.wsgi_app)  # type: ignore[method-assign]
    engine = socketio.server.eio
    engine._async = {**engine._async, "websocket": LimitedWebSocket}
    return socketio


def backlog(socketio: SocketIO, sid: str) -> int:
    """Return the number of packets that wait for a client."""
    engine_sid = socketio.server.manager.eio_sid_from_sid(sid, "/")
    connection = socketio.server.eio.sockets.get(engine_sid)
    return connection.queue.qsize() if connection else 0


def is_connected(socketio: SocketIO, sid: str) -> bool:
    """Return True if the client is connected."""
    return bool(socketio.server.manager.is_connected(sid, "/"))


def _quiet_logger() -> logging.Logger:
    """Return a logger that suppresses the libraries' tracebacks for client errors.

    Errors of this program are logged where they occur.
    """
    logger = logging.getLogger("webapp.engineio")
    logger.setLevel(logging.CRITICAL)
    return logger
