"""Socket.IO with limits: what a client sends wrong is answered or dropped; it breaks no connection and fills no memory.

Found in the libraries: a message is buffered whole whatever its size unless simple-websocket is told a limit; a text
that is no packet ends the connection with a traceback; a packet may announce attachments and have them kept; a slow
client is sent parts of messages; and a NaN that is sent makes the JavaScript client disconnect.
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
    """JSON as it may travel: finite numbers out, nothing deep in."""

    @staticmethod
    def dumps(*args: Any, **kwargs: Any) -> str:
        """Raise ValueError for a number that is not finite."""
        return json.dumps(*args, **kwargs, allow_nan=False)

    @staticmethod
    def loads(text: str, **_: Any) -> Any:
        """Raise ValueError, which the libraries expect, for what cannot be read."""
        try:
            return parse_json(text)
        except HttpError as error:
            raise ValueError(error.message) from None


class CheckedPacket(Packet):  # type: ignore[misc]
    """A Socket.IO packet; one that makes no sense is read as the event MALFORMED, so that it can be answered."""

    json = StrictJSON
    packet_type: Any

    def decode(self, encoded_packet: Any) -> int:
        """Read a packet; there are never attachments to wait for."""
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
    """A socket whose `send` sends all it is given, before anything else is sent, or fails once nothing moves any more.

    simple-websocket takes that for granted; but while a client is slow and the system's buffer full, parts are sent.
    """

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._sock.settimeout(LONGEST_SILENCE)
        self._free = BoundedSemaphore()

    def send(self, content: bytes) -> None:
        """Raise OSError where that cannot be done."""
        with self._free:
            self._sock.sendall(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


class LimitedWebSocket(WebSocketWSGI):  # type: ignore[misc]
    """A WebSocket that closes on a message that is too large, and passes on only what may be an Engine.IO packet."""

    def __init__(self, handler: Any, server: Any) -> None:
        def handle(websocket: Any) -> Any:
            websocket.ws.sock = WholeSends(websocket.ws.sock)
            return handler(websocket)

        super().__init__(handle, server)
        self.server_args["max_message_size"] = LARGEST_MESSAGE

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Serve the connection until it ends; what a client still sends then is not read as further requests."""
        try:
            return super().__call__(environ, start_response)
        finally:
            environ["wsgi.input"].close()

    def wait(self) -> Any:
        """The next packet; `None` once the connection is closed."""
        while True:
            message = super().wait()
            if message is None or isinstance(message, bytes) or message[:1] in PACKET_TYPES:
                return message


class PollingFilter:
    """Passes on, of what comes by polling, only what may be an Engine.IO packet: another one would hang its request."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as a WSGI application."""
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"].startswith("/socket.io/"):
            length = int(environ.get("CONTENT_LENGTH") or 0)
            packets = environ["wsgi.input"].read(length).decode(errors="replace").split(SEPARATOR)
            body = SEPARATOR.join(packet for packet in packets if packet[:1] in POLLED_TYPES).encode()
            environ["wsgi.input"] = io.BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        return self.app(environ, start_response)


def create_socketio(site: Flask) -> SocketIO:
    """Sockets under /socket.io/ of this app. Origins are the guard's business, which stands in front of both."""
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
    """How many packets wait to be taken by a client."""
    engine_sid = socketio.server.manager.eio_sid_from_sid(sid, "/")
    connection = socketio.server.eio.sockets.get(engine_sid)
    return connection.queue.qsize() if connection else 0


def is_connected(socketio: SocketIO, sid: str) -> bool:
    """Whether the client is still there."""
    return bool(socketio.server.manager.is_connected(sid, "/"))


def _quiet_logger() -> logging.Logger:
    """The libraries log a traceback for what a client did wrong; faults of ours are logged where they happen."""
    logger = logging.getLogger("webapp.engineio")
    logger.setLevel(logging.CRITICAL)
    return logger
