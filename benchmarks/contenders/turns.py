"""The contender's side of a race in which each one's epoch comes in turn: what it says over its own pipe."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import NoReturn

from benchmarks.contenders.workloads import WORKLOADS, Workload


def chosen() -> tuple[Workload, int]:
    """The workload and the number of threads that the command line names."""
    return WORKLOADS[sys.argv[1]], int(sys.argv[2])


def tell(**figures: float) -> None:
    """Answer with one line."""
    print(json.dumps(figures), flush=True)


def wait_for_turn() -> None:
    """Return at the next line that is read; end with the race."""
    if not sys.stdin.readline():
        sys.exit()


def take_turns(epoch: Callable[[], object], accuracy: Callable[[], float], *, compile_seconds: float = 0.0) -> NoReturn:
    """Train for one epoch at each turn and tell how long it took; the test images, read after it, are not counted."""
    tell(compile_seconds=compile_seconds)
    while True:
        wait_for_turn()
        started = time.perf_counter()
        epoch()
        tell(seconds=time.perf_counter() - started, accuracy=accuracy())
