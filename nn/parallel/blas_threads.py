"""Limits on the threads of the linear algebra library (BLAS)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def limit_blas_to_one_thread() -> AbstractContextManager[object]:
    """Return a context that limits BLAS to one thread, because its other threads keep a core busy while they wait.

    The limit applies to the whole process. If contexts overlap, the limit can outlast the first one to end.
    """
    limits: AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return limits


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()
