"""Messages between the server and a worker process. They are JSON, because unpickling can run arbitrary code."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from nn.diagnosis.telemetry_json import TelemetryJson
from nn.training.events import EpochResultJson, StopReason


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def encode(self) -> bytes:
        """Return the bytes of the message."""
        return self.model_dump_json().encode()


class Started(_Message):
    """Message at the start of training: the sizes of the splits and the network, and the fingerprints of the data."""

    type: Literal["started"] = "started"
    train_size: int
    validation_size: int
    test_size: int
    parameter_count: int
    batches_per_epoch: int
    train_fingerprint: str
    test_fingerprint: str


class BatchProgressed(_Message):
    """Message after a mini-batch. Numbers that are not finite are None, and `non_finite` names them."""

    type: Literal["batch_progress"] = "batch_progress"
    epoch: int
    batch: int
    batches: int
    cost: float | None
    images_per_second: float | None
    non_finite: list[str]


class EpochStored(_Message):
    """Message after the files of an epoch are written. `telemetry` contains the moments since the epoch before."""

    type: Literal["epoch_completed"] = "epoch_completed"
    result: EpochResultJson
    is_best: bool
    telemetry: list[TelemetryJson] = Field(default_factory=list)


class Finished(_Message):
    """Last message of a worker whose training ended without an error."""

    type: Literal["finished"] = "finished"
    stop_reason: StopReason
    best_epoch: int | None


class Failed(_Message):
    """Last message of a worker whose training ended with an error. `traceback` is for the server's log."""

    type: Literal["failed"] = "failed"
    code: str
    message: str
    traceback: str | None = None


WorkerMessage = Annotated[
    Started | BatchProgressed | EpochStored | Finished | Failed,
    Field(discriminator="type"),
]
_WORKER_MESSAGES: TypeAdapter[WorkerMessage] = TypeAdapter(WorkerMessage)


class CommandType(StrEnum):
    """Kinds of commands."""

    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    CHANGE = "change"


class Command(_Message):
    """A command to a worker. For CHANGE, `values` maps hyperparameters to their new values."""

    type: CommandType
    values: dict[str, float] = Field(default_factory=dict)


STOP = Command(type=CommandType.STOP)
PAUSE = Command(type=CommandType.PAUSE)
RESUME = Command(type=CommandType.RESUME)


def decode_message(content: bytes) -> WorkerMessage:
    """Decode a message from a worker. Raises ValueError if `content` is not such a message."""
    return _WORKER_MESSAGES.validate_json(content)


def decode_command(content: bytes) -> Command:
    """Decode a command from the server. Raises ValueError if `content` is not such a command."""
    return Command.model_validate_json(content)
