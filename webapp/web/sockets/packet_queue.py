"""Queue of the packets that wait for one client."""

from __future__ import annotations

from typing import Any

from gevent.event import Event
from gevent.queue import JoinableQueue


class PacketQueue(JoinableQueue):  # type: ignore[misc]
    """The packets that wait for one client. The event `empty_event` is set while no packet waits."""

    def __init__(self) -> None:
        super().__init__()
        self.empty_event = Event()
        self.empty_event.set()

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Add a packet."""
        self.empty_event.clear()
        super().put(item, block, timeout)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Remove and return the oldest packet. Raises gevent.queue.Empty."""
        item = super().get(block, timeout)
        if self.empty():
            self.empty_event.set()
        return item
