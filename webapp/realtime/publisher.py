"""Publisher of events to the browsers that watch runs.

The publisher stores no events. A browser that missed events subscribes again, with the number of the last epoch that it
has received.
"""

from __future__ import annotations

from typing import Any, Protocol

from nn.training.events import EpochResultJson
from webapp.datasets.downloads import DatasetProgressEvent
from webapp.realtime.events import (
    BatchProgressEvent,
    DiagnosisEvent,
    EpochCompletedEvent,
    RunDeletedEvent,
    RunFinishedEvent,
    RunStatusEvent,
    SocketEvent,
    TelemetryEvent,
    TrialsEvent,
)
from webapp.storage.run_record import RunRecord

RUNS_ROOM = "runs"


def run_room(run_id: int) -> str:
    """Return the Socket.IO room of the browsers that watch one run."""
    return f"run-{run_id}"


class Emitter(Protocol):
    """The part of Flask-SocketIO's `SocketIO` that the publisher uses."""

    def emit(self, event: str, *args: Any, **kwargs: Any) -> Any:
        """Send `event` to the rooms in the keyword argument `to`. Without `to`, send it to everyone."""


class Publisher:
    """Sends events to Socket.IO rooms. Every number in an event is finite or null."""

    def __init__(self, socketio: Emitter) -> None:
        self._socketio = socketio

    def run_status(self, run: RunRecord) -> None:
        """Send the status of a run to the browsers that watch this run or all runs."""
        self._socketio.emit(SocketEvent.RUN_STATUS, run_status_event(run), to=[run_room(run.id), RUNS_ROOM])

    def batch_progress(self, event: BatchProgressEvent) -> None:
        """Send the progress within an epoch."""
        self._socketio.emit(SocketEvent.BATCH_PROGRESS, event, to=run_room(event["run_id"]))

    def epoch_completed(self, run_id: int, result: EpochResultJson) -> None:
        """Send the metrics of a stored epoch."""
        event: EpochCompletedEvent = {"run_id": run_id, **result}
        self._socketio.emit(SocketEvent.EPOCH_COMPLETED, event, to=run_room(run_id))

    def telemetry(self, event: TelemetryEvent) -> None:
        """Send stored telemetry."""
        self._socketio.emit(SocketEvent.TELEMETRY, event, to=run_room(event["run_id"]))

    def run_finished(self, run: RunRecord) -> None:
        """Send the end of a run to the browsers that watch it."""
        self._socketio.emit(SocketEvent.RUN_FINISHED, run_finished_event(run), to=run_room(run.id))

    def diagnosis(self, event: DiagnosisEvent) -> None:
        """Send the current diagnosis of a run to the browsers that watch it."""
        self._socketio.emit(SocketEvent.DIAGNOSIS, event, to=run_room(event["run_id"]))

    def trials(self, event: TrialsEvent) -> None:
        """Send the trials of a run to the browsers that watch it."""
        self._socketio.emit(SocketEvent.TRIALS, event, to=run_room(event["run_id"]))

    def run_deleted(self, run_id: int) -> None:
        """Send the deletion of a run to the browsers that watch this run or all runs."""
        event: RunDeletedEvent = {"run_id": run_id}
        self._socketio.emit(SocketEvent.RUN_DELETED, event, to=[run_room(run_id), RUNS_ROOM])

    def dataset_progress(self, progress: DatasetProgressEvent) -> None:
        """Send the progress of a download to everyone."""
        self._socketio.emit(SocketEvent.DATASET_PROGRESS, progress)


def run_status_event(run: RunRecord) -> RunStatusEvent:
    """Return the payload of the event `run_status`."""
    return {"run_id": run.id, "status": run.status, "run": run.to_json()}


def run_finished_event(run: RunRecord) -> RunFinishedEvent:
    """Return the payload of the event `run_finished`."""
    return {"run_id": run.id, "status": run.status, "stop_reason": run.stop_reason, "run": run.to_json()}
