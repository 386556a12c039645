"""A second thread for work on large arrays. NumPy releases the interpreter lock, so both threads run in parallel.

The second thread starts a task after about 30 µs, because a sleeping core must wake up. On a busy machine, the start
can take milliseconds. Therefore, a thread that needs the result makes the call itself unless the second thread has
already started it.
"""

from __future__ import annotations

from _thread import allocate_lock
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any


class Task:
    """A call that the second thread makes after the calls of earlier tasks.

    The call writes its result into arrays. The result must not depend on the thread that makes the call.
    """

    def __init__(self, call: Callable[..., object], *arguments: Any) -> None:
        self._call = partial(copy_context().run, call)  # preserves NumPy's `errstate` of the calling thread
        self._arguments = arguments
        self._claim = allocate_lock()  # the thread that acquires this lock makes the call
        self._made = allocate_lock()
        self._made.acquire()
        self._error: BaseException | None = None
        _tasks.put(self)

    def finish(self) -> None:
        """Wait for the call, or make it in this thread if it has not started. Raises the exceptions of the call."""
        self.make_call()
        with self._made:
            if self._error is not None:
                raise self._error

    def make_call(self) -> None:
        """Make the call, unless another thread has started it."""
        if self._claim.acquire(blocking=False):
            try:
                self._call(*self._arguments)
            except BaseException as error:  # raised by `finish`
                self._error = error
            self._made.release()


def _make_calls() -> None:
    while True:
        _tasks.get().make_call()


_tasks: SimpleQueue[Task] = SimpleQueue()
Thread(target=_make_calls, name="second", daemon=True).start()
