"""Socket.IO with limits: malformed input is answered or dropped, and neither breaks a connection nor fills memory.

Found in the libraries: simple-websocket buffers a message of any size unless it has a limit; a text that is not a
packet ends the connection with a traceback; a packet may announce attachments, which are then stored; a slow client
receives parts of messages; and a NaN disconnects the JavaScript client.
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

MALFORMED = "malformed"  # the event that stands for a packet that cannot be read
FROM_CLIENTS = {CONNECT, DISCONNECT, EVENT, ACK}
RESERVED = {"connect", "disconnect"}
PACKET_TYPES = frozenset("123456")  # of Engine.IO, as a client may send them; 0 is the server's
POLLED_TYPES = frozenset("134")  # those of them that may come by polling
LONGEST_SILENCE = 60.0  # seconds; a client that is there answers a ping every 25
SEPARATOR = "\x1e"


class StrictJSON:
    """JSON with finite numbers only and limited depth."""

    @staticmethod
    def dumps(*args: Any, **kwargs: Any) -> str:
        """Raise ValueError for a number that is not finite."""
        return json.dumps(*args, **kwargs, allow_nan=False)

    @staticmethod
    def loads(text: str, **_: Any) -> Any:
        """Parse JSON. Raises ValueError, which the libraries expect, for invalid text."""
        try:
            return parse_json(text)
        except HttpError as error:
            raise ValueError(error.message) from None


class CheckedPacket(Packet):  # type: ignore[misc]
    """A Socket.IO packet; a malformed one becomes the event MALFORMED, so that it can be answered."""

    json = StrictJSON
    packet_type: Any

    def decode(self, encoded_packet: Any) -> int:
        """Decode a packet, which never has attachments."""
        try:
            super().decode(encoded_packet)
            sensible = self._is_sensible()
        except (ValueError, TypeError, AttributeError, IndexError):
            sensible = False
        if not sensible:
            if self.packet_type not in {EVENT, BINARY_EVENT}:
                self.id = None  # nobody waits for an answer
            self.packet_type = EVENT
            self.namespace = None
            self.data = [MALFORMED]
        return 0

    def _is_sensible(self) -> bool:
        if self.packet_type != EVENT:
            return self.packet_type in FROM_CLIENTS
        return (
            isinstance(self.data, list)
            and isinstance(next(iter(self.data), None), str)
            and self.data[0] not in RESERVED
        )


class WholeSends:
    """A socket whose `send` sends everything before anything else is sent, or fails if nothing can be sent.

    simple-websocket assumes this, but a socket sends parts while a client is slow and the system's buffer is full.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._sock.settimeout(LONGEST_SILENCE)
        self._free = BoundedSemaphore()

    def send(self, content: bytes) -> None:
        """Send everything. Raises OSError if that is not possible."""
        with self._free:
            self._sock.sendall(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class LimitedWebSocket(WebSocketWSGI):  # type: ignore[misc]
    """A WebSocket that closes on a message that is too large, and passes on only Engine.IO packets."""

    def __init__(self, handler: Any, server: Any) -> None:
        def handle(websocket: Any) -> Any:
            websocket.ws.sock = WholeSends(websocket.ws.sock)
            return handler(websocket)

        super().__init__(handle, server)
        self.server_args["max_message_size"] = LARGEST_MESSAGE

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Serve the connection until it ends, so that later data is not parsed as requests."""
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
    """Passes on only Engine.IO packets from polling requests; others would block their request."""

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


def create_socketio(site: Flask) -> SocketIO:
    """Return the Socket.IO server of the app, under /socket.io/. The guard in front of both checks origins."""
    socketio = SocketIO(
        site,
        async_mode="gevent",
        cors_allowed_origins=[],
        engineio_logger=_quiet_logger(),
        json=StrictJSON,
        manage_session=False,
        max_http_buffer_size=LARGEST_MESSAGE,
        serializer=CheckedPacket,
    )
    site.wsgi_app = PollingFilter(site.wsgi_app)  # type: ignore[method-assign]
    engine = socketio.server.eio
    engine._async = {**engine._async, "websocket": LimitedWebSocket}
    return socketio


def backlog(socketio: SocketIO, sid: str) -> int:
    """Return the number of packets that wait for a client."""
    engine_sid = socketio.server.manager.eio_sid_from_sid(sid, "/")
    connection = socketio.server.eio.sockets.get(engine_sid)
    return connection.queue.qsize() if connection else 0


def is_connected(socketio: SocketIO, sid: str) -> bool:
    """Return whether the client is connected."""
    return bool(socketio.server.manager.is_connected(sid, "/"))


def _quiet_logger() -> logging.Logger:
    """Return a logger without the libraries' tracebacks for client errors; our own errors are logged where they
    occur.
    """
    logger = logging.getLogger("webapp.engineio")
    logger.setLevel(logging.CRITICAL)
    return logger
