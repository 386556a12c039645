"""The part of a worker process that receives the server's commands."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from queue import SimpleQueue

from webapp.worker.messages import Command, CommandType, decode_command


class WorkerControl:
    """The `nn.training.control.Control` of a worker. A separate thread receives the commands of the server.

    The training thread calls `on_pause` at the start of each pause.
    """

    def __init__(self, connection: Connection, *, on_pause: Callable[[], None]) -> None:
        self._connection = connection
        self._on_pause = on_pause
        self._running = threading.Event()
        self._running.set()
        self._stopped = False
        self._changes: SimpleQueue[Mapping[str, float]] = SimpleQueue()
        threading.Thread(target=self._receive_commands, daemon=True).start()

    def proceed(self) -> bool:
        """Wait while the run is paused. Return False if training must stop."""
        if not self._running.is_set():
            self._on_pause()
            self._running.wait()
        return not self._stopped

    def changes(self) -> Mapping[str, float]:
        """Return the hyperparameters that have changed since the last call."""
        changes: dict[str, float] = {}
        while not self._changes.empty():
            changes |= self._changes.get()
        return changes

    def _receive_commands(self) -> None:
        try:
            while True:
                self._apply(decode_command(self._connection.recv_bytes()))
        except (OSError, EOFError):  # the server has closed the pipe or has ended
            os._exit(1)

    def _apply(self, command: Command) -> None:
        match command.type:
            case CommandType.PAUSE if not self._stopped:  # a pause that arrives after a stop must not delay it
                self._running.clear()
            case CommandType.RESUME:
                self._running.set()
            case CommandType.STOP:
                self._stopped = True
                self._running.set()
            case CommandType.CHANGE:
                self._changes.put(command.values)
