"""The names and the form of what travels: between the server and a worker, and from the server to a browser.

A pipe message is one JSON object in bytes with a `type`, so that nothing is ever unpickled.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

Message = dict[str, Any]


class WorkerEvent(StrEnum):
    """What a worker tells the server, and the members that come with it."""

    STARTED = "started"  # the fields of TrainingStarted but train_rows
    BATCH_PROGRESS = "batch_progress"  # those of BatchProgress
    EPOCH_COMPLETED = "epoch_completed"  # result: EpochResult JSON, is_best
    FINISHED = "finished"  # those of TrainingFinished
    FAILED = "failed"  # code, message, traceback: str | None


class Command(StrEnum):
    """What the server tells a worker."""

    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"


def encode(kind: WorkerEvent | Command, **members: Any) -> bytes:
    """The bytes of one pipe message. Raises ValueError for a number that is not finite."""
    return json.dumps({"type": kind.value, **members}, allow_nan=False).encode()


def decode(content: bytes) -> Message:
    """The message in `content`. Raises ValueError where there is none."""
    message = json.loads(content)
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise ValueError("a pipe message must be an object with a type")
    return message
