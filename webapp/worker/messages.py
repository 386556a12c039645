"""Messages between the server and a worker process: JSON objects in bytes, so that nothing is unpickled."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from nn.training.events import EpochResultJson, StopReason


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def encode(self) -> bytes:
        """Return the bytes of the message."""
        return self.model_dump_json().encode()


class Started(_Message):
    """Training has begun; the sizes of its splits and of the network."""

    type: Literal["started"] = "started"
    train_size: int
    validation_size: int
    test_size: int
    parameter_count: int
    batches_per_epoch: int


class BatchProgressed(_Message):
    """A mini-batch is done. Numbers that are not finite are None, and `non_finite` names them."""

    type: Literal["batch_progress"] = "batch_progress"
    epoch: int
    batch: int
    batches: int
    cost: float | None
    images_per_second: float | None
    non_finite: list[str]


class EpochStored(_Message):
    """An epoch is complete, and its files are written."""

    type: Literal["epoch_completed"] = "epoch_completed"
    result: EpochResultJson
    is_best: bool


class Finished(_Message):
    """Training has ended as planned; the last message."""

    type: Literal["finished"] = "finished"
    stop_reason: StopReason
    best_epoch: int | None


class Failed(_Message):
    """Training has ended with an error; the last message. `traceback` is for the server's log."""

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
    """A command to a worker. `values` are the new hyperparameters of a change."""

    type: CommandType
    values: dict[str, float] = Field(default_factory=dict)


STOP = Command(type=CommandType.STOP)
PAUSE = Command(type=CommandType.PAUSE)
RESUME = Command(type=CommandType.RESUME)


def decode_message(content: bytes) -> WorkerMessage:
    """Return the message of a worker. Raises ValueError for anything else."""
    return _WORKER_MESSAGES.validate_json(content)


def decode_command(content: bytes) -> Command:
    """Return the command of the server. Raises ValueError for anything else."""
    return Command.model_validate_json(content)
