"""The event `diagnosis`: while a run trains, and after a subscription."""

from __future__ import annotations

from tests.conftest import StartServer
from tests.support.raw_client import RawClient
from tests.support.server_process import ServerProcess


def test_a_viewer_receives_the_diagnosis_of_a_run_that_trains_and_later_viewers_the_current_one(
    start_server: StartServer,
) -> None:
    server = start_server()
    run = server.create_run(preset="all_the_same", epochs=4)
    this_run = {"run_id": run["id"]}
    with RawClient(server.base_url) as viewer:
        viewer.call("subscribe", this_run)
        while (event := viewer.wait_for("diagnosis"))["status"] == "unknown":
            assert event == {**this_run, "status": "unknown", "findings": []}
        stored = server.get(f"/api/runs/{run['id']}")["diagnosis"]
        assert (event["run_id"], event["status"]) == (run["id"], "ill")
        assert event["findings"][0]["code"] == stored["code"] == "identical_units"
    server.wait_for_run(run["id"], "finished")
    assert_current(server, run["id"])
    data_dir = server.data_dir
    server.end()
    assert_current(start_server(data_dir=data_dir), run["id"])  # after a restart


def assert_current(server: ServerProcess, run_id: int) -> None:
    """Assert that a new subscriber receives the current diagnosis, which trials may have changed since the event."""
    with RawClient(server.base_url) as viewer:
        viewer.call("subscribe", {"run_id": run_id})
        event = dict(viewer.events).get("diagnosis") or viewer.wait_for("diagnosis")
        assert (event["run_id"], event["status"]) == (run_id, "ill")
        assert event["findings"][0]["code"] == "identical_units"
