"""Invalid messages over a socket: the server acknowledges them with an error or ignores them, and continues."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import psutil
import pytest
from simple_websocket import ConnectionClosed

from tests.support.raw_client import RawClient
from tests.support.server_process import ServerProcess
from webapp.web.json_limits import LARGEST_MESSAGE

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
def test_an_invalid_payload_is_acknowledged_with_an_error(
    long_run: ServerProcess, viewer: RawClient, payload: str, code: str, fields: list[str]
) -> None:
    error = viewer.call_text(f'["subscribe",{payload}]')["error"]
    assert (error["code"], list(error.get("fields", {}))) == (code, fields)
    assert error["message"]
    assert_responsive(long_run, viewer)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('["subscribe"]', "malformed"),
        ('["nothing",1]', "not_found"),
        ('["connect"]', "malformed"),
        ('["disconnect","x"]', "malformed"),
        ('["*"]', "malformed"),
        ('["*",{"run_id":1}]', "malformed"),
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
def test_an_invalid_event_is_acknowledged_with_an_error(
    long_run: ServerProcess, viewer: RawClient, text: str, code: str
) -> None:
    assert viewer.call_text(text)["error"]["code"] == code
    assert_responsive(long_run, viewer)


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
def test_an_invalid_message_does_not_end_the_connection(
    long_run: ServerProcess, viewer: RawClient, message: str | bytes
) -> None:
    viewer.send_raw(message)
    assert_responsive(long_run, viewer)


def test_a_message_that_is_too_large_ends_only_its_own_connection(long_run: ServerProcess, viewer: RawClient) -> None:
    with RawClient(long_run.base_url) as other:
        other.send_raw("42" + "x" * LARGEST_MESSAGE)
        with pytest.raises(ConnectionClosed, match="1009"):
            other.call("unsubscribe", {"run_id": 1})
    assert_responsive(long_run, viewer)


def test_a_huge_message_does_not_fill_the_memory(long_run: ServerProcess) -> None:
    """The server disconnects long before it has received the announced 300 MB."""
    process = psutil.Process(long_run.process.pid)
    before = process.memory_info().rss
    viewer = RawClient(long_run.base_url)
    sent = viewer.send_frame_of(300_000_000)
    assert sent < 50_000_000
    assert process.memory_info().rss - before < 30_000_000
    with RawClient(long_run.base_url) as other:
        assert_responsive(long_run, other)


def assert_responsive(server: ServerProcess, viewer: RawClient) -> None:
    """Assert that the connection still works and the server has logged no error."""
    assert viewer.call("unsubscribe", {"run_id": 1}) == {"ok": True}
    assert "Traceback" not in server.log


def test_invalid_polling_requests_receive_a_response(long_run: ServerProcess) -> None:
    address = f"{long_run.base_url}/socket.io/?EIO=4&transport=polling"

    def request(body: bytes | None = None) -> tuple[int, Any]:
        polling = urllib.request.Request(address, body)  # noqa: S310 - always this server
        try:
            with urllib.request.urlopen(polling, timeout=60) as response:  # noqa: S310
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
