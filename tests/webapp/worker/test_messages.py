from __future__ import annotations

import pytest

from webapp.worker.messages import Command, WorkerEvent, decode, encode


def test_a_message_is_read_as_it_was_written() -> None:
    message = {"type": "epoch_completed", "result": {"epoch": 1, "train_cost": None}, "is_best": True}
    assert decode(encode(WorkerEvent.EPOCH_COMPLETED, result=message["result"], is_best=True)) == message
    assert decode(encode(Command.STOP)) == {"type": "stop"}


def test_a_number_that_is_not_finite_does_not_travel() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode(WorkerEvent.BATCH_PROGRESS, cost=float("nan"))


@pytest.mark.parametrize("content", [b"", b"[]", b"1", b'{"kind": "stop"}', b'{"type": 1}', b"\x80\x04."])
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own errors are of many texts
        decode(content)
