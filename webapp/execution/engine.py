"""The interface between the scheduler and the engine that executes runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from webapp.storage.run_record import RunRecord
from webapp.worker.messages import Command, WorkerMessage


class Execution(Protocol):
    """The execution of one run."""

    def messages(self) -> Iterator[WorkerMessage]:
        """Yield each message until the execution ends. Waiting for a message does not block other greenlets."""

    def send(self, command: Command) -> None:
        """Send a command if the execution has not ended."""

    def has_ended(self) -> bool:
        """Return True if the execution has ended. Its last messages may still wait to be handled."""

    def kill(self) -> None:
        """End the execution immediately."""

    def end(self) -> str:
        """Wait until the execution ends, force it to end if necessary, and return how it ended.

        Call this method once, after all others.
        """


class ExecutionEngine(Protocol):
    """Starts executions."""

    def check_room(self) -> None:
        """Raise DiskFullError if the disk has no room for the files of a run."""

    def start(self, run: RunRecord) -> Execution:
        """Start the execution of a run in a new, empty folder. Raises OSError on failure."""
