"""A stopwatch that excludes pauses."""

from __future__ import annotations

import time
from itertools import chain, repeat

import pytest

from nn.training.stopwatch import Stopwatch


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the machine's clock says; a test sets it."""
    moment = [100.0]
    monkeypatch.setattr(time, "perf_counter", lambda: moment[0])
    return moment


def test_seconds_since_the_start(now: list[float]) -> None:
    clock = Stopwatch()
    now[0] += 2.5
    assert clock.seconds == 2.5


def test_waiting_does_not_count(now: list[float]) -> None:
    clock = Stopwatch()
    now[0] += 1
    answers = chain([True], repeat(False))

    def wait() -> bool:
        now[0] += 60
        return next(answers)

    assert clock.run_uncounted(wait) is True
    assert clock.run_uncounted(wait) is False
    now[0] += 1
    assert clock.seconds == 2.0


def test_a_resumed_run_counts_on(now: list[float]) -> None:
    clock = Stopwatch()
    now[0] += 5
    clock.restart(30.0)
    now[0] += 1
    assert clock.seconds == 31.0
