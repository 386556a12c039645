"""Socket.IO events that the server sends, and their payloads."""

from __future__ import annotations

from enum import StrEnum

from typing_extensions import TypedDict

from nn.diagnosis.finding import FindingJson, Status
from nn.diagnosis.telemetry_json import TelemetryJson
from nn.training.events import EpochResultJson
from nn.trials.trials_json import TrialsJson
from webapp.storage.run_record import RunJson
from webapp.storage.run_status import RunStatus


class SocketEvent(StrEnum):
    """Names of the events."""

    RUN_STATUS = "run_status"
    BATCH_PROGRESS = "batch_progress"
    EPOCH_COMPLETED = "epoch_completed"
    TELEMETRY = "telemetry"
    RUN_FINISHED = "run_finished"
    RUN_DELETED = "run_deleted"
    DIAGNOSIS = "diagnosis"
    TRIALS = "trials"
    DATASET_PROGRESS = "dataset_progress"


class RunStatusEvent(TypedDict):
    """The current status of a run."""

    run_id: int
    status: RunStatus
    run: RunJson


class RunFinishedEvent(TypedDict):
    """The end of a run."""

    run_id: int
    status: RunStatus
    stop_reason: str | None
    run: RunJson


class RunDeletedEvent(TypedDict):
    """The deletion of a run."""

    run_id: int


class BatchProgressEvent(TypedDict):
    """The progress within an epoch."""

    run_id: int
    epoch: int
    batch: int
    batches: int
    cost: float | None
    images_per_second: float | None
    non_finite: list[str]


class DiagnosisEvent(TypedDict):
    """The status and the findings of a run's current diagnosis."""

    run_id: int
    status: Status
    findings: list[FindingJson]


class TrialsEvent(TypedDict):
    """The trials of a run so far."""

    run_id: int
    trials: TrialsJson


class EpochCompletedEvent(EpochResultJson):
    """The metrics of a stored epoch."""

    run_id: int


class TelemetryEvent(TypedDict):
    """The stored telemetry of the epochs after `after`, up to that of the last item."""

    run_id: int
    after: int
    items: list[TelemetryJson]
