"""Limits on the threads of the linear algebra library (BLAS)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Lock

from threadpoolctl import ThreadpoolController


class BlasLimit:
    """A limit of BLAS to one thread in the whole process while at least one context is open.

    Contexts of several threads can overlap. The first to open sets the limit, and the last to close restores the number
    of threads.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._n_open = 0
        self._restore = ExitStack()
        self._libraries: ThreadpoolController | None = None

    @contextmanager
    def one_thread(self) -> Iterator[None]:
        """Return a context with the limit."""
        self._open()
        try:
            yield
        finally:
            self._close()

    def _open(self) -> None:
        with self._lock:
            self._n_open += 1
            if self._n_open == 1:
                self._libraries = self._libraries or ThreadpoolController()
                self._restore.enter_context(self._libraries.limit(limits=1, user_api="blas"))

    def _close(self) -> None:
        with self._lock:
            self._n_open -= 1
            if not self._n_open:
                self._restore.close()


_LIMIT = BlasLimit()


def limit_blas_to_one_thread() -> AbstractContextManager[None]:
    """Return a context that limits BLAS to one thread, because its other threads keep a core busy while they wait."""
    return _LIMIT.one_thread()
