"""Local proxy that replaces the `Host` header, as nginx does with `proxy_pass` alone."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit


class HostChangingProxy:
    """Proxy at `base_url` that forwards GET requests to the server at `target`.

    Its own page `/frame` shows the server in a frame, as the preview of an editor does.
    """

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target).netloc
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.base_url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        target = self.target

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/frame":
                    self._respond(f"<iframe src='http://{target}/'></iframe>".encode(), {"Content-Type": "text/html"})
                    return
                headers = {name: value for name, value in self.headers.items() if name != "Host"}
                connection = http.client.HTTPConnection(target, timeout=60)
                connection.request("GET", self.path, headers=headers | {"Connection": "close"})
                response = connection.getresponse()
                body = response.read()
                connection.close()
                names = ("Content-Type", "Content-Encoding", "Content-Security-Policy")
                passed_on = {name: response.headers[name] for name in names if name in response.headers}
                self._respond(body, passed_on, response.status)

            def _respond(self, body: bytes, headers: dict[str, str], status: int = 200) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler
