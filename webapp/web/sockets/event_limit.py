"""Limit on the number of events from one client."""

from __future__ import annotations

import time
from collections.abc import Callable

import gevent
from engineio import Server
from engineio.socket import Socket

from webapp.web.http_errors import HttpError
from webapp.web.sockets.packets import CheckedPacket

MAX_EVENTS_PER_SECOND = 100
SECONDS_FOR_RESPONSE = 5.0
REFUSED = HttpError(429, f"A connection may send at most {MAX_EVENTS_PER_SECOND} events per second. It is closed now.")


class EventLimit:
    """Counts the events of one client: at most MAX_EVENTS_PER_SECOND at once, and as many per second after that."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._available = float(MAX_EVENTS_PER_SECOND)
        self._counted_at = clock()
        self.exceeded = False

    def accept(self) -> bool:
        """Count one event. Return False if it exceeds the limit; after that, return False for each event."""
        now = self._clock()
        gained = MAX_EVENTS_PER_SECOND * (now - self._counted_at)
        self._available = min(float(MAX_EVENTS_PER_SECOND), self._available + gained) - 1
        self._counted_at = now
        self.exceeded = self.exceeded or self._available < 0
        return not self.exceeded


def limit_events(engine: Server) -> None:
    """Respond to the first event of a client that exceeds the limit with an error, and close its connection.

    The limit applies before a greenlet starts for the event, so a flood of events needs no memory.
    """
    handle = engine.handlers["message"]

    def receive(sid: str, content: str | bytes) -> None:
        connection = engine.sockets.get(sid)
        if connection is None:
            return
        limit: EventLimit = connection.session.setdefault("event_limit", EventLimit())
        was_exceeded = limit.exceeded
        if limit.accept():
            handle(sid, content)
        elif not was_exceeded:
            response = CheckedPacket(encoded_packet=content).response(REFUSED.to_json())
            if response:
                engine.send(sid, response.encode())
            gevent.spawn(_close_when_sent, engine, connection)

    engine.on("message", receive)


def _close_when_sent(engine: Server, connection: Socket) -> None:
    """Close a connection when its client has received the response, or does not receive it in time."""
    connection.queue.empty_event.wait(SECONDS_FOR_RESPONSE)
    connection.close(wait=False)
    engine.sockets.pop(connection.sid, None)
