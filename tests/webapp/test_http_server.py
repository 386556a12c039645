"""The HTTP server: invalid requests, clients that leave, other upgrades, and missing file descriptors."""

from __future__ import annotations

import http.client
import socket
import struct
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tests.conftest import StartServer
from tests.support.server_process import ROOT, ServerProcess
from tests.support.waiting import wait_until

RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # linger for 0 seconds


def test_invalid_requests_are_reported_once_for_each_kind(start_server: StartServer) -> None:
    server = start_server()
    address = urlsplit(server.base_url)
    many_headers = b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * 101 + b"\r\n"
    tls_greeting = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03random\n"
    for content in (tls_greeting, b"not a request\r\n\r\n", many_headers) * 20:
        with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
            connection.sendall(content)
            assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
    lines = server.log.splitlines()
    assert len(lines) == 3
    assert f"sent HTTPS to this server, which supports only HTTP: open {server.base_url}" in lines[1]
    assert "not valid HTTP" in lines[2]
    assert max(map(len, lines)) < 300


def test_a_client_that_resets_its_connection_leaves_no_traceback(start_server: StartServer) -> None:
    server = start_server()
    address = urlsplit(server.base_url)
    for content in (
        b"not a request\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost:",
        b"GET /static/x/vendor/plotly.min.js HTTP/1.1\r\n",
    ) * 20:
        with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            connection.sendall(content)
    server.get("/api/runs")
    assert server.end() == 0
    assert "Traceback" not in server.log


IMPATIENT_SERVER = """
import sys
from pathlib import Path
import webapp.http_server
from webapp.config import Config
from webapp.server import serve

webapp.http_server.SECONDS_WITHOUT_REQUEST = 0.2
config = Config(data_dir=Path(sys.argv[1]), datasets_dir=Path(sys.argv[1]), port=0, open_browser=False)
config.make_folders()
sys.exit(serve(config))
"""


def test_a_connection_without_requests_is_closed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", IMPATIENT_SERVER, str(tmp_path / "data")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as impatient:
        try:
            assert impatient.stdout
            address = urlsplit(impatient.stdout.readline().split()[-1])
            request = f"GET /api/queue HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode()
            for content, status in ((b"", b""), (request, b"HTTP/1.1 200 "), (b"GET / HT", b"")):
                with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
                    connection.sendall(content)
                    received = b""
                    while part := connection.recv(1000):  # until the server closes the connection
                        received += part
                assert received.startswith(status)
        finally:
            impatient.kill()


def test_requests_for_other_upgrades_are_answered_without_an_upgrade(shared_server: ServerProcess) -> None:
    """Some programs offer HTTP/2 in their first request (RFC 9110, section 7.8)."""
    address = urlsplit(shared_server.base_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    for path in ("/", "/api/runs"):  # the second request uses the same connection
        connection.request("GET", path, headers={"Connection": "Upgrade", "Upgrade": "h2c"})
        response = connection.getresponse()
        assert (response.status, bool(response.read())) == (200, True)
    connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can limit the descriptors of another process")
def test_missing_file_descriptors_are_logged_once_and_the_server_recovers(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server(data_dir=tmp_path / "data")
    address = server.base_url.removeprefix("http://").split(":")
    process = psutil.Process(server.process.pid)
    limits = process.rlimit(psutil.RLIMIT_NOFILE)
    process.rlimit(psutil.RLIMIT_NOFILE, (process.num_fds() + 5, limits[1]))
    with ExitStack() as connections:
        for _ in range(50):
            connections.enter_context(socket.create_connection((address[0], int(address[1])), timeout=60))
        wait_until(lambda: "no file descriptors are free" in server.log, what="the server cannot accept")
        before = process.num_ctx_switches().voluntary
        wait_until(lambda: process.num_ctx_switches().voluntary > before + 5, what="the server has tried again")
    process.rlimit(psutil.RLIMIT_NOFILE, limits)
    server.get("/api/runs")
    assert server.log.count("no file descriptors are free") == 1
    assert "Traceback" not in server.log
