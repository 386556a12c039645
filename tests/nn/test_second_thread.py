"""Tasks: every call is made once, whichever thread makes it."""

from __future__ import annotations

from threading import Event, get_ident

import pytest

from nn.second_thread import Task


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
    begun, go_on = Event(), Event()
    made_by: list[int] = []

    def wait() -> None:
        begun.set()
        go_on.wait(30)

    busy = Task(wait)
    assert begun.wait(30)
    task = Task(lambda: made_by.append(get_ident()))
    task.finish()
    assert made_by == [get_ident()]
    go_on.set()
    busy.finish()
    last = Task(lambda: None)  # tasks are taken in turn: once it is done, the second thread has passed over `task`
    last.finish()
    assert made_by == [get_ident()]


def test_tasks_are_begun_in_their_order() -> None:
    order: list[int] = []
    done = Event()
    tasks = [Task(order.append, number) for number in range(50)]
    tasks.append(Task(done.set))
    assert done.wait(30)
    assert order == list(range(50))


def test_what_goes_wrong_is_told_each_time_it_is_asked() -> None:
    done = Event()

    def fail() -> None:
        done.set()
        raise ValueError("no")

    task = Task(fail)
    assert done.wait(30)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            task.finish()
