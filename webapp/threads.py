"""Threads, greenlets, locks and pauses of gevent. With them, a long computation does not delay other requests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from gevent import get_hub, sleep, spawn
from gevent.event import AsyncResult, Event
from gevent.lock import BoundedSemaphore, RLock

__all__ = ["BoundedSemaphore", "Event", "NewestFirst", "RLock", "in_thread", "retry_while", "spawn", "with_pauses"]

SECONDS_BETWEEN_PARTS = 0.001  # with 0, gevent would not check sockets, so no new request could begin
SECONDS_BETWEEN_ATTEMPTS = 0.05

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` in a thread, and return its result or raise its exception."""

    def call() -> tuple[Any, Exception | None]:
        # Return the exception, because the pool prints a traceback for every exception that reaches it.
        try:
            return function(*args, **kwargs), None
        except Exception as error:
            return None, error

    result: T
    result, error = get_hub().threadpool.spawn(call).get()
    if error is not None:
        raise error
    return result


def with_pauses(parts: Iterable[T]) -> Iterator[T]:
    """Yield the parts of a long response, with a pause after each part, so that other requests can continue."""
    for part in parts:
        yield part
        sleep(SECONDS_BETWEEN_PARTS)


def retry_while(
    error: type[Exception] | tuple[type[Exception], ...],
    operation: Callable[[], T],
    *,
    seconds: float = float("inf"),
    cancelled: Callable[[], bool] = lambda: False,
) -> T:
    """Call `operation` until it does not raise `error`, and return its result. Between calls, other greenlets run.

    After `seconds`, or once `cancelled()` is True, the function raises the error.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return operation()
        except error:
            if cancelled() or time.monotonic() >= deadline:
                raise
        sleep(SECONDS_BETWEEN_ATTEMPTS)


class NewestFirst:
    """Lets one request at a time proceed. Of the requests that wait, the newest one is next.

    At most `max_waiting` requests wait. Another one replaces the oldest, because its client has probably sent newer
    values since.
    """

    def __init__(self, max_waiting: int) -> None:
        self._max_waiting = max_waiting
        self._is_busy = False
        self._waiting: list[AsyncResult[bool]] = []

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Wait for a turn. The context is True, or False if newer requests have replaced this one."""
        if self._is_busy:
            turn: AsyncResult[bool] = AsyncResult()
            self._waiting.append(turn)
            if len(self._waiting) > self._max_waiting:
                self._waiting.pop(0).set(False)
            if not turn.get():
                yield False
                return
        self._is_busy = True
        try:
            yield True
        finally:
            if self._waiting:
                self._waiting.pop().set(True)  # the turn passes on, so `_is_busy` remains True
            else:
                self._is_busy = False
