"""The interface between the scheduler and whatever executes runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from webapp.storage.run_record import RunRecord
from webapp.worker.messages import Command, WorkerMessage


class Execution(Protocol):
    """One run that is being executed."""

    def messages(self) -> Iterator[WorkerMessage]:
        """Yield each message, waiting for it without blocking other greenlets, until the execution ends."""

    def send(self, command: Command) -> None:
        """Send a command. No effect if the execution has already ended."""

    def kill(self) -> None:
        """End the execution at once."""

    def end(self) -> str:
        """Wait until the execution has ended, force it if necessary, and describe how it ended. Call once, last."""


class ExecutionEngine(Protocol):
    """Starts executions."""

    def start(self, run: RunRecord) -> Execution:
        """Start to execute a run in an empty folder of its own. Raises OSError if that is not possible."""
