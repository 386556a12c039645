"""What happens to one run: stored first, then told, so that nobody is told what a restart would forget."""

from __future__ import annotations

import time

from webapp.realtime.publisher import Publisher
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import ENDED, RunStatus
from webapp.storage.run_store import RunStore
from webapp.worker.messages import Message, WorkerEvent

STATUS_INTERVAL = 1.0  # seconds between two words to those who watch all runs


class RunEventLog:
    """Writes down the events of the run `run_id` and passes them on."""

    def __init__(self, run_id: int, store: RunStore, publisher: Publisher) -> None:
        self._run_id = run_id
        self._store = store
        self._publisher = publisher
        self._next_status = 0.0

    def change_status(
        self,
        status: RunStatus,
        *,
        stop_reason: str | None = None,
        error: tuple[str, str] | None = None,
        best_epoch: int | None = None,
    ) -> bool:
        """Move the run to `status`, for an `error` of code and message; `False` where that is not allowed."""
        columns: dict[str, str | int | None] = {}
        if stop_reason is not None:
            columns["stop_reason"] = stop_reason
        if error is not None:
            columns["error_code"], columns["error_message"] = error
        if best_epoch is not None:
            columns["best_epoch"] = best_epoch
        changed = self._store.change_status(self._run_id, status, **columns)
        if changed:
            run = self._tell_status()
            if run is not None and status in ENDED:
                self._publisher.run_finished(run)
        return changed

    def note(self, message: Message) -> None:
        """Keep what a worker says of its training while it goes on."""
        kind = message.pop("type")
        match kind:
            case WorkerEvent.BATCH_PROGRESS:
                self._publisher.batch_progress(self._run_id, message)
            case WorkerEvent.EPOCH_COMPLETED:
                self._store.add_epoch(self._run_id, message["result"], is_best=message["is_best"])
                self._publisher.epoch_completed(self._run_id, message["result"])
                if time.monotonic() >= self._next_status:
                    self._tell_status()
            case WorkerEvent.STARTED:
                sizes = ("train_size", "validation_size", "test_size", "parameter_count", "batches_per_epoch")
                self._store.set_sizes(self._run_id, {name: message[name] for name in sizes})
                self._tell_status()

    def _tell_status(self) -> RunRecord | None:
        self._next_status = time.monotonic() + STATUS_INTERVAL
        run = self._store.run(self._run_id)
        if run is not None:
            self._publisher.run_status(run)
        return run
