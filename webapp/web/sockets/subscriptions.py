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
from flask_socketio import ConnectionRefusedError, SocketIO
from gevent.event import Event

from webapp.diagnosis.service import RunDiagnoses
from webapp.errors import InvalidError, ServiceError
from webapp.realtime.events import SocketEvent
from webapp.realtime.publisher import RUNS_ROOM, run_finished_event, run_room, run_status_event
from webapp.runs.results import RunResults
from webapp.runs.service import Runs
from webapp.validation import LARGEST_INTEGER
from webapp.web.http_errors import SERVER_ERROR, HttpError, malformed, other_server
from webapp.web.sockets.packets import MALFORMED
from webapp.web.sockets.transport import is_connected, packet_queue

EPOCHS_AT_ONCE = 12  # a client that polls may refuse more than 16 packets at once

Response = Mapping[str, Any]

log = logging.getLogger(__name__)


class Replay:
    """The replay of stored epochs to one client, up to epoch `last` so far.

    `ended` is set when the client no longer wants this replay: it has unsubscribed, subscribed again or disconnected.
    """

    def __init__(self, after_epoch: int) -> None:
        self.first = self.last = after_epoch
        self.ended = Event()

    def includes(self, after_epoch: int) -> bool:
        """Return True if the client has received, or will receive, all epochs after `after_epoch`."""
        return self.first <= after_epoch <= self.last


class Subscriptions:
    """The handlers of socket events. Each handler returns `{"ok": true}`, or an error in the format of the HTTP API."""

    def __init__(
        self, socketio: SocketIO, runs: Runs, results: RunResults, diagnoses: RunDiagnoses, store_id: str
    ) -> None:
        self._socketio = socketio
        self._runs = runs
        self._results = results
        self._diagnoses = diagnoses
        self._store_id = store_id
        self._replays: dict[tuple[str, int], Replay] = {}  # by client and run
        socketio.on_event("subscribe", _event_handler(self._subscribe, {"run_id": 1, "after_epoch": 0}))
        socketio.on_event("unsubscribe", _event_handler(self._unsubscribe, {"run_id": 1}))
        socketio.on_event("subscribe_runs", _event_handler(self._subscribe_runs, {}))
        socketio.on_event("unsubscribe_runs", _event_handler(self._unsubscribe_runs, {}))
        socketio.on_event("*", _reject_unknown)
        socketio.on_event("connect", self._check_client)
        socketio.on_event("disconnect", self._remove_client)

    def _check_client(self, auth: object = None) -> None:
        """Refuse a page that shows the runs of another database. A client need not name a database."""
        if isinstance(auth, dict) and auth.get("store", self._store_id) != self._store_id:
            error = other_server()
            raise ConnectionRefusedError(error.message, error.to_json()["error"])

    def _subscribe(self, client: str, run_id: int, after_epoch: int = 0) -> None:
        self._leave(client, run_room(run_id))
        replay = Replay(after_epoch)
        previous = self._end_replay(client, run_id)
        if previous and previous.includes(after_epoch):
            replay.first, replay.last = previous.first, previous.last  # a repeated subscription sends no epoch again
        self._replays[client, run_id] = replay
        try:
            complete = self._send_epochs(client, run_id, replay)
        finally:
            if self._replays.get((client, run_id)) is replay:
                del self._replays[client, run_id]
        if complete:
            self._enter(client, run_room(run_id))
            self._send_status(client, run_id)
            gevent.spawn(self._send_diagnosis, client, run_id)

    def _send_epochs(self, client: str, run_id: int, replay: Replay) -> bool:
        """Send the stored epochs. Return False if the client no longer wants later epochs."""
        while self._wait_for_client(client, replay):
            part = self._results.epochs(run_id, replay.last, EPOCHS_AT_ONCE)
            if not part:
                return True
            for result in part:
                self._socketio.emit(SocketEvent.EPOCH_COMPLETED, {"run_id": run_id, **result}, to=client)
            replay.last = part[-1]["epoch"]
        return False

    def _send_status(self, client: str, run_id: int) -> None:
        run = self._runs.get(run_id)
        self._socketio.emit(SocketEvent.RUN_STATUS, run_status_event(run), to=client)
        if run.has_ended:
            self._socketio.emit(SocketEvent.RUN_FINISHED, run_finished_event(run), to=client)

    def _send_diagnosis(self, client: str, run_id: int) -> None:
        """Send the current diagnosis. It may have to be computed first."""
        try:
            found = self._diagnoses.current(run_id)
        except ServiceError:  # the run was deleted, or the database is locked
            return
        if found and run_room(run_id) in self._socketio.server.rooms(client):
            self._socketio.emit(SocketEvent.DIAGNOSIS, found, to=client)

    def _unsubscribe(self, client: str, run_id: int) -> None:
        self._end_replay(client, run_id)
        self._leave(client, run_room(run_id))

    def _subscribe_runs(self, client: str) -> None:
        self._enter(client, RUNS_ROOM)

    def _unsubscribe_runs(self, client: str) -> None:
        self._leave(client, RUNS_ROOM)

    def _remove_client(self, *_: object) -> None:
        client = _client_id()
        for other, run_id in list(self._replays):
            if other == client:
                self._end_replay(client, run_id)

    def _end_replay(self, client: str, run_id: int) -> Replay | None:
        """End the replay of a run to a client, and return it if there was one."""
        replay = self._replays.pop((client, run_id), None)
        if replay:
            replay.ended.set()
        return replay

    def _wait_for_client(self, client: str, replay: Replay) -> bool:
        """Wait until the client has received everything, so that the number of waiting packets does not grow.

        Return False if the replay has ended.
        """
        queue = packet_queue(self._socketio, client)
        while queue and not queue.empty() and not replay.ended.is_set():
            gevent.wait([queue.empty_event, replay.ended], count=1)
        return bool(queue) and not replay.ended.is_set()

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
