"""Socket.IO with limits. Malformed input does not end a connection or fill the memory.

The modules of this package change the following behavior of the libraries:

- simple-websocket buffers messages of any size by default, and reads as fast as a client sends.
- A text that is not a packet ends the connection with a traceback.
- A packet can announce attachments, which the server then stores.
- A client may send any number of events, and each starts a greenlet.
- A slow client receives only parts of messages.
- NaN disconnects the JavaScript client.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from flask_socketio import SocketIO

from webapp.web.json_limits import LARGEST_MESSAGE
from webapp.web.sockets.event_limit import limit_events
from webapp.web.sockets.packet_queue import PacketQueue
from webapp.web.sockets.packets import CheckedPacket, StrictJSON
from webapp.web.sockets.websocket import LimitedWebSocket

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLLED_TYPES = frozenset("134")  # of Engine.IO packets that a client may send by polling
SEPARATOR = "\x1e"


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
    engine._async = {**engine._async, "websocket": LimitedWebSocket, "queue": PacketQueue}
    limit_events(engine)
    return socketio


def packet_queue(socketio: SocketIO, sid: str) -> PacketQueue | None:
    """Return the packets that wait for a client, or None if it is not connected."""
    engine_sid = socketio.server.manager.eio_sid_from_sid(sid, "/")
    connection = socketio.server.eio.sockets.get(engine_sid)
    return connection.queue if connection and is_connected(socketio, sid) else None


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
