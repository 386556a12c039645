"""A spawned process and the pipe to it."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import gevent
from gevent.threadpool import ThreadPool

LONGEST_MESSAGE = 2**20
MESSAGES_AT_ONCE = 8  # after a lock, hundreds wait; handling all of them without a pause would delay requests
SECONDS_TO_END = 2.0  # until a process that has closed its pipe is killed

_context = multiprocessing.get_context("spawn")


class ChildProcess:
    """A process that calls `target` with its end of the pipe and `settings`, and ends with this process.

    Raises OSError if the process cannot be started. A thread reads the pipe, because reading would block all greenlets.
    """

    def __init__(self, target: Callable[..., None], **settings: Any) -> None:
        self._thread = ThreadPool(1)
        self._connection, child_end = _context.Pipe()
        with child_end:  # once this copy is closed, the pipe closes when the process exits
            self._process = _context.Process(target=target, args=(child_end,), kwargs=settings, daemon=True)
            self._process.start()

    def contents(self) -> Iterator[bytes]:
        """Yield the content of each message until the process closes the pipe or dies."""
        while contents := self._thread.apply(self._receive):
            yield from contents

    def send_bytes(self, content: bytes) -> None:
        """Send a message if the process has not exited."""
        with suppress(OSError):
            self._connection.send_bytes(content)

    def has_ended(self) -> bool:
        """Return True if the process has exited."""
        return not self._process.is_alive()

    def kill(self) -> None:
        """Kill the process."""
        self._process.kill()

    def end(self) -> str:
        """Wait for the process to exit, kill it if it still runs after 2 seconds, and return how it exited.

        Call this method once, after all others.
        """
        with gevent.Timeout(SECONDS_TO_END, False):
            self._wait()
        self._process.kill()
        self._wait()
        code = self._process.exitcode or 0
        self._process.close()
        self._thread.kill()
        self._connection.close()
        return f"was killed by {_signal_name(-code)}" if code < 0 else f"ended with exit code {code}"

    def _wait(self) -> None:
        while self._process.exitcode is None:
            gevent.sleep(0.005)

    def _receive(self) -> list[bytes]:
        """Wait for a message, and return a list of all messages that have arrived.

        The list is empty if the pipe has closed.
        """
        contents: list[bytes] = []
        with suppress(EOFError, OSError):
            contents.append(self._connection.recv_bytes(LONGEST_MESSAGE))
            while len(contents) < MESSAGES_AT_ONCE and self._connection.poll():
                contents.append(self._connection.recv_bytes(LONGEST_MESSAGE))
        return contents


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
