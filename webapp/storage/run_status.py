"""The states of a run, and the transitions between them."""

from __future__ import annotations

from enum import StrEnum

from nn.training.events import StopReason


class RunStatus(StrEnum):
    """State of a run."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


_ENDS = frozenset({RunStatus.FINISHED, RunStatus.STOPPED, RunStatus.DIVERGED, RunStatus.FAILED, RunStatus.INTERRUPTED})

# A queued run downloads its data set, so it can fail before it starts. A paused run can finish without being resumed:
# the pause may arrive after the last mini-batch. If no worker is free, a paused run that is resumed is queued.
TRANSITIONS: dict[RunStatus, frozenset[RunStatus]] = {
    RunStatus.QUEUED: _ENDS | {RunStatus.RUNNING},
    RunStatus.RUNNING: _ENDS | {RunStatus.PAUSED},
    RunStatus.PAUSED: _ENDS | {RunStatus.RUNNING, RunStatus.QUEUED},
    **dict.fromkeys(_ENDS, frozenset()),
}

ENDED = frozenset(status for status, following in TRANSITIONS.items() if not following)
IN_WORKER = frozenset({RunStatus.RUNNING, RunStatus.PAUSED})

STATUS_OF_STOP_REASON = {
    StopReason.COMPLETED: RunStatus.FINISHED,
    StopReason.EARLY_STOPPING: RunStatus.FINISHED,
    StopReason.CONVERGED: RunStatus.FINISHED,
    StopReason.STOPPED: RunStatus.STOPPED,
    StopReason.DIVERGED: RunStatus.DIVERGED,
}


def sources(target: RunStatus) -> frozenset[RunStatus]:
    """Return the states from which a run can change to `target`."""
    return frozenset(status for status, following in TRANSITIONS.items() if target in following)
