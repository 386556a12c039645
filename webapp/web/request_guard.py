"""A guard in front of the whole app, sockets included: it checks requests and sets security headers.

The server has no passwords; it serves the person at this machine. The guard rejects requests of other web pages that
are open in this person's browser:

- A page can have a host name that resolves to this machine (DNS rebinding). The browser then treats the page's requests
  to this server as same-origin requests, but their `Host` is the host name of the page. Therefore `Host` must be a name
  of this server. The guard accepts any port in `Host`, because a forwarded port differs from the port of the server.
  This is safe, because browsers treat another port as another origin.
- A page of another origin, even on another port of this machine, can send a form, load a script or open a socket. The
  browser reports the origin in `Origin` or, for requests without `Origin`, in `Sec-Fetch-Site`.

A proxy may replace `Host`, so that it differs from `Origin`. The guard then rejects module scripts, which browsers send
with `Origin`. `static/js/core/address_check.js` explains this on the page.
"""

from __future__ import annotations

import html
import ipaddress
import json
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from webapp.web.http_errors import HttpError, forbidden, malformed, too_large
from webapp.web.json_limits import LARGEST_BODY, LARGEST_MESSAGE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - only for comparison
SOCKETS = "/socket.io/"
FOR_PROGRAMS = ("/api/", SOCKETS)
DEFAULT_PORTS = {"http": ":80", "https": ":443"}
FRAMES = frozenset({"iframe", "frame", "embed", "object"})  # values of Sec-Fetch-Dest
IN_A_FRAME = "Misfit does not run inside another page, because that page could make you click on it unknowingly."
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Misfit</title>
<h1>{title}</h1>
<p>{text}</p>
"""
OPEN_IN_A_TAB = '<p><a href="" target="_blank" rel="noopener">Open Misfit in a tab of its own</a></p>\n'

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?P<port>:[0-9]{1,5})?")


class RequestGuard:
    """WSGI middleware that rejects requests with a foreign `Host`, and requests from pages of another origin.

    A server that listens on all addresses accepts any IP address in `Host`, because DNS rebinding always uses a name.
    """

    def __init__(self, app: WSGIApplication, host: str, allowed_hosts: Iterable[str] = ()) -> None:
        self.app = app
        self.names = LOOPBACK_NAMES | {_in_url(name) for name in (host, *allowed_hosts)}
        self.any_address = host in EVERY_ADDRESS

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Handle a request as a WSGI application."""
        start = _with_headers(start_response)
        try:
            self.check(environ)
        except HttpError as error:
            return _refuse(error, environ, start)
        if environ.get("HTTP_SEC_FETCH_DEST") in FRAMES:
            return _refuse_frame(start_response)
        return self.app(environ, start)

    def check(self, environ: WSGIEnvironment) -> None:
        """Raise HttpError with status 400, 403 or 413 for a request that the app must not see."""
        path = environ.get("PATH_INFO", "")
        host = environ.get("HTTP_HOST", "").lower()
        if not self.is_ours(host):
            match = _HOST.fullmatch(host)
            raise forbidden(
                f"{host[:100]!r} is not a name of this server. To allow it, start the server with "
                f"--allowed-host {match['name'][:100] if match else 'NAME'}"
            )
        origin = environ.get("HTTP_ORIGIN")
        if not _same_origin(origin, host):
            raise forbidden(
                f"Pages of another site may not use this server: the header Origin is {str(origin)[:100]!r}, but Host "
                f"is {host[:100]!r}. If a proxy has changed Host, let it pass on the original value "
                "(nginx: proxy_set_header Host $http_host;)."
            )
        if path.startswith(FOR_PROGRAMS) and environ.get("HTTP_SEC_FETCH_SITE", "none") not in {"none", "same-origin"}:
            raise forbidden("Pages of another site may not use this server.")
        if not path.startswith("/"):
            raise malformed("The address must be a path on this server.")
        # For a protocol upgrade, pywsgi passes the connection itself as the body, so reading the body would never end.
        if not environ.get("wsgi.input_terminated", True) and not _is_handshake(environ):
            raise malformed(f"Only the handshake of a WebSocket at {SOCKETS} can upgrade the protocol.")
        _check_length(
            environ.get("CONTENT_LENGTH") or "0", LARGEST_MESSAGE if path.startswith(SOCKETS) else LARGEST_BODY
        )

    def is_ours(self, host: str) -> bool:
        """Return True if a lower-case `Host` is a name of this server, with or without a port."""
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = match["name"].removesuffix(".")
        return name in self.names or (self.any_address and _is_address(name.strip("[]")))


def _in_url(name: str) -> str:
    """Return a host name as it appears in URLs: in lower case, and in brackets if it is an IPv6 address."""
    name = name.lower().strip("[]")
    return f"[{name}]" if ":" in name else name


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same_origin(origin: str | None, host: str) -> bool:
    """Return True if the request has no `Origin` header, or if its origin is `host`.

    The scheme is ignored, because a proxy may turn HTTPS into HTTP.
    """
    if origin is None:
        return True
    scheme, separator, origin_host = origin.lower().partition("://")
    port = DEFAULT_PORTS.get(scheme)
    return bool(separator) and port is not None and origin_host.removesuffix(port) == host.removesuffix(port)


def _is_handshake(environ: WSGIEnvironment) -> bool:
    """Return True if the request is the opening handshake of a WebSocket (RFC 6455, section 4.2.1) for Socket.IO."""
    tokens = environ.get("HTTP_CONNECTION", "").lower().split(",")
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ["PATH_INFO"].startswith(SOCKETS)
        and "upgrade" in (token.strip() for token in tokens)
        and environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13"
        and "HTTP_SEC_WEBSOCKET_KEY" in environ
    )


def _check_length(length: str, limit: int) -> None:
    """Raise HttpError if the Content-Length is invalid or too large.

    Chunked bodies have none; request parsing checks them.
    """
    if not length.isdecimal():
        raise malformed("The Content-Length must be a number.")
    if len(length) > 18 or int(length) > limit:
        raise too_large(limit)


def _with_headers(start_response: StartResponse) -> StartResponse:
    """Add the security headers to every response."""

    def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Callable[[bytes], object]:
        present = {name.lower() for name, _ in headers}
        missing = [(name, value) for name, value in HEADERS.items() if name.lower() not in present]
        return start_response(status, headers + missing, *exc_info)

    return start


def _refuse(error: HttpError, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Respond with the error, as a page if a browser opens the address, otherwise as JSON."""
    if "text/html" in environ.get("HTTP_ACCEPT", "") and not environ.get("PATH_INFO", "").startswith(FOR_PROGRAMS):
        kind = "text/html; charset=utf-8"
        body = PAGE.format(title="Misfit rejected the request", text=html.escape(error.message))
    else:
        kind, body = "application/json", json.dumps(error.to_json())
    return _respond(f"{error.status} {error.reason}", kind, body, start_response)


def _refuse_frame(start_response: StartResponse) -> list[bytes]:
    """Explain inside the frame why it is empty. This response alone may be framed; it has no content worth a click."""
    policy = HEADERS["Content-Security-Policy"].replace("frame-ancestors 'none'", "frame-ancestors *")
    framing = {"Content-Security-Policy": policy, "X-Frame-Options": ""}
    headers = [(name, value) for name, value in (HEADERS | framing).items() if value]

    def start(status: str, own: list[tuple[str, str]], *exc_info: Any) -> Callable[[bytes], object]:
        return start_response(status, own + headers, *exc_info)

    body = PAGE.format(title="Open Misfit in a tab", text=IN_A_FRAME) + OPEN_IN_A_TAB
    return _respond("403 Forbidden", "text/html; charset=utf-8", body, start)


def _respond(status: str, content_type: str, text: str, start_response: StartResponse) -> list[bytes]:
    body = text.encode()
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")]
    start_response(status, headers)
    return [body]
