"""Trials over HTTP and sockets, and in the diagnosis of their run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from nn.hyperparameters.schema import Hyperparameters
from tests.support.app_client import RunClient, Trained, error_of
from tests.support.raw_client import RawClient
from tests.support.run_engine import Engine, make_config, workers_of
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore
from webapp.storage.tables import Run

UNSCALED = {"input_scaling": "none", "optimizer": "sgd", "learning_rate": 0.1, "initializer": "normal", "epochs": 5}


def wait_for_end(client: RunClient) -> dict[str, Any]:
    def ended() -> dict[str, Any] | None:
        trials: dict[str, Any] = client.get("/trials")
        return trials if trials["status"] not in {"none", "waiting", "running"} else None

    return Engine.wait(ended, what="the trials have ended")


@pytest.fixture(scope="module")
def ill_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a run that has ended ill, and whose automatic trials have ended."""
    folder = tmp_path_factory.mktemp("ill-once")
    with Trained(make_config(folder), **UNSCALED) as ill:
        wait_for_end(ill)
    return folder


@pytest.fixture
def ill(ill_dir: Path, tmp_path: Path) -> Iterator[RunClient]:
    shutil.copytree(ill_dir, tmp_path / "data")
    with RunClient(make_config(tmp_path / "data")) as client:
        yield client


def test_a_run_that_has_ended_ill_gets_trials_that_show_its_cause(ill: RunClient) -> None:
    trials = ill.get("/trials")
    assert (trials["status"], trials["error"], trials["score"]) == ("finished", None, "validation_accuracy")
    assert trials["items"][0]["gap_closed"] > 0.5
    found = ill.get("/diagnosis")
    first = found["findings"][0]
    assert (found["status"], first["code"], first["known_by"]) == ("ill", "input_scale", "trial")
    assert "input_scaling" in first["remedies"][0]["changes"]
    assert {evidence.get("place") for evidence in first["evidence"]} >= {"trials"}
    assert ill.get("")["diagnosis"]["known_by"] == "trial"
    earlier = ill.get("/diagnosis?epoch=2")
    assert all(finding["known_by"] != "trial" for finding in earlier["findings"])


def test_a_person_can_repeat_and_stop_trials(ill: RunClient) -> None:
    path = f"{ill.path}/trials"
    error_of(ill.client.delete(path), 409)
    response = ill.client.post(path, json={"epochs": 1})
    assert response.status_code == 202
    assert response.get_json()["status"] in {"waiting", "running"}
    assert "already in progress" in error_of(ill.client.post(path), 409)["message"]
    repeated = wait_for_end(ill)
    assert (repeated["status"], repeated["epochs"]) == ("finished", 1)
    assert ill.client.post(path).status_code == 202
    assert ill.client.delete(path).status_code == 200
    assert wait_for_end(ill)["status"] in {"finished", "stopped"}


@pytest.mark.parametrize("epochs", [0, -1, 1001, "5", 1.5, True, None, [1]])
def test_bad_epochs_are_refused(trained: RunClient, epochs: object) -> None:
    error = error_of(trained.client.post(f"{trained.path}/trials", json={"epochs": epochs}), 422)
    assert "epochs" in error["fields"]
    assert trained.get("/trials")["status"] == "none"


def test_the_diagnosis_uses_finished_trials_while_they_are_repeated(ill: RunClient) -> None:
    before = ill.get("/diagnosis")
    assert ill.client.post(f"{ill.path}/trials", json={"epochs": 1000}).status_code == 202
    assert ill.get("/trials")["status"] in {"waiting", "running"}
    assert ill.get("/diagnosis") == before
    assert ill.client.delete(f"{ill.path}/trials").status_code == 200
    wait_for_end(ill)
    assert ill.get("/diagnosis") == before


def test_trials_need_a_run_that_has_ended(client: FlaskClient) -> None:
    run_id = client.post("/api/runs", json={}).get_json()["id"]
    assert "queued" in error_of(client.post(f"/api/runs/{run_id}/trials"), 409)["message"]
    for method in ("get", "post", "delete"):
        error_of(getattr(client, method)(f"/api/runs/{run_id + 1}/trials"), 404)
    error_of(client.post(f"/api/runs/{run_id}/trials", json={"steps": 3}), 422)


def test_a_changed_data_set_is_refused(ill: RunClient) -> None:
    with ill.app.store.engine.begin() as connection:
        connection.execute(update(Run).values(train_fingerprint="0" * 32))
    error = error_of(ill.client.post(f"{ill.path}/trials"), 409)
    assert "Put the original files back" in error["message"]
    assert ill.get("/trials")["status"] == "finished"


def test_browsers_that_watch_a_run_receive_its_trials(long_run: ServerProcess, viewer: RawClient) -> None:
    viewer.emit("subscribe", {"run_id": 1, "after_epoch": 600})
    assert long_run.request("POST", "/api/runs/1/trials", {"epochs": 1})[0] == 202
    statuses: list[str] = []
    while not statuses or statuses[-1] in {"waiting", "running"}:
        received = viewer.receive()
        assert received is not None
        event, payload = received
        if event == "trials":
            assert payload["run_id"] == 1
            statuses.append(payload["trials"]["status"])
    assert statuses[-1] == "finished"


def test_the_process_of_trials_ends_with_a_killed_server(tmp_path: Path) -> None:
    data_dir = make_config(tmp_path / "data").data_dir
    store = RunStore(data_dir / "misfit.db")
    run = store.add_run(
        name="Slow", preset=None, hyperparameters=Hyperparameters(batch_size=2, epochs=10_000), parameter_count=1
    )
    store.change_status(run.id, RunStatus.RUNNING)
    store.change_status(run.id, RunStatus.FINISHED)
    store.close()
    with ServerProcess(data_dir) as server:
        path = f"/api/runs/{run.id}/trials"
        assert server.request("POST", path, {"epochs": 1000})[0] == 202
        wait_until(lambda: server.get(path)["twin"], what="the first trial has completed an epoch")
        (process,) = workers_of(server.process.pid)
        server.process.kill()
        process.wait(timeout=60)
    with RunClient(make_config(tmp_path / "data"), run.id) as client:
        assert client.get("/trials")["status"] == "none"
