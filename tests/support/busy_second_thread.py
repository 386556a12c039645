"""Context manager that keeps the second thread of `nn.parallel` busy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from nn.parallel.second_thread import Task


@contextmanager
def busy_second_thread() -> Iterator[None]:
    """Keep the second thread busy during the `with` block, so that it starts no other task."""
    has_started, may_end = Event(), Event()

    def wait() -> None:
        has_started.set()
        may_end.wait(60)

    task = Task(wait)
    assert has_started.wait(60)
    try:
        yield
    finally:
        may_end.set()
        task.finish()
