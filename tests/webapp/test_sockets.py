"""What the sockets promise: each epoch once and in order, and an answer to whatever is sent."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest
from simple_websocket import ConnectionClosed

from nn.events import EpochResult
from tests.server_process import ServerProcess
from tests.waiting import wait_until
from tests.webapp.engine import ENDLESS
from tests.webapp.raw_client import RawClient
from webapp.limits import LARGEST_MESSAGE
from webapp.status import RunStatus
from webapp.store import Store

LONG = 600


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose run 1 ended after many epochs."""
    folder = tmp_path_factory.mktemp("long-run") / "data"
    folder.mkdir()
    store = Store(f"sqlite:///{folder / 'misfit.db'}")
    run = store.add_run(name="Long", preset=None, hyperparameters={"dataset": "digits"}, parameter_count=1)
    store.change_status(run.id, RunStatus.RUNNING)
    for epoch in range(1, LONG + 1):
        result = EpochResult(epoch, 0.5, 0.9, None, None, float("nan"), 0.9, 0.1, epoch, float(epoch), 1000.0)
        store.add_epoch(run.id, result.to_json(), is_best=False)
    store.change_status(run.id, RunStatus.FINISHED)
    store.close()
    with ServerProcess(folder) as server:
        yield server


@pytest.fixture
def client(long_run: ServerProcess) -> Iterator[RawClient]:
    with RawClient(long_run.base_url) as client:
        yield client


def test_a_late_subscriber_hears_everything_in_order_and_then_how_it_ended(
    long_run: ServerProcess, client: RawClient
) -> None:
    assert client.call("subscribe", {"run_id": 1, "after_epoch": 0}) == {"ok": True}
    stored = long_run.get("/api/runs/1/epochs")["items"]
    assert len(stored) == LONG
    heard = [data for event, data in client.events if event == "epoch_completed"]
    assert heard == [{"run_id": 1, **epoch} for epoch in stored]
    assert (heard[0]["test_cost"], heard[0]["non_finite"]) == (None, ["test_cost"])
    assert [event for event, _ in client.events[LONG:]] == ["run_status", "run_finished"]
    (_, status), (_, finished) = client.events[LONG:]
    assert status == {"run_id": 1, "status": "finished", "run": long_run.get("/api/runs/1")}
    assert finished == {**status, "stop_reason": None}


@pytest.mark.parametrize(("after", "first"), [(LONG - 3, LONG - 2), (LONG, None), (2**63 - 1, None)])
def test_a_subscriber_hears_only_what_it_does_not_have(client: RawClient, after: int, first: int | None) -> None:
    client.call("subscribe", {"run_id": 1, "after_epoch": after})
    assert client.epochs() == (list(range(first, LONG + 1)) if first else [])


def test_a_client_that_polls_is_sent_no_more_than_it_may_take_at_once(long_run: ServerProcess) -> None:
    address = f"{long_run.base_url}/socket.io/?EIO=4&transport=polling"

    def request(body: str | None = None) -> str:
        data = None if body is None else body.encode()
        with urllib.request.urlopen(address, data, timeout=20) as response:  # noqa: S310 - always this server
            text: str = response.read().decode()
        return text

    address += "&sid=" + json.loads(request()[1:])["sid"]
    request("40")
    request()
    request('421["subscribe",{"run_id":1}]')
    heard: list[int] = []
    while len(heard) < LONG:
        packets = request().split("\x1e")
        assert len(packets) <= 16
        heard += [json.loads(packet[2:])[1]["epoch"] for packet in packets if packet.startswith('42["epoch_')]
    assert heard == list(range(1, LONG + 1))


def test_one_who_joins_while_training_goes_on_misses_nothing(shared_server: ServerProcess) -> None:
    run = shared_server.create_run(epochs=40, hidden_sizes=[4])

    def watch(_: int) -> list[int]:
        with RawClient(shared_server.base_url) as client:
            client.call("subscribe", {"run_id": run["id"]})
            if not any(event == "run_finished" for event, _ in client.events):
                client.wait_for("run_finished")
            return client.epochs()

    with ThreadPoolExecutor(6) as threads:
        for heard in threads.map(watch, range(6)):
            assert heard == list(range(1, 41))


@pytest.fixture
def endless(shared_server: ServerProcess) -> Iterator[Any]:
    """A run that trains until the test is over."""
    run = shared_server.create_run(**ENDLESS)
    yield run
    shared_server.request("POST", f"/api/runs/{run['id']}/stop")
    shared_server.wait_for_run(run["id"])


def test_one_who_unsubscribes_hears_no_more(shared_server: ServerProcess, endless: Any) -> None:
    this_run = {"run_id": endless["id"]}
    address = f"/api/runs/{endless['id']}"
    with RawClient(shared_server.base_url) as client:
        client.call("subscribe", this_run)
        client.wait_for("epoch_completed")
        assert client.call("unsubscribe", this_run) == {"ok": True}
        client.events.clear()
        before = shared_server.get(address)["epochs_completed"]
        wait_until(lambda: shared_server.get(address)["epochs_completed"] > before + 1)
        client.call("unsubscribe", this_run)
        assert client.events == []


def test_an_unsubscription_ends_a_replay(client: RawClient) -> None:
    client.send_raw('42["subscribe",{"run_id":1}]')
    client.call("unsubscribe", {"run_id": 1})
    client.events.clear()
    client.call("subscribe", {"run_id": 1, "after_epoch": LONG - 1})
    assert client.epochs() == [LONG]


def test_the_runs_page_hears_of_every_run(shared_server: ServerProcess) -> None:
    with RawClient(shared_server.base_url) as client:
        assert client.call("subscribe_runs", {}) == {"ok": True}
        run = shared_server.create_run(**ENDLESS)
        assert client.wait_for("run_status")["run"]["id"] == run["id"]
        while client.wait_for("run_status")["status"] != "running":
            pass
        assert client.call("unsubscribe_runs", {}) == {"ok": True}
        client.events.clear()
        shared_server.request("POST", f"/api/runs/{run['id']}/stop")
        shared_server.wait_for_run(run["id"])
        client.call("unsubscribe_runs", {})
        assert client.events == []


BAD_PAYLOADS: list[tuple[str, str, list[str]]] = [
    ("{}", "invalid", ["run_id"]),
    ('{"run_id":null}', "invalid", ["run_id"]),
    ('{"run_id":"1"}', "invalid", ["run_id"]),
    ('{"run_id":true}', "invalid", ["run_id"]),
    ('{"run_id":1.0}', "invalid", ["run_id"]),
    ('{"run_id":1e300}', "invalid", ["run_id"]),
    ('{"run_id":NaN}', "invalid", ["run_id"]),
    ('{"run_id":Infinity}', "invalid", ["run_id"]),
    ('{"run_id":0}', "invalid", ["run_id"]),
    ('{"run_id":9223372036854775808}', "invalid", ["run_id"]),
    ('{"run_id":' + "9" * 5000 + "}", "invalid", ["run_id"]),
    ('{"run_id":[1]}', "invalid", ["run_id"]),
    ('{"run_id":1,"after_epoch":-1}', "invalid", ["after_epoch"]),
    ('{"run_id":1,"after_epoch":null}', "invalid", ["after_epoch"]),
    ('{"run_id":1,"after_epoch":"0"}', "invalid", ["after_epoch"]),
    ('{"run_id":1,"after":0}', "invalid", ["after"]),
    ('{"run_id":1,"\\ud800":0}', "invalid", ["\ud800"]),
    ('{"run_id":2}', "not_found", []),
    ('{"run_id":9223372036854775807}', "not_found", []),
    ("null", "malformed", []),
    ("[]", "malformed", []),
    ("1", "malformed", []),
    ('"1"', "malformed", []),
    ('{"run_id":1},{"run_id":1}', "malformed", []),
]


@pytest.mark.parametrize(("payload", "code", "fields"), BAD_PAYLOADS, ids=lambda value: ascii(value)[:30])
def test_a_payload_that_cannot_be_used_is_answered(
    long_run: ServerProcess, client: RawClient, payload: str, code: str, fields: list[str]
) -> None:
    error = client.call_text(f'["subscribe",{payload}]')["error"]
    assert (error["code"], list(error.get("fields", {}))) == (code, fields)
    assert error["message"]
    assert_unharmed(long_run, client)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('["subscribe"]', "malformed"),
        ('["nothing",1]', "not_found"),
        ('["connect"]', "malformed"),
        ('["disconnect","x"]', "malformed"),
        ("[]", "malformed"),
        ("[1]", "malformed"),
        ("{}", "malformed"),
        ('"subscribe"', "malformed"),
        ("[" * 10_000, "malformed"),
        ('["subscribe",' + '{"run_id":' * 5000 + "1" + "}" * 5000 + "]", "malformed"),
        ('["subscribe",{"run_id":1,"run_id":1}]', "malformed"),
    ],
    ids=lambda text: text[:20],
)
def test_an_event_that_is_none_is_answered(long_run: ServerProcess, client: RawClient, text: str, code: str) -> None:
    assert client.call_text(text)["error"]["code"] == code
    assert_unharmed(long_run, client)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "x",
        "\u00b2",
        "0",
        "2",
        "3",
        "5",
        "6",
        "7",
        "bAAAA",
        "b!",
        "4",
        "4\u00b2",
        "4[[[[[[",
        "4" + "[" * 10_000,
        "40",
        "40/nothing,",
        "41/nothing,",
        "42",
        "42/nothing,[]",
        '42["subscribe",{"run_id":1e300}]',
        "43",
        "43[]",
        "430[]",
        "439[1]",
        "44{}",
        '451-["subscribe",{"_placeholder":true,"num":0}]',
        '4599999999-["subscribe"]',
        "461-1[]",
        "47",
        "49",
        b"",
        b"\x00\x01",
        b'2["subscribe"]',
    ],
    ids=lambda message: ascii(message)[:20],
)
def test_a_message_that_is_none_breaks_nothing(
    long_run: ServerProcess, client: RawClient, message: str | bytes
) -> None:
    client.send_raw(message)
    assert_unharmed(long_run, client)


def assert_unharmed(server: ServerProcess, client: RawClient) -> None:
    """The connection still answers, and the server has nothing to complain of."""
    assert client.call("unsubscribe", {"run_id": 1}) == {"ok": True}
    assert "Traceback" not in server.log


def test_a_message_that_is_too_large_ends_its_connection_alone(long_run: ServerProcess, client: RawClient) -> None:
    with RawClient(long_run.base_url) as other:
        other.send_raw("42" + "x" * LARGEST_MESSAGE)
        with pytest.raises(ConnectionClosed, match="1009"):
            other.call("unsubscribe", {"run_id": 1})
    assert_unharmed(long_run, client)


def test_a_message_without_end_fills_no_memory(long_run: ServerProcess) -> None:
    """One frame that announces 300 MB: the server hangs up long before it has them."""
    process = psutil.Process(long_run.process.pid)
    before = process.memory_info().rss
    client = RawClient(long_run.base_url)
    sent = client.send_frame_of(300_000_000)
    assert sent < 50_000_000
    assert process.memory_info().rss - before < 30_000_000
    with RawClient(long_run.base_url) as other:
        assert_unharmed(long_run, other)


def test_a_client_that_is_slow_to_read_gets_whole_messages(long_run: ServerProcess, client: RawClient) -> None:
    """Of more than fits into the system's buffers, a socket's plain `send` would send parts."""
    client.call("subscribe_runs")
    notes = "✓" * 10_000
    with client.not_reading():
        for _ in range(130):
            long_run.request("PATCH", "/api/runs/1", {"notes": notes})  # 60 kB of JSON to each listener
    heard = [client.wait_for("run_status") for _ in range(130)]
    assert all(data["run"]["notes"] == notes for data in heard)
    assert_unharmed(long_run, client)


def test_requests_by_polling_that_make_no_sense_are_answered_at_once(long_run: ServerProcess) -> None:
    address = f"{long_run.base_url}/socket.io/?EIO=4&transport=polling"

    def request(body: bytes | None = None) -> tuple[int, Any]:
        asked = urllib.request.Request(address, body)  # noqa: S310 - always this server
        try:
            with urllib.request.urlopen(asked, timeout=20) as response:  # noqa: S310
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    address += "&sid=" + json.loads(request()[1][1:])["sid"]
    for body in (b"40", b"x", b"2", b"2probe", b"5", b"d=", b"bAA", b"\xff", b"4[[[", b"40\x1e" * 50, b"\x1e"):
        assert request(body)[0] == 200, body
    assert request(b"4" * (LARGEST_MESSAGE + 1))[0] == 413
    assert request(b'421["unsubscribe",{"run_id":1}]')[0] == 200
    assert b'431[{"ok":true}]' in request()[1]
    address += "x"
    assert request()[0] == 400
    assert "Traceback" not in long_run.log
