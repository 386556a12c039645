from __future__ import annotations

import pytest
from pydantic import ValidationError

from nn.training.events import EpochResult, StopReason
from webapp.worker.messages import (
    PAUSE,
    RESUME,
    STOP,
    BatchProgressed,
    Command,
    CommandType,
    EpochStored,
    Failed,
    Finished,
    Started,
    WorkerMessage,
    decode_command,
    decode_message,
)

RESULT = EpochResult(1, float("inf"), 0.9, None, None, 0.4, 0.9, 0.1, 7, 1.5, 1000.0)


@pytest.mark.parametrize(
    "message",
    [
        Started(
            train_size=9,
            validation_size=1,
            test_size=5,
            parameter_count=100,
            batches_per_epoch=3,
            train_fingerprint="0" * 32,
            test_fingerprint="f" * 32,
        ),
        BatchProgressed(epoch=1, batch=2, batches=3, cost=None, images_per_second=0.1, non_finite=["cost"]),
        EpochStored(result=RESULT.to_json(), is_best=True),
        Finished(stop_reason=StopReason.EARLY_STOPPING, best_epoch=None),
        Failed(code="files", message="The disk is full.", traceback="Traceback"),
    ],
    ids=lambda message: message.type,
)
def test_decoding_a_message_gives_the_encoded_one(message: WorkerMessage) -> None:
    assert decode_message(message.encode()) == message


@pytest.mark.parametrize(
    "command", [STOP, PAUSE, RESUME, Command(type=CommandType.CHANGE, values={"learning_rate": 0.5})], ids=str
)
def test_decoding_a_command_gives_the_encoded_one(command: Command) -> None:
    assert decode_command(command.encode()) == command


def test_a_non_finite_number_is_rejected() -> None:
    with pytest.raises(ValidationError):
        BatchProgressed(epoch=1, batch=1, batches=1, cost=float("nan"), images_per_second=1.0, non_finite=[])
    with pytest.raises(ValidationError):
        Command(type=CommandType.CHANGE, values={"learning_rate": float("inf")})


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"1", b'{"kind": "stop"}', b'{"type": 1}', b'{"type": "dance"}', b"\x80\x04."]
)
def test_other_content_is_rejected(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the texts of pydantic's errors differ
        decode_message(content)
    with pytest.raises(ValueError):  # noqa: PT011
        decode_command(content)
