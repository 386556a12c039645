"""Events of one run.

Each result is stored before it is published. Therefore, a restart of the server loses no result that a browser shows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from nn.diagnosis.telemetry_json import TelemetryJson
from webapp.realtime.publisher import Publisher
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import ENDED, RunStatus
from webapp.storage.run_store import RunStore
from webapp.worker.messages import BatchProgressed, EpochStored, Started

STATUS_INTERVAL = 1.0  # a completed epoch causes no status event within this many seconds after the previous one


# Called with the id of a run after one of its epochs, or its new status, was stored and published. The second argument
# is True if the run has ended. The function must return at once, without an error.
RunListener = Callable[[int, bool], None]


class RunEventLog:
    """Stores the events of the run `run_id`, publishes them, and calls `listeners` after each epoch and status."""

    def __init__(
        self, run_id: int, store: RunStore, publisher: Publisher, listeners: Sequence[RunListener] = ()
    ) -> None:
        self._run_id = run_id
        self._store = store
        self._publisher = publisher
        self._listeners = listeners
        self._next_status = 0.0
        self._last_telemetry = 0  # epoch

    def change_status(
        self,
        status: RunStatus,
        *,
        stop_reason: str | None = None,
        error: tuple[str, str] | None = None,
        best_epoch: int | None = None,
    ) -> bool:
        """Change the status of the run, and return False if the change is not allowed.

        `error` is a code and a message.
        """
        columns: dict[str, str | int | None] = {}
        if stop_reason is not None:
            columns["stop_reason"] = stop_reason
        if error is not None:
            columns["error_code"], columns["error_message"] = error
        if best_epoch is not None:
            columns["best_epoch"] = best_epoch
        changed = self._store.change_status(self._run_id, status, **columns)
        if changed:
            run = self._publish_status()
            if run is not None and status in ENDED:
                self._publisher.run_finished(run)
            self._call_listeners(has_ended=status in ENDED)
        return changed

    def record_event(self, message: Started | BatchProgressed | EpochStored) -> None:
        """Store and publish a message that the worker sends during training."""
        match message:
            case BatchProgressed():
                self._publisher.batch_progress(
                    {
                        "run_id": self._run_id,
                        "epoch": message.epoch,
                        "batch": message.batch,
                        "batches": message.batches,
                        "cost": message.cost,
                        "images_per_second": message.images_per_second,
                        "non_finite": message.non_finite,
                    }
                )
            case EpochStored():
                self._store.add_epoch(self._run_id, message.result, is_best=message.is_best)
                self._publish_telemetry(message.telemetry)
                self._publisher.epoch_completed(self._run_id, message.result)
                if time.monotonic() >= self._next_status:
                    self._publish_status()
                self._call_listeners(has_ended=False)
            case Started():
                self._store.set_sizes(self._run_id, message.model_dump(exclude={"type"}))
                self._publish_status()

    def _publish_telemetry(self, items: list[TelemetryJson]) -> None:
        if items:
            self._publisher.telemetry({"run_id": self._run_id, "after": self._last_telemetry, "items": items})
            self._last_telemetry = items[-1]["epoch"]

    def _publish_status(self) -> RunRecord | None:
        self._next_status = time.monotonic() + STATUS_INTERVAL
        run = self._store.run(self._run_id)
        if run is not None:
            self._publisher.run_status(run)
        return run

    def _call_listeners(self, *, has_ended: bool) -> None:
        for listener in self._listeners:
            listener(self._run_id, has_ended)
