"""Telemetry of a run: stored by its worker, read over HTTP, and sent to the browsers that watch the run."""

from __future__ import annotations

from typing import Any

from nn.diagnosis.telemetry_json import read_telemetry, to_json
from nn.hyperparameters.fields import MAX_LAYERS
from tests.support.app_client import RunClient, error_of
from tests.support.raw_client import RawClient
from tests.support.server_process import ServerProcess
from webapp.execution.child_process import LONGEST_MESSAGE
from webapp.storage.run_files import RunFiles

Items = list[dict[str, Any]]


def key(item: dict[str, Any]) -> tuple[int, int | None]:
    return item["epoch"], item["step"]


def test_the_telemetry_of_a_run_can_be_read(trained: RunClient) -> None:
    body = trained.get("/telemetry")
    items: Items = body["items"]
    assert body["total"] == len(items)
    assert key(items[0]) == (0, 0)
    epochs = [item["epoch"] for item in items if item["step"] is None]
    assert epochs[:2] == [1, 2]
    assert epochs[-1] == trained.get("")["epochs_completed"]
    assert all(len(item["layers"]) == len(items[0]["layers"]) for item in items)

    assert trained.get("/telemetry?after=0") == body
    later = [item for item in items if item["epoch"] > 1]
    assert trained.get("/telemetry?after=1") == {"items": later, "total": len(later)}
    assert trained.get("/telemetry?after=1000") == {"items": [], "total": 0}
    files = RunFiles.of_run(trained.config.runs_dir, trained.run_id)
    assert [to_json(moment) for moment in read_telemetry(files.telemetry)] == items


def test_a_run_of_an_earlier_version_has_no_telemetry(trained_copy: RunClient) -> None:
    RunFiles.of_run(trained_copy.config.runs_dir, trained_copy.run_id).telemetry.unlink()
    assert trained_copy.get("/telemetry") == {"items": [], "total": 0}


def test_telemetry_that_cannot_be_read_is_not_found(trained_copy: RunClient) -> None:
    path = RunFiles.of_run(trained_copy.config.runs_dir, trained_copy.run_id).telemetry
    path.unlink()
    path.mkdir()
    error = error_of(trained_copy.client.get(f"{trained_copy.path}/telemetry"), 404)
    assert "telemetry of run 1 cannot be read" in error["message"]


def test_invalid_requests_are_rejected(trained: RunClient) -> None:
    error_of(trained.client.get("/api/runs/99/telemetry"), 404)
    assert "after" in error_of(trained.client.get(f"{trained.path}/telemetry?after=-1"), 422)["fields"]
    assert "epoch" in error_of(trained.client.get(f"{trained.path}/telemetry?epoch=1"), 422)["fields"]


def test_a_page_that_fetches_what_an_event_does_not_continue_has_all_stored_telemetry(
    shared_server: ServerProcess,
) -> None:
    """As documented in docs/api.md: an event whose `after` is not the last epoch of the page follows a gap."""
    run = shared_server.create_run(epochs=30, hidden_sizes=[4])
    address = f"/api/runs/{run['id']}/telemetry"
    page: Items = []

    def last() -> int:
        return page[-1]["epoch"] if page else 0

    def fetch() -> Items:
        items: Items = shared_server.get(f"{address}?after={last()}")["items"]
        return items

    with RawClient(shared_server.base_url) as viewer:
        viewer.call("subscribe", {"run_id": run["id"]})
        if not any(event == "run_finished" for event, _ in viewer.events):
            viewer.wait_for("run_finished")
        completed = 0
        for event, data in viewer.events:
            if event == "epoch_completed":
                completed = data["epoch"]
            elif event == "telemetry":
                assert data["run_id"] == run["id"]
                assert completed < data["items"][-1]["epoch"]  # the event precedes that of its epoch
                page += data["items"] if data["after"] == last() else fetch()
                page = list({key(item): item for item in page}.values())
    page += fetch() if last() < 30 else []
    assert page == shared_server.get(address)["items"]


def test_the_telemetry_of_the_first_epoch_of_the_largest_network_fits_into_a_message(trained: RunClient) -> None:
    items: Items = trained.get("/telemetry")["items"]
    layer_bytes = max(len(str(layer)) for item in items for layer in item["layers"])
    most_moments = 26  # powers of two up to the largest number of steps, the middle, the start and the end
    assert most_moments * (MAX_LAYERS + 1) * 2 * layer_bytes < LONGEST_MESSAGE
