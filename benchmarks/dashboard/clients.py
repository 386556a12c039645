"""Load that careless clients cause: a flood of events on one socket, and clients that disappear while they poll.

`python tasks.py bench clients [--events 20000 100000] [--vanished 30 100 300 1000]`

The flood is a series of `subscribe` events that one WebSocket sends as fast as it can. The longest wait is that of
requests for the list of runs that another client sends meanwhile. The time to exit starts with SIGTERM, which the
server receives right after the flood. A vanished client subscribes to a run of 600 epochs by HTTP polling, and then
sends no further request. The server notices after 45 seconds; the processor time is measured before that.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from benchmarks.measuring.peak import peak_bytes, resident_bytes
from benchmarks.measuring.tables import markdown_table
from tests.support.app_client import store_long_run
from tests.support.raw_client import RawClient
from tests.support.server_process import ServerProcess
from tests.support.socket_client import polling_session

MEASURED_SECONDS = 8.0
QUIET_SECONDS = 0.2  # the flood is over when a request takes less than this
LONGEST_FLOOD = 60.0
MEGABYTE = 1_000_000


@contextmanager
def server_with_run() -> Iterator[ServerProcess]:
    """Start a server whose run 1 has 600 epochs."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        store_long_run(data)
        with ServerProcess(data) as server:
            yield server


def flood(client: RawClient, events: int) -> None:
    """Send `events` subscriptions to run 1. Stop without an error if the server disconnects."""
    with suppress(OSError):
        client.send_events(["subscribe", {"run_id": 1, "after_epoch": 0}] for _ in range(events))


def measure_flood(events: int) -> list[str]:
    """Return a row: the longest wait of another client, the memory before and at most, and the time to exit."""
    with server_with_run() as server:
        server.get("/api/runs")
        before = resident_bytes(server.process.pid).total
        client = RawClient(server.base_url)
        sender = threading.Thread(target=flood, args=(client, events), daemon=True)
        sender.start()
        longest = longest_wait(server, sender)
        peak = peak_bytes(server.process.pid)
        client.drop()
    with server_with_run() as server:
        client = RawClient(server.base_url)
        sender = threading.Thread(target=flood, args=(client, events), daemon=True)
        sender.start()
        sender.join(LONGEST_FLOOD)
        started = time.monotonic()
        server.end(grace=LONGEST_FLOOD)
        to_exit = time.monotonic() - started
    memory = f"{before / MEGABYTE:.0f} → {peak / MEGABYTE:.0f} MB"
    return [f"{events:,}", f"{1000 * longest:.0f} ms", memory, f"{to_exit:.1f} s"]


def longest_wait(server: ServerProcess, sender: threading.Thread) -> float:
    """Request the list of runs until the flood is over, and return the seconds of the slowest request."""
    longest = 0.0
    deadline = time.monotonic() + LONGEST_FLOOD
    while time.monotonic() < deadline:
        started = time.monotonic()
        server.get("/api/runs")
        wait = time.monotonic() - started
        longest = max(longest, wait)
        if not sender.is_alive() and wait < QUIET_SECONDS:
            break
        time.sleep(0.02)
    return longest


def subscribe_and_vanish(base_url: str) -> None:
    """Subscribe to run 1 by HTTP polling, and send no further request."""
    polling_session(base_url)('421["subscribe",{"run_id":1}]')


def measure_vanished(clients: int) -> list[str]:
    """Return a row: the processor time of the server per second while this number of vanished clients is connected."""
    with server_with_run() as server:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(subscribe_and_vanish, [server.base_url] * clients))
        process = psutil.Process(server.process.pid)
        before, started = process.cpu_times(), time.monotonic()
        time.sleep(MEASURED_SECONDS)
        after, seconds = process.cpu_times(), time.monotonic() - started
    used = max(0.0, after.user + after.system - before.user - before.system)
    return [f"{clients:,}", f"{used / seconds:.1%}"]


def table(events: Sequence[int] = (20_000, 100_000), vanished: Sequence[int] = (30, 100, 300, 1000)) -> str:
    """Measure all floods and all numbers of vanished clients, and return two Markdown tables."""
    floods = markdown_table(
        ["events", "longest wait of another client", "memory of the server", "time to exit"],
        [measure_flood(number) for number in events],
    )
    polling = markdown_table(
        ["vanished clients", "processor time, of one core"], [measure_vanished(number) for number in vanished]
    )
    return f"{floods}\n\n{polling}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, nargs="*", default=[20_000, 100_000])
    parser.add_argument("--vanished", type=int, nargs="*", default=[30, 100, 300, 1000])
    options = parser.parse_args()
    print(table(options.events, options.vanished))


if __name__ == "__main__":
    main()
