"""Commands that a worker receives from the server."""

from __future__ import annotations

import subprocess
import sys

CLOSED_PIPE = """
from multiprocessing import Pipe
from threading import Event
from webapp.worker.control import WorkerControl

server, worker = Pipe()
WorkerControl(worker, on_pause=lambda: None)
server.close()
Event().wait()
"""


def test_a_worker_ends_without_a_traceback_when_the_server_closes_the_pipe() -> None:
    ended = subprocess.run([sys.executable, "-c", CLOSED_PIPE], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (1, "")
