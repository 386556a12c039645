"""Local web server whose folders are mirrors that work or fail."""

from __future__ import annotations

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

# Larger than most files of a small data set, as the login page of a network often is
LOGIN_PAGE = b"<!DOCTYPE html>\n<html>\n<title>Log in</title>" + b"<p>Guests accept the terms.</p>" * 20_000


class Mirrors:
    """Web server with one folder for each behavior; `requested_paths` lists the requested paths in order.

    `good` and `named` send the file; `named` has a subfolder for each data set. `chunked` sends the file without its
    length, and `moved` redirects to `good`. `wrong` sends most bytes of the file in reverse, `cut` omits the last 10
    bytes, `long` sends five copies of the file, and `silent` never responds. `login` sends a web page, `bytes` sends
    other bytes without a type, and `empty` sends nothing, all with status 200. Requests for all other folders fail with
    status 404.
    """

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.requested_paths: list[str] = []
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, folder: str) -> str:
        """Return the address of one mirror."""
        return f"http://127.0.0.1:{self._server.server_port}/{folder}/"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        mirrors = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirrors.requested_paths.append(self.path)
                folder, *_, name = self.path.strip("/").split("/")
                content = mirrors.files.get(name)
                with suppress(ConnectionError):  # the client may have closed the connection
                    if content is None:
                        self.send_error(404)
                    else:
                        self._respond(folder, content)

            def _respond(self, folder: str, content: bytes) -> None:
                match folder:
                    case "good" | "named":
                        self._send(content, len(content))
                    case "chunked":
                        self._send(content)
                    case "moved":
                        self._send(b"", 0, location=self.path.replace("/moved/", "/good/"))
                    case "wrong":
                        self._send(content[:10] + content[:9:-1], len(content))
                    case "login":
                        self._send(LOGIN_PAGE, len(LOGIN_PAGE), content_type="text/html; charset=utf-8")
                    case "bytes":
                        self._send(b"\0\0\x08\x03 other bytes", 16)
                    case "empty":
                        self._send(b"", 0)
                    case "cut":
                        self._send(content[:-10], len(content))
                    case "long":
                        self._send(content * 5)
                    case "silent":
                        mirrors._closing.wait(60)
                    case _:
                        self.send_error(404)

            def _send(
                self, content: bytes, length: int | None = None, *, location: str = "", content_type: str = ""
            ) -> None:
                self.send_response(302 if location else 200)
                if location:
                    self.send_header("Location", location)
                if content_type:
                    self.send_header("Content-Type", content_type)
                if length is not None:
                    self.send_header("Content-Length", str(length))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler
