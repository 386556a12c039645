"""Tells the browsers that watch a run what has just been stored about it.

Nothing is kept here: who missed something asks for it again by subscribing with the last epoch that he has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from webapp.realtime.events import SocketEvent
from webapp.storage.run_record import RunRecord

RUNS_ROOM = "runs"


def run_room(run_id: int) -> str:
    """The room of those who watch one run."""
    return f"run-{run_id}"


class Emitter(Protocol):
    """The part of Flask-SocketIO's `SocketIO` that is used here."""

    def emit(self, event: str, *args: Any, **kwargs: Any) -> Any:
        """Send `event` to everyone in the rooms that the keyword `to` names, or to everyone."""


class Publisher:
    """Sends events to Socket.IO rooms; every number in them is finite or null."""

    def __init__(self, socketio: Emitter) -> None:
        self._socketio = socketio

    def run_status(self, run: RunRecord) -> None:
        """Tell those who watch this run, or all runs, how it stands."""
        self._socketio.emit(SocketEvent.RUN_STATUS, run_status_payload(run), to=[run_room(run.id), RUNS_ROOM])

    def batch_progress(self, run_id: int, progress: Mapping[str, Any]) -> None:
        """Pass on how far an epoch is: `epoch, batch, batches, cost, images_per_second`."""
        self._socketio.emit(SocketEvent.BATCH_PROGRESS, {"run_id": run_id, **progress}, to=run_room(run_id))

    def epoch_completed(self, run_id: int, result: Mapping[str, Any]) -> None:
        """Pass on the EpochResult JSON of an epoch that is stored."""
        self._socketio.emit(SocketEvent.EPOCH_COMPLETED, {"run_id": run_id, **result}, to=run_room(run_id))

    def run_finished(self, run: RunRecord) -> None:
        """Tell those who watch this run that nothing more will come."""
        self._socketio.emit(SocketEvent.RUN_FINISHED, run_finished_payload(run), to=run_room(run.id))

    def dataset_progress(
        self,
        dataset: str,
        state: str,
        *,
        file: str | None = None,
        received_bytes: int = 0,
        total_bytes: int = 0,
        error: str | None = None,
    ) -> None:
        """Tell everyone how far a download is; `state` is fetching, available or failed."""
        payload = {
            "dataset": dataset,
            "state": state,
            "file": file,
            "received_bytes": received_bytes,
            "total_bytes": total_bytes,
            "error": error,
        }
        self._socketio.emit(SocketEvent.DATASET_PROGRESS, payload)


def run_status_payload(run: RunRecord) -> dict[str, Any]:
    """What `run_status` carries; a late subscriber is sent the same."""
    return {"run_id": run.id, "status": run.status.value, "run": run.to_json()}


def run_finished_payload(run: RunRecord) -> dict[str, Any]:
    """What `run_finished` carries; a replay to one late subscriber sends the same."""
    return {"run_id": run.id, "status": run.status.value, "stop_reason": run.stop_reason, "run": run.to_json()}
