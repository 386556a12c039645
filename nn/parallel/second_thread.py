"""A second thread, for large work on arrays: NumPy lets both threads run at once while it is at it.

Handing work over takes some 30 µs, as a core that sleeps must be woken. If it has other work, that can become
milliseconds: so whoever needs the outcome first does the work, unless it has been begun.
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
    """A call that the second thread makes as soon as it has made those of earlier tasks.

    Its outcome is what it writes into arrays. That must not depend on which thread makes the call.
    """

    def __init__(self, call: Callable[..., object], *arguments: Any) -> None:
        self._call = partial(copy_context().run, call)  # with NumPy's `errstate` of whoever asks for it
        self._arguments = arguments
        self._claim = allocate_lock()  # whoever gets it makes the call
        self._made = allocate_lock()
        self._made.acquire()
        self._error: BaseException | None = None
        _tasks.put(self)

    def finish(self) -> None:
        """Return once the call is made, here if it has not been begun. Raises what the call raises."""
        self.make_call()
        with self._made:
            if self._error is not None:
                raise self._error

    def make_call(self) -> None:
        """Make the call, unless that has been begun elsewhere."""
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
