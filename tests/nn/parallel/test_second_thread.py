"""Tasks: every call is made once, whichever thread makes it."""

from __future__ import annotations

from threading import Event, get_ident

import numpy as np
import pytest

from nn.parallel.second_thread import Task
from tests.support.busy_second_thread import busy_second_thread


def test_a_task_is_done_elsewhere_meanwhile() -> None:
    made_by: list[int] = []
    done = Event()

    def call() -> None:
        made_by.append(get_ident())
        done.set()

    task = Task(call)
    assert done.wait(30)
    task.finish()
    assert len(made_by) == 1
    assert made_by[0] != get_ident()


def test_a_task_that_was_not_begun_is_done_by_whoever_needs_it() -> None:
    made_by: list[int] = []
    with busy_second_thread():
        task = Task(lambda: made_by.append(get_ident()))
        task.finish()
        assert made_by == [get_ident()]
    passed_over = Event()
    Task(passed_over.set)  # tasks are taken in turn
    assert passed_over.wait(30)
    assert made_by == [get_ident()]


def test_tasks_are_begun_in_their_order() -> None:
    order: list[int] = []
    done = Event()
    for number in range(50):
        Task(order.append, number)
    Task(done.set)
    assert done.wait(30)
    assert order == list(range(50))


def test_every_finish_raises_the_error_of_the_call() -> None:
    done = Event()

    def fail() -> None:
        done.set()
        raise ValueError("no")

    task = Task(fail)
    assert done.wait(30)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            task.finish()


def test_what_is_ignored_here_is_ignored_there() -> None:
    """NumPy warns of an overflow, and warnings are errors in tests."""
    done = Event()

    def overflow() -> None:
        np.square(np.array([1e300]))
        done.set()

    with np.errstate(over="ignore"):
        task = Task(overflow)
        assert done.wait(30)
        task.finish()
