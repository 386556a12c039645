"""Parsing of HTTP requests: what the server reports about invalid ones, and which ones upgrade the protocol."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from gevent.pywsgi import WSGIHandler

log = logging.getLogger(__name__)

TLS_GREETING = "\x16\x03"  # record type "handshake" and major version (RFC 8446, section 5.1)
LONGEST_REPORT = 120


class HttpHandler(WSGIHandler):  # type: ignore[misc]
    """A handler that reports each kind of invalid request once, in one line."""

    _reported: ClassVar[set[str]] = set()

    def read_request(self, raw_requestline: str) -> bool:
        """Parse the request line and the headers. Raises ValueError for an invalid request.

        A proxy may send `Connection: upgrade` with every request. Without `Upgrade`, it does not request an upgrade.
        """
        parsed = bool(super().read_request(raw_requestline))
        if "Upgrade" not in self.headers:
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
