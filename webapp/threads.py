"""Threads and locks: blocking work in a thread of gevent's pool, while other greenlets continue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from gevent import get_hub
from gevent.lock import BoundedSemaphore, RLock

__all__ = ["BoundedSemaphore", "RLock", "in_thread"]

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
