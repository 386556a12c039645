"""Work that would hold up every other request, done in a thread of gevent's pool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from gevent import get_hub

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The function's result, or its exception, while other greenlets go on."""

    def work() -> tuple[Any, Exception | None]:
        # The pool prints a traceback of whatever is raised in it, even where the caller expects it.
        try:
            return function(*args, **kwargs), None
        except Exception as error:
            return None, error

    result: T
    result, error = get_hub().threadpool.spawn(work).get()
    if error is not None:
        raise error
    return result
