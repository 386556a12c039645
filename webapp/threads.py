"""Threads, locks and pauses of gevent, with which long work lets other requests continue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ParamSpec, TypeVar

from gevent import get_hub, sleep
from gevent.lock import BoundedSemaphore, RLock

__all__ = ["BoundedSemaphore", "RLock", "in_thread", "with_pauses"]

SECONDS_BETWEEN_PARTS = 0.001  # with 0, gevent would not wait for sockets, and no other request could begin

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` in a thread, and return its result or raise its exception."""

    def call() -> tuple[Any, Exception | None]:
        # The pool prints a traceback for every exception, even an expected one, so none may reach it.
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
    """Yield the parts of a long response, with a pause after each one so that other requests can continue."""
    for part in parts:
        yield part
        sleep(SECONDS_BETWEEN_PARTS)
