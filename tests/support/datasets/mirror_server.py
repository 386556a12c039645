"""Local mirror of a very small MNIST."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from nn.datasets import BUILT_IN_DATASETS, DatasetRegistry, DatasetSpec
from nn.datasets.spec import DataFile
from tests.support.datasets.idx_files import small_mnist_files, zip_files

TRAIN_SIZE, TEST_SIZE, SIDE = 40, 20, 4


class Mirror:
    """Web server that serves the files at `url`. It delays the second half of each file until `gate` is set."""

    def __init__(self) -> None:
        self.files = zip_files(small_mnist_files(TRAIN_SIZE, TEST_SIZE, side=SIDE))
        self.requests: Counter[str] = Counter()
        self.gate = threading.Event()
        self.gate.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.gate.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def total_bytes(self) -> int:
        """Total size of all files."""
        return sum(map(len, self.files.values()))

    def spec(self) -> DatasetSpec:
        """Return the description of this small MNIST."""
        # S324: a checksum that mirrors publish, not a secret.
        files = tuple(
            DataFile(name, len(content), hashlib.md5(content).hexdigest())  # noqa: S324
            for name, content in self.files.items()
        )
        return replace(
            BUILT_IN_DATASETS.get("mnist"),
            image_shape=(SIDE, SIDE),
            train_size=TRAIN_SIZE,
            test_size=TEST_SIZE,
            files=files,
            mirrors=(self.url,),
        )

    def registry(self) -> DatasetRegistry:
        """Return the built-in data sets with this MNIST in place of the real one."""
        return DatasetRegistry(self.spec() if spec.name == "mnist" else spec for spec in BUILT_IN_DATASETS)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.rpartition("/")[2]
                mirror.requests[name] += 1
                content = mirror.files.get(name)
                if content is None:
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                half = len(content) // 2
                self.wfile.write(content[:half])
                mirror.gate.wait(30)
                self.wfile.write(content[half:])

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler
