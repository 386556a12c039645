"""Subscriptions to runs: each subscriber receives every epoch once and in order, at any speed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.app_client import LONG
from tests.support.raw_client import RawClient
from tests.support.run_engine import ENDLESS
from tests.support.server_process import ServerProcess
from tests.support.socket_client import polling_session
from tests.support.waiting import wait_until


def test_a_late_subscriber_receives_all_epochs_in_order_and_then_the_final_status(
    long_run: ServerProcess, viewer: RawClient
) -> None:
    assert viewer.call("subscribe", {"run_id": 1, "after_epoch": 0}) == {"ok": True}
    stored = long_run.get("/api/runs/1/epochs")["items"]
    assert len(stored) == LONG
    epochs = [data for event, data in viewer.events if event == "epoch_completed"]
    assert epochs == [{"run_id": 1, **epoch} for epoch in stored]
    assert (epochs[0]["test_cost"], epochs[0]["non_finite"]) == (None, ["test_cost"])
    assert [event for event, _ in viewer.events[LONG:]] == ["run_status", "run_finished"]
    (_, status), (_, finished) = viewer.events[LONG:]
    assert status == {"run_id": 1, "status": "finished", "run": long_run.get("/api/runs/1")}
    assert finished == {**status, "stop_reason": None}


@pytest.mark.parametrize(("after", "first"), [(LONG - 3, LONG - 2), (LONG, None), (2**63 - 1, None)])
def test_a_subscriber_receives_only_the_epochs_that_it_lacks(viewer: RawClient, after: int, first: int | None) -> None:
    viewer.call("subscribe", {"run_id": 1, "after_epoch": after})
    assert viewer.epochs() == (list(range(first, LONG + 1)) if first else [])


def test_a_polling_response_has_at_most_16_packets(long_run: ServerProcess) -> None:
    request = polling_session(long_run.base_url)
    request('421["subscribe",{"run_id":1}]')
    epochs: list[int] = []
    while len(epochs) < LONG:
        packets = request().split("\x1e")
        assert len(packets) <= 16
        epochs += [json.loads(packet[2:])[1]["epoch"] for packet in packets if packet.startswith('42["epoch_')]
    assert epochs == list(range(1, LONG + 1))


def test_a_subscriber_during_training_misses_no_epoch(shared_server: ServerProcess) -> None:
    run = shared_server.create_run(epochs=40, hidden_sizes=[4])

    def watch(_: int) -> list[int]:
        with RawClient(shared_server.base_url) as viewer:
            viewer.call("subscribe", {"run_id": run["id"]})
            if not any(event == "run_finished" for event, _ in viewer.events):
                viewer.wait_for("run_finished")
            return viewer.epochs()

    with ThreadPoolExecutor(6) as threads:
        for epochs in threads.map(watch, range(6)):
            assert epochs == list(range(1, 41))


def test_a_client_receives_nothing_after_unsubscribing(shared_server: ServerProcess, endless: Any) -> None:
    this_run = {"run_id": endless["id"]}
    address = f"/api/runs/{endless['id']}"
    with RawClient(shared_server.base_url) as viewer:
        viewer.call("subscribe", this_run)
        viewer.wait_for("epoch_completed")
        assert viewer.call("unsubscribe", this_run) == {"ok": True}
        viewer.events.clear()
        before = shared_server.get(address)["epochs_completed"]
        wait_until(lambda: shared_server.get(address)["epochs_completed"] > before + 1)
        viewer.call("unsubscribe", this_run)
        assert viewer.events == []


def test_unsubscribing_ends_a_replay(viewer: RawClient) -> None:
    viewer.send_raw('42["subscribe",{"run_id":1}]')
    viewer.call("unsubscribe", {"run_id": 1})
    viewer.events.clear()
    viewer.call("subscribe", {"run_id": 1, "after_epoch": LONG - 1})
    assert viewer.epochs() == [LONG]


def test_a_subscriber_to_all_runs_receives_every_status(shared_server: ServerProcess) -> None:
    with RawClient(shared_server.base_url) as viewer:
        assert viewer.call("subscribe_runs", {}) == {"ok": True}
        run = shared_server.create_run(**ENDLESS)
        assert viewer.wait_for("run_status")["run"]["id"] == run["id"]
        while viewer.wait_for("run_status")["status"] != "running":
            pass
        assert viewer.call("unsubscribe_runs", {}) == {"ok": True}
        viewer.events.clear()
        shared_server.request("POST", f"/api/runs/{run['id']}/stop")
        shared_server.wait_for_run(run["id"])
        viewer.call("unsubscribe_runs", {})
        assert viewer.events == []


def test_subscribers_learn_that_a_run_was_deleted(shared_server: ServerProcess) -> None:
    run_id = shared_server.create_run(**ENDLESS)["id"]
    with RawClient(shared_server.base_url) as viewer, RawClient(shared_server.base_url) as of_all_runs:
        viewer.call("subscribe", {"run_id": run_id})
        of_all_runs.call("subscribe_runs", {})
        shared_server.request("POST", f"/api/runs/{run_id}/stop")
        shared_server.wait_for_run(run_id)
        assert shared_server.request("DELETE", f"/api/runs/{run_id}")[0] == 204
        for client in (viewer, of_all_runs):
            assert client.wait_for("run_deleted") == {"run_id": run_id}
        assert viewer.call("subscribe", {"run_id": run_id})["error"]["code"] == "not_found"


def test_a_slow_client_receives_whole_messages(long_run: ServerProcess, viewer: RawClient) -> None:
    """If the buffers of the system are full, `socket.send` sends only a part of a message."""
    viewer.call("subscribe_runs")
    notes = "✓" * 10_000
    with viewer.not_reading():
        for _ in range(130):
            long_run.request("PATCH", "/api/runs/1", {"notes": notes})  # the server sends 60 kB to each subscriber
    statuses = [viewer.wait_for("run_status") for _ in range(130)]
    assert all(data["run"]["notes"] == notes for data in statuses)
