"""A stopwatch that excludes pauses."""

from __future__ import annotations

import time
from itertools import chain, repeat

import pytest

from nn.training.stopwatch import Stopwatch


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a list whose only element is the time of the mocked clock."""
    clock_time = [100.0]
    monkeypatch.setattr(time, "perf_counter", lambda: clock_time[0])
    return clock_time


def test_seconds_since_the_start(now: list[float]) -> None:
    clock = Stopwatch()
    now[0] += 2.5
    assert clock.seconds == 2.5


def test_uncounted_time_is_excluded(now: list[float]) -> None:
    clock = Stopwatch()
    now[0] += 1
    results = chain([True], repeat(False))

    def wait() -> bool:
        now[0] += 60
        return next(results)

    assert clock.run_uncounted(wait) is True
    assert clock.run_uncounted(wait) is False
    now[0] += 1
    assert clock.seconds == 2.0


def test_a_restarted_stopwatch_continues_from_its_value(now: list[float]) -> None:
    clock = Stopwatch()
    now[0] += 5
    clock.restart(30.0)
    now[0] += 1
    assert clock.seconds == 31.0
