"""Tasks: each call runs exactly once, in the second thread or in the thread that needs its result."""

from __future__ import annotations

from threading import Event, get_ident

import numpy as np
import pytest

from nn.parallel.second_thread import Task
from tests.support.busy_second_thread import busy_second_thread


def test_a_task_runs_in_the_second_thread() -> None:
    thread_ids: list[int] = []
    done = Event()

    def call() -> None:
        thread_ids.append(get_ident())
        done.set()

    task = Task(call)
    assert done.wait(30)
    task.finish()
    assert len(thread_ids) == 1
    assert thread_ids[0] != get_ident()


def test_a_task_that_has_not_started_runs_in_the_thread_that_finishes_it() -> None:
    thread_ids: list[int] = []
    with busy_second_thread():
        task = Task(lambda: thread_ids.append(get_ident()))
        task.finish()
        assert thread_ids == [get_ident()]
    is_later_task_done = Event()
    Task(is_later_task_done.set)  # the second thread first skips `task`, and then runs this task
    assert is_later_task_done.wait(30)
    assert thread_ids == [get_ident()]


def test_tasks_start_in_order() -> None:
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
        raise ValueError("failed")

    task = Task(fail)
    assert done.wait(30)
    for _ in range(2):
        with pytest.raises(ValueError, match="failed"):
            task.finish()


def test_the_second_thread_uses_the_same_error_settings() -> None:
    """Without these settings, NumPy would warn of an overflow, and warnings are errors in tests."""
    done = Event()

    def overflow() -> None:
        np.square(np.array([1e300]))
        done.set()

    with np.errstate(over="ignore"):
        task = Task(overflow)
        assert done.wait(30)
        task.finish()
