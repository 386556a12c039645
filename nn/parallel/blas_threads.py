"""Keeping the linear algebra library to one thread."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache

from threadpoolctl import ThreadpoolController


def limit_blas_to_one_thread() -> AbstractContextManager[object]:
    """Within it, products are made in one thread: the library's own second one waits by spinning.

    Holds for the whole process. Where several such blocks overlap, some may outlast the others' end.
    """
    limits: AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return limits


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()
