"""The recorder of a worker, which passes each training event to a list of sinks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol

from nn.datasets.dataset import Dataset
from nn.training.events import TrainingEvent


class EventSink(Protocol):
    """Stores or sends one kind of information about a run."""

    def open(self, dataset: Dataset) -> None:
        """Prepare for a run on `dataset`. Raises OSError."""

    def record(self, event: TrainingEvent) -> None:
        """Record an event, or ignore it. Raises OSError."""

    def close(self) -> None:
        """Release every file. The recorder calls this method once, even after an error."""


class Recorder:
    """Passes each event to all `sinks` in their order.

    The sinks that store events come first, and the sink that sends events to the server is last.
    """

    def __init__(self, sinks: Iterable[EventSink]) -> None:
        self._sinks = list(sinks)

    @contextmanager
    def recording(self, dataset: Dataset) -> Iterator[None]:
        """Open the sinks, and close them at the end of the block."""
        with ExitStack() as opened:
            for sink in self._sinks:
                opened.callback(sink.close)
                sink.open(dataset)
            yield

    def __call__(self, event: TrainingEvent) -> None:
        """Record one training event, in the training thread. Raises OSError if a file or the pipe cannot be written."""
        for sink in self._sinks:
            sink.record(event)
