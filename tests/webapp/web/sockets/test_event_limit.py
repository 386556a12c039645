"""Limits on clients: a flood of events costs the server little, and a client that disappears costs nothing."""

from __future__ import annotations

import json
import time
import urllib.error
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psutil
import pytest
from simple_websocket import ConnectionClosed
from wsproto.utilities import LocalProtocolError

from tests.support.raw_client import RawClient
from tests.support.server_process import ServerProcess
from tests.support.socket_client import polling_session
from tests.support.waiting import wait_until
from webapp.web.sockets.event_limit import MAX_EVENTS_PER_SECOND, EventLimit

FLOOD = 20_000


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_client_may_send_many_events_at_once_and_then_as_many_per_second() -> None:
    clock = Clock()
    limit = EventLimit(clock)
    for _ in range(3):
        assert all(limit.accept() for _ in range(MAX_EVENTS_PER_SECOND))
        clock.now += 1.0
    clock.now += 3600.0
    assert [limit.accept() for _ in range(MAX_EVENTS_PER_SECOND + 1)] == [True] * MAX_EVENTS_PER_SECOND + [False]
    clock.now += 1.0
    assert not limit.accept()


def responses_until_closed(client: RawClient) -> Iterator[Any]:
    """Yield the acknowledgments that arrive before the server closes the connection."""
    with suppress(ConnectionClosed, OSError):
        while received := client.receive():
            if received[0] == "ack":
                yield received[1]
        raise AssertionError("the server did not close the connection")


@pytest.mark.parametrize(
    "event",
    [["subscribe", {"run_id": 1}], ["unsubscribe", {"run_id": 1}], ["subscribe_runs", {}], ["subscribe"], ["nothing"]],
    ids=json.dumps,
)
def test_a_flood_of_events_is_refused_before_it_uses_memory(long_run: ServerProcess, event: list[object]) -> None:
    process = psutil.Process(long_run.process.pid)
    before = process.memory_info().rss
    flooding = RawClient(long_run.base_url)
    with suppress(OSError):  # the server may disconnect first
        flooding.send_events(event for _ in range(FLOOD))
    errors = [response["error"] for response in responses_until_closed(flooding) if "error" in response]
    (refused,) = [error for error in errors if error["code"] == "too_many_requests"]
    assert f"{MAX_EVENTS_PER_SECOND} events per second" in refused["message"]
    assert process.memory_info().rss - before < 30_000_000
    with RawClient(long_run.base_url) as viewer:
        assert viewer.call("subscribe", {"run_id": 1, "after_epoch": 600}) == {"ok": True}
    assert "Traceback" not in long_run.log


@pytest.mark.parametrize("message", ["x", "3", "6"])
def test_a_flood_of_other_messages_ends_the_connection(long_run: ServerProcess, message: str) -> None:
    flooding = RawClient(long_run.base_url)
    with suppress(ConnectionClosed, LocalProtocolError, OSError):  # raised if the server closes meanwhile
        for _ in range(FLOOD):
            flooding.send_raw(message)
    assert list(responses_until_closed(flooding)) == []
    assert "Traceback" not in long_run.log


def test_a_flood_by_polling_is_refused(long_run: ServerProcess) -> None:
    request = polling_session(long_run.base_url)
    received: list[str] = []

    def until_closed(repeat: Callable[[], object]) -> None:
        with suppress(urllib.error.HTTPError):
            while True:
                repeat()

    packets = "\x1e".join(['421["unsubscribe",{"run_id":1}]'] * 16)  # a request with more packets is an error
    with ThreadPoolExecutor(1) as threads:
        polling = threads.submit(until_closed, lambda: received.append(request()))
        until_closed(lambda: request(packets))
        polling.result()
    assert sum(text.count('"code":"too_many_requests"') for text in received) == 1
    assert "Traceback" not in long_run.log


def test_a_repeated_subscription_is_handled_once(viewer: RawClient) -> None:
    repeated = 50
    viewer.send_events(["subscribe", {"run_id": 1}] for _ in range(repeated))
    for _ in range(repeated):
        assert viewer.wait_for("ack") == {"ok": True}
    assert viewer.epochs() == list(range(1, 601))


def test_clients_that_disappear_while_polling_do_not_wake_the_server(long_run: ServerProcess) -> None:
    for _ in range(20):
        polling_session(long_run.base_url)('421["subscribe",{"run_id":1}]')
    process = psutil.Process(long_run.process.pid)

    def sleeps() -> bool:
        before = process.num_ctx_switches().voluntary
        time.sleep(1)  # measured, not waited for: a loop with a delay of 5 ms would wake the server 200 times
        return process.num_ctx_switches().voluntary - before < 100

    wait_until(sleeps, what="the server does not wake")  # first, it sends the epochs to the clients
