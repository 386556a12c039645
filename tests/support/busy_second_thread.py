"""A second thread that has no time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from nn.parallel.second_thread import Task


@contextmanager
def busy_second_thread() -> Iterator[None]:
    """Keep the second thread from every other task."""
    begun, go_on = Event(), Event()

    def wait() -> None:
        begun.set()
        go_on.wait(60)

    task = Task(wait)
    assert begun.wait(60)
    try:
        yield
    finally:
        go_on.set()
        task.finish()
