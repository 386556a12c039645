"""Names of the Socket.IO events that the server sends."""

from __future__ import annotations

from enum import StrEnum


class SocketEvent(StrEnum):
    """What the server tells a browser."""

    RUN_STATUS = "run_status"
    BATCH_PROGRESS = "batch_progress"
    EPOCH_COMPLETED = "epoch_completed"
    RUN_FINISHED = "run_finished"
    DATASET_PROGRESS = "dataset_progress"
