"""A stopwatch that excludes pauses."""

from __future__ import annotations

import time
from collections.abc import Callable


class Stopwatch:
    """Seconds since the start of a run, without pauses."""

    def __init__(self) -> None:
        self.restart(0.0)

    def restart(self, elapsed_seconds: float) -> None:
        """Restart the count at `elapsed_seconds`."""
        self._origin = time.perf_counter() - elapsed_seconds

    @property
    def seconds(self) -> float:
        """The seconds since the start."""
        return time.perf_counter() - self._origin

    def run_uncounted(self, wait: Callable[[], bool]) -> bool:
        """Call `wait` without counting its time, and return its result."""
        started = time.perf_counter()
        result = wait()
        self._origin += time.perf_counter() - started
        return result
