"""The HTTP server: what it reports about invalid requests and missing file descriptors, and what it upgrades."""

from __future__ import annotations

import logging
from contextlib import suppress
from http.client import HTTPException
from time import monotonic
from typing import Any, ClassVar

import gevent
from gevent.pywsgi import WSGIHandler, WSGIServer

from webapp.errors import NO_DESCRIPTORS

SECONDS_WITHOUT_REQUEST = 120.0  # on an open connection
SECONDS_WITHOUT_ACCEPTING = 0.2  # if there are no free file descriptors
SECONDS_BETWEEN_INCIDENTS = 60.0
TLS_GREETING = "\x16\x03"  # record type "handshake" and major version (RFC 8446, section 5.1)
LONGEST_REPORT = 120

log = logging.getLogger(__name__)


class HttpHandler(WSGIHandler):  # type: ignore[misc]
    """A handler that reports each kind of invalid request once, in one line."""

    _reported: ClassVar[set[str]] = set()

    def handle(self) -> None:
        """Handle the requests of one connection, which the client can end at any time."""
        with suppress(ConnectionError):
            super().handle()

    def read_requestline(self) -> str | bytes | None:
        """Wait for a request. Raises TimeoutError, after which the server closes the connection.

        Otherwise, the connections of computers that sleep would use up the connections that the server accepts.
        """
        with gevent.Timeout(SECONDS_WITHOUT_REQUEST, TimeoutError):
            line: str | bytes | None = super().read_requestline()
            return line

    def read_request(self, raw_requestline: str) -> bool:
        """Parse the request line and the headers. Raises ValueError for an invalid request.

        The server upgrades connections only to WebSockets and ignores requests for other upgrades (RFC 9110, section
        7.8). A proxy may even send `Connection: upgrade` with every request.
        """
        try:
            parsed = bool(super().read_request(raw_requestline))
        except (HTTPException, OSError) as error:  # for example, too many headers
            raise ValueError(str(error)) from error
        if self.headers.get("Upgrade", "").lower() != "websocket":
            del self.headers["Connection"]
        return parsed

    def log_error(self, msg: str, *args: Any) -> None:
        """Report an invalid request, unless one of the same kind has been reported."""
        host, port = self.socket.getsockname()[:2]
        address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        if (self.requestline or "").startswith(TLS_GREETING):
            self._report_once("HTTPS", f"A program sent HTTPS to this server, which supports only HTTP: open {address}")
        else:
            text = (msg % args if args else msg)[:LONGEST_REPORT]
            self._report_once("invalid", f"A program sent a request to {address} that is not valid HTTP: {text}")

    def _report_once(self, kind: str, text: str) -> None:
        if kind not in self._reported:
            self._reported.add(kind)
            log.warning("%s (reported once)", text)


class HttpServer(WSGIServer):  # type: ignore[misc]
    """A server that waits for free file descriptors without a traceback for each failed attempt to accept."""

    handler_class = HttpHandler
    _next_warning = 0.0

    def do_read(self) -> Any:
        """Accept a connection. Without free file descriptors, pause, and log only the first failure of an incident."""
        try:
            return super().do_read()
        except OSError as error:
            if error.errno not in NO_DESCRIPTORS:
                raise
            if monotonic() >= self._next_warning:
                log.warning("New connections wait, because no file descriptors are free: %s", error.strerror)
            self._next_warning = monotonic() + SECONDS_BETWEEN_INCIDENTS
            self.stop_accepting()
            gevent.spawn_later(SECONDS_WITHOUT_ACCEPTING, self._start_accepting_if_started)
            return None
