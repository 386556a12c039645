"""The server's side of one worker process."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import suppress

import gevent
from gevent.threadpool import ThreadPool

from webapp.worker.entry import work
from webapp.worker.messages import Command, Message, decode, encode

LONGEST_MESSAGE = 2**20
MESSAGES_AT_ONCE = 64
SECONDS_TO_END = 2.0  # for a worker that has closed its pipe

_context = multiprocessing.get_context("spawn")


class WorkerProcess:
    """A spawned process and the pipe to it. Raises OSError where the process cannot be started.

    gevent is not monkey-patched, so that reading the pipe, which blocks, is done in a thread of `threads`.
    """

    def __init__(
        self, threads: ThreadPool, *, folder: str, datasets_dir: str, cache_dir: str, hyperparameters: str
    ) -> None:
        self._threads = threads
        self._connection, its_end = _context.Pipe()
        with its_end:  # the process has its own; once ours is closed, its death is the end of the pipe
            self._process = _context.Process(
                target=work, args=(its_end, folder, datasets_dir, cache_dir, hyperparameters), daemon=True
            )
            self._process.start()

    @property
    def pid(self) -> int | None:
        """The process's number."""
        return self._process.pid

    def messages(self) -> Iterator[Message]:
        """Everything that the worker says, until it closes the pipe or dies."""
        while contents := self._threads.apply(self._receive):
            yield from map(decode, contents)

    def send(self, command: Command) -> None:
        """Tell the worker what to do; one that has just ended is beyond caring."""
        with suppress(OSError):
            self._connection.send_bytes(encode(command))

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def end(self) -> str:
        """Wait for the process to end, and make it if need be; how it ended, in words. Call once, at last."""
        with gevent.Timeout(SECONDS_TO_END, False):
            self._wait()
        self._process.kill()
        self._wait()
        code = self._process.exitcode or 0
        self._process.close()
        self._connection.close()
        return f"was killed by {_signal_name(-code)}" if code < 0 else f"ended with exit code {code}"

    def _wait(self) -> None:
        while self._process.exitcode is None:
            gevent.sleep(0.005)

    def _receive(self) -> list[bytes]:
        """Wait for a message and take those that are there with it; empty at the end of the pipe."""
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
