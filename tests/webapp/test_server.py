from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import psutil
import pytest
from simple_websocket import ConnectionClosed

from tests.conftest import StartServer
from tests.support.app_client import RunClient
from tests.support.run_engine import ENDLESS, Engine, make_config, workers_of
from tests.support.server_process import ROOT, ServerProcess
from tests.support.socket_client import SocketClient
from tests.support.waiting import wait_until
from webapp.server import SECONDS_FOR_SHUTDOWN
from webapp.storage.run_status import RunStatus


def subscribe(server: ServerProcess, run_id: int) -> SocketClient:
    """Return a client that has subscribed to the run."""
    client = SocketClient(server.base_url)
    client.emit("subscribe", {"run_id": run_id, "after_epoch": 0})
    return client


def receive_payloads(client: SocketClient, event: str, *, count: int | None = None) -> list[Any]:
    """Return the payloads of the next events of this name, until there are `count` or the server disconnects."""
    payloads: list[Any] = []
    with suppress(ConnectionClosed):
        while (count is None or len(payloads) < count) and (received := client.receive(timeout=60)):
            if received[0] == event:
                payloads.append(received[1])
    return payloads


def wait_for_epoch(server: ServerProcess, run_id: int) -> None:
    wait_until(lambda: server.get(f"/api/runs/{run_id}")["epochs_completed"], what=f"run {run_id} has an epoch")


def create_endless(server: ServerProcess, **hyperparameters: Any) -> int:
    return int(server.create_run(**{**ENDLESS, **hyperparameters})["id"])


def assert_shut_down_in_time(server: ServerProcess) -> None:
    """Fail unless the server ends by itself. After SECONDS_FOR_SHUTDOWN, the server would exit with 1 instead of 0."""
    assert SECONDS_FOR_SHUTDOWN < 5
    assert server.process.wait(60) == 0


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_killing_the_server_leaves_no_orphan_and_loses_no_published_epoch(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server("--workers", "2", data_dir=tmp_path / "data")
    running, paused = (create_endless(server) for _ in range(2))
    viewer = subscribe(server, running)
    published = receive_payloads(viewer, "epoch_completed", count=5)
    wait_for_epoch(server, paused)
    server.request("POST", f"/api/runs/{paused}/pause")
    assert len(workers_of(server.process.pid)) == 2
    children = psutil.Process(server.process.pid).children(recursive=True)

    server.process.kill()
    wait_until(lambda: not any(map(is_alive, children)), what="the workers are gone")
    server.process.wait()
    published += receive_payloads(viewer, "epoch_completed")

    with RunClient(make_config(tmp_path / "data"), running) as next_start:
        next_start.app.start()
        stored = next_start.get("/epochs")["items"]
        assert [epoch["epoch"] for epoch in stored] == list(range(1, len(stored) + 1))
        assert [{"run_id": running, **epoch} for epoch in stored[: len(published)]] == published
        for run_id in (running, paused):
            run = next_start.client.get(f"/api/runs/{run_id}").get_json()
            assert (run["status"], run["error"]["code"]) == ("interrupted", "interrupted")
            matrix = next_start.client.get(f"/api/runs/{run_id}/confusion_matrix").get_json()["matrix"]
            assert sum(map(sum, matrix)) == 359


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_shuts_the_server_and_its_workers_down_in_time(
    start_server: StartServer, tmp_path: Path, number: signal.Signals
) -> None:
    server = start_server("--workers", "2", data_dir=tmp_path / "data")
    running, paused, next_run, waiting = (create_endless(server) for _ in range(4))
    for run_id in (running, paused):
        wait_for_epoch(server, run_id)
    server.request("POST", f"/api/runs/{paused}/pause")
    wait_for_epoch(server, next_run)
    viewer = subscribe(server, running)
    workers = workers_of(server.process.pid)
    assert len(workers) == 3

    server.process.send_signal(number)
    assert_shut_down_in_time(server)
    assert not any(map(is_alive, workers))
    assert "Traceback" not in server.log
    assert [payload["status"] for payload in receive_payloads(viewer, "run_status")][-1] == "interrupted"

    with Engine(make_config(tmp_path / "data", workers=1)) as next_start:
        for run_id in (running, paused, next_run):
            run = next_start.runs.get(run_id)
            assert (run.status, run.error_message) == (RunStatus.INTERRUPTED, "The server was shut down.")
        next_start.wait_for_status(waiting, RunStatus.RUNNING)


def test_the_server_prints_only_the_ready_line(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:  # the folder has no database, so all migrations run
        server.get("/api/runs")
        assert server.log == f"Misfit is ready at {server.base_url}\n"
        assert server.end() == 0
        assert server.log == f"Misfit is ready at {server.base_url}\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_ctrl_c_during_start_up_ends_the_server_without_output(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "webapp", "--port", "0", "--no-browser", "--data-dir", str(tmp_path / "data")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as starting:
        wait_until((tmp_path / "data" / "runs").is_dir, what="the options are read")
        starting.send_signal(signal.SIGINT)
        _, err = starting.communicate(timeout=60)
    assert starting.returncode in {-signal.SIGINT, 0}
    assert err == b""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_an_unresponsive_worker_does_not_delay_the_shutdown(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(data_dir=tmp_path / "data")
    run_id = create_endless(server)
    wait_for_epoch(server, run_id)
    (worker,) = workers_of(server.process.pid)
    worker.suspend()
    server.process.terminate()
    assert_shut_down_in_time(server)
    assert not is_alive(worker)


BLOCKED_SERVER = """
import sys, time, gevent
from pathlib import Path
from webapp.config import Config
from webapp.server import serve

config = Config(data_dir=Path(sys.argv[1]), datasets_dir=Path(sys.argv[1]), port=0, open_browser=False)
config.make_folders()
def block():
    print("blocked", flush=True)
    while True:
        time.sleep(1)
gevent.spawn(block)
sys.exit(serve(config))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_signal_ends_a_server_whose_main_thread_is_blocked(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BLOCKED_SERVER, str(tmp_path / "data")], cwd=ROOT, stdout=subprocess.PIPE
    ) as blocked:
        assert blocked.stdout
        assert blocked.stdout.readline() == b"blocked\n"
        blocked.terminate()
        try:
            assert blocked.wait(60) == 1
        finally:
            blocked.kill()


@pytest.fixture(scope="module")
def busy_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, list[int]]]:
    """A server with two workers, and the ids of twenty endless runs that were created concurrently."""
    with ServerProcess(tmp_path_factory.mktemp("busy") / "data", "--workers", "2") as server:
        with ThreadPoolExecutor(20) as threads:
            ids = list(threads.map(lambda seed: create_endless(server, seed=seed, hidden_sizes=[]), range(20)))
        yield server, ids


def test_twenty_concurrent_requests_create_twenty_runs(busy_server: tuple[ServerProcess, list[int]]) -> None:
    server, ids = busy_server
    assert len(set(ids)) == 20
    for seed, run_id in enumerate(ids):
        assert server.get(f"/api/runs/{run_id}")["hyperparameters"]["seed"] == seed
    assert len(workers_of(server.process.pid)) <= 2


def test_the_server_responds_while_its_workers_train(busy_server: tuple[ServerProcess, list[int]]) -> None:
    server, ids = busy_server
    for run_id in sorted(ids)[:2]:
        wait_for_epoch(server, run_id)
    assert len(workers_of(server.process.pid)) == 2  # training in the server itself would block it
    times = []
    for _ in range(30):
        began = monotonic()
        server.get("/api/runs")
        times.append(monotonic() - began)
    assert sorted(times)[15] < 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_second_ctrl_c_ends_the_server_at_once(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server(data_dir=tmp_path / "data")
    run_id = create_endless(server)
    wait_for_epoch(server, run_id)
    (worker,) = workers_of(server.process.pid)
    worker.suspend()  # without a second Ctrl-C, the shutdown would take seconds and end with exit code 0

    def interrupt() -> bool:
        server.process.send_signal(signal.SIGINT)
        return server.process.poll() is not None

    wait_until(interrupt, what="the server has ended")
    assert server.process.returncode == 128 + signal.SIGINT
    assert "Traceback" not in server.log
    worker.kill()
