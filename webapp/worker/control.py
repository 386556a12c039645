"""How the server's commands reach the training loop."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection

from webapp.worker.messages import Command, decode


class WorkerControl:
    """Hears commands on a thread of its own; training asks `proceed` before each batch (`nn.training.trainer.Control`).

    `on_pause` is called, in the training thread, each time that training begins to wait.
    """

    def __init__(self, connection: Connection, *, on_pause: Callable[[], None]) -> None:
        self._connection = connection
        self._on_pause = on_pause
        self._going = threading.Event()
        self._going.set()
        self._stopped = False
        threading.Thread(target=self._listen, daemon=True).start()

    def proceed(self) -> bool:
        """Wait while paused; whether training shall go on."""
        if not self._going.is_set():
            self._on_pause()
            self._going.wait()
        return not self._stopped

    def _listen(self) -> None:
        try:
            while True:
                self._obey(Command(decode(self._connection.recv_bytes())["type"]))
        except OSError:  # with it EOFError: the server has closed the pipe or is gone
            os._exit(1)

    def _obey(self, command: Command) -> None:
        match command:
            case Command.PAUSE if not self._stopped:  # one that crossed with a stop would hold it up
                self._going.clear()
            case Command.RESUME:
                self._going.set()
            case Command.STOP:
                self._stopped = True
                self._going.set()
