"""Protocol: the benchmark requests an epoch, and the contender reports the time of the epoch and the test accuracy."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import NoReturn

from benchmarks.contenders.workloads import WORKLOADS, Workload


def parse_arguments() -> tuple[Workload, int]:
    """Return the workload and the number of threads from the command line."""
    return WORKLOADS[sys.argv[1]], int(sys.argv[2])


def report_values(**values: float) -> None:
    """Write the values as one line of JSON."""
    print(json.dumps(values), flush=True)


def wait_for_turn() -> None:
    """Wait for the next request, a line of input, and exit if the input ends."""
    if not sys.stdin.readline():
        sys.exit()


def take_turns(epoch: Callable[[], object], accuracy: Callable[[], float], *, compile_seconds: float = 0.0) -> NoReturn:
    """Train for one epoch at each request, and report the seconds of training and the test accuracy."""
    report_values(compile_seconds=compile_seconds)
    while True:
        wait_for_turn()
        started = time.perf_counter()
        epoch()
        report_values(seconds=time.perf_counter() - started, accuracy=accuracy())
