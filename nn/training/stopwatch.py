"""Time that counts, and time that does not."""

from __future__ import annotations

import time
from collections.abc import Callable


class Stopwatch:
    """Seconds since the start of a run, without those in which it was paused."""

    def __init__(self) -> None:
        self.restart(0.0)

    def restart(self, elapsed_seconds: float) -> None:
        """Count on from `elapsed_seconds`."""
        self._origin = time.perf_counter() - elapsed_seconds

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        return time.perf_counter() - self._origin

    def run_uncounted(self, wait: Callable[[], bool]) -> bool:
        """What `wait` returns; the time it takes is not counted."""
        started = time.perf_counter()
        answer = wait()
        self._origin += time.perf_counter() - started
        return answer
