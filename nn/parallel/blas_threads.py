"""Limits on the threads of the linear algebra library (BLAS)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def limit_blas_to_one_thread() -> AbstractContextManager[object]:
    """Return a context that limits BLAS to one thread, because its other threads keep a core busy while they wait.

    The limit applies to the whole process. If the contexts of two threads overlap, the
    limit can be absent in the second context, and can remain after both contexts have ended.
    """
    limits: AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return limits


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()
