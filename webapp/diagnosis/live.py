"""Diagnoses of runs while they train, and when they end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from webapp.diagnosis.service import RunDiagnoses
from webapp.errors import NotFoundError
from webapp.threads import Event, spawn

SECONDS_BETWEEN = 1.0  # at least, after the first diagnoses of a run
EPOCHS_WITHOUT_PAUSE = 2
LARGEST_SHARE = 0.2  # of the time of one processor, for the diagnoses of one run

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Watch:
    """Events of a run since its last diagnosis: a new epoch or status, and its end."""

    changed: Event = field(default_factory=Event)
    ended: Event = field(default_factory=Event)


class LiveDiagnoses:
    """Updates the diagnosis of each run after its first two epochs, then at most once a second, and at its end.

    Each run has a greenlet, which computes in threads. Therefore, diagnoses delay neither epochs nor requests. When a
    run has ended ill, `on_ill_end` is called with its id.
    """

    def __init__(self, diagnoses: RunDiagnoses, on_ill_end: Callable[[int], None] = lambda _run_id: None) -> None:
        self._diagnoses = diagnoses
        self._on_ill_end = on_ill_end
        self._watches: dict[int, _Watch] = {}
        self._is_closed = False

    def handle_change(self, run_id: int, has_ended: bool) -> None:
        """Note that the run has a new epoch or status, and return at once."""
        if self._is_closed:
            return
        watch = self._watches.get(run_id)
        if watch is None:
            watch = self._watches[run_id] = _Watch()
            spawn(self._follow, run_id, watch)
        if has_ended:
            watch.ended.set()
        watch.changed.set()

    def close(self) -> None:
        """Start no further diagnosis."""
        self._is_closed = True
        for watch in self._watches.values():
            watch.ended.set()
            watch.changed.set()

    def _follow(self, run_id: int, watch: _Watch) -> None:
        try:
            self._diagnose_until_end(run_id, watch)
        except NotFoundError:
            pass  # the run was deleted
        except Exception:
            log.exception("The diagnosis of run %s failed; it is not repeated while the run trains", run_id)
            watch.ended.wait()
        finally:
            del self._watches[run_id]

    def _diagnose_until_end(self, run_id: int, watch: _Watch) -> None:
        while True:
            watch.changed.wait()
            watch.changed.clear()
            if self._is_closed:
                return
            has_ended = watch.ended.is_set()
            started = time.monotonic()
            found = self._diagnoses.update(run_id, cancelled=lambda: self._is_closed)
            if has_ended:
                if found.status == "ill" and not self._is_closed:
                    self._on_ill_end(run_id)
                return
            if found.epoch >= EPOCHS_WITHOUT_PAUSE:
                watch.ended.wait(max(SECONDS_BETWEEN, (time.monotonic() - started) / LARGEST_SHARE))
