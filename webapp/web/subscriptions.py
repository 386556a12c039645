"""Socket.IO subscriptions to all epochs of a run after a given epoch, or to the status of all runs.

A subscriber receives each epoch once and in order, without gaps. The server first replays all stored epochs to the
subscriber, who then enters the run's room. No other greenlet runs between the query that finds no more epochs and the
entry into the room. A greenlet of the same thread publishes each epoch after storing it. Therefore either the replay
includes an epoch, or the client is in the room when the epoch is published.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import gevent
from flask import request
from flask_socketio import SocketIO

from webapp.errors import InvalidError, ServiceError
from webapp.realtime.events import SocketEvent
from webapp.realtime.publisher import RUNS_ROOM, run_finished_event, run_room, run_status_event
from webapp.runs.results import RunResults
from webapp.runs.service import Runs
from webapp.validation import LARGEST_INTEGER
from webapp.web.http_errors import SERVER_ERROR, HttpError, malformed
from webapp.web.socketio_transport import MALFORMED, backlog, is_connected

EPOCHS_AT_ONCE = 12  # a client that polls may refuse more than 16 packets at once
SECONDS_BETWEEN_CHECKS = 0.005

Response = Mapping[str, Any]

log = logging.getLogger(__name__)


class Subscriptions:
    """The handlers of socket events. Each handler returns `{"ok": true}`, or an error in the format of the HTTP API."""

    def __init__(self, socketio: SocketIO, runs: Runs, results: RunResults) -> None:
        self._socketio = socketio
        self._runs = runs
        self._results = results
        self._replays: dict[tuple[str, int], object] = {}  # by client and run: the subscription being replayed
        socketio.on_event("subscribe", _event_handler(self._subscribe, {"run_id": 1, "after_epoch": 0}))
        socketio.on_event("unsubscribe", _event_handler(self._unsubscribe, {"run_id": 1}))
        socketio.on_event("subscribe_runs", _event_handler(self._subscribe_runs, {}))
        socketio.on_event("unsubscribe_runs", _event_handler(self._unsubscribe_runs, {}))
        socketio.on_event("*", _reject_unknown)
        socketio.on_event("disconnect", self._remove_client)

    def _subscribe(self, client: str, run_id: int, after_epoch: int = 0) -> None:
        self._leave(client, run_room(run_id))
        subscription = self._replays[client, run_id] = object()
        try:
            complete = self._replay(client, run_id, after_epoch, subscription)
        finally:
            if self._replays.get((client, run_id)) is subscription:
                del self._replays[client, run_id]
        if complete:
            self._enter(client, run_room(run_id))
            self._send_status(client, run_id)

    def _replay(self, client: str, run_id: int, last: int, subscription: object) -> bool:
        """Send the stored epochs. Return False if the client no longer wants later epochs."""
        while True:
            self._wait_for_client(client)
            is_current = self._replays.get((client, run_id)) is subscription
            if not is_current or not is_connected(self._socketio, client):
                return False  # the client has unsubscribed, subscribed again or disconnected
            part = self._results.epochs(run_id, last, EPOCHS_AT_ONCE)
            if not part:
                return True
            for result in part:
                self._socketio.emit(SocketEvent.EPOCH_COMPLETED, {"run_id": run_id, **result}, to=client)
            last = part[-1]["epoch"]

    def _send_status(self, client: str, run_id: int) -> None:
        run = self._runs.get(run_id)
        self._socketio.emit(SocketEvent.RUN_STATUS, run_status_event(run), to=client)
        if run.has_ended:
            self._socketio.emit(SocketEvent.RUN_FINISHED, run_finished_event(run), to=client)

    def _unsubscribe(self, client: str, run_id: int) -> None:
        self._replays.pop((client, run_id), None)
        self._leave(client, run_room(run_id))

    def _subscribe_runs(self, client: str) -> None:
        self._enter(client, RUNS_ROOM)

    def _unsubscribe_runs(self, client: str) -> None:
        self._leave(client, RUNS_ROOM)

    def _remove_client(self, *_: object) -> None:
        client = _client_id()
        for key in [key for key in self._replays if key[0] == client]:
            del self._replays[key]

    def _wait_for_client(self, client: str) -> None:
        """Yield to other greenlets until the client has received everything, so that its backlog does not grow."""
        delay = 0.0
        while True:
            gevent.sleep(delay)
            if not backlog(self._socketio, client) or not is_connected(self._socketio, client):
                return
            delay = SECONDS_BETWEEN_CHECKS

    def _enter(self, client: str, room: str) -> None:
        if is_connected(self._socketio, client):
            self._socketio.server.enter_room(client, room)

    def _leave(self, client: str, room: str) -> None:
        self._socketio.server.leave_room(client, room)


def _event_handler(handler: Callable[..., None], members: dict[str, int]) -> Callable[..., Response]:
    """Return an event handler that parses the payload for `handler`.

    `members` maps the name of each integer member to its smallest value.
    """

    def respond(*payload: object) -> Response:
        try:
            handler(_client_id(), **_parse_payload(payload, members))
        except ServiceError as error:
            return HttpError.from_service_error(error).to_json()
        except HttpError as error:
            return error.to_json()
        except Exception:
            log.exception("Handling a socket event failed")
            return HttpError(500, SERVER_ERROR).to_json()
        return {"ok": True}

    return respond


def _reject_unknown(event: str, *_: object) -> Response:
    if event == MALFORMED:
        return malformed("The message cannot be parsed.").to_json()
    return HttpError(404, f"There is no event {event[:100]!r}.").to_json()


def _client_id() -> str:
    return str(request.sid)  # type: ignore[attr-defined]


def _parse_payload(payload: tuple[object, ...], members: dict[str, int]) -> dict[str, int]:
    """Return the members of the payload; `after_epoch` is optional. Raises HttpError, InvalidError."""
    if not payload and not members:
        return {}
    if len(payload) != 1 or not isinstance(payload[0], dict):
        raise malformed("The event takes one object.")
    given: dict[str, Any] = payload[0]
    fields = {name: "is not known" for name in given if name not in members}
    for name, least in members.items():
        value = given.get(name, 0 if name == "after_epoch" else None)
        if type(value) is not int or not least <= value <= LARGEST_INTEGER:
            fields[name] = f"must be a whole number, at least {least}"
    if fields:
        raise InvalidError(fields)
    return {name: given[name] for name in members if name in given}
