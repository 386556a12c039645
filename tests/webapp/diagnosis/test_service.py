"""Diagnoses of stored runs over HTTP: their findings, their epochs, and evidence that is missing or damaged."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from nn.diagnosis.code_names import CODE_NAMES
from nn.diagnosis.finding import CODES
from nn.training.events import EpochResult
from tests.support.app_client import RunClient, Trained, error_of
from tests.support.datasets.idx_files import small_mnist_files, write_files
from tests.support.run_engine import Engine, make_config
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore
from webapp.storage.tables import Run
from webapp.storage.verdict_store import VerdictStore

HEALTHY, ILL = 1, 2
PRESETS = {HEALTHY: "digits_quick", ILL: "deep_sigmoid"}
LEARNS_WELL = {"status": "healthy", "code": None, "title": "Learns well", "severity": None, "known_by": None}


@pytest.fixture(scope="module")
def ended_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an ended run of each preset."""
    folder = tmp_path_factory.mktemp("diagnosed")
    with RunClient(make_config(folder)) as client:
        for run_id, preset in PRESETS.items():
            assert client.app.runs.create(preset=preset).id == run_id
        runs = client.app.runs
        Engine.wait(lambda: all(run.has_ended for run in runs.list()[0]), what="all runs have ended")
        Engine.wait(lambda: verdict(client, ILL) and verdict(client, HEALTHY), what="the verdicts are stored")
    return folder


@pytest.fixture(scope="module")
def ended(ended_dir: Path) -> Iterator[RunClient]:
    with RunClient(make_config(ended_dir)) as client:
        yield client


@pytest.fixture
def copy(ended_dir: Path, tmp_path: Path) -> Iterator[RunClient]:
    """A server on a copy of the data folder, after a restart."""
    shutil.copytree(ended_dir, tmp_path / "data")
    with RunClient(make_config(tmp_path / "data"), run_id=ILL) as client:
        yield client


def verdict(client: RunClient, run_id: int) -> Any:
    return client.app.runs.get(run_id).diagnosis


def diagnosis(client: RunClient, run_id: int, query: str = "") -> dict[str, Any]:
    response = client.client.get(f"/api/runs/{run_id}/diagnosis{query}")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.get_json()
    assert list(found) == ["epoch", "status", "findings", "observations"]
    return found


def test_every_code_has_a_short_name() -> None:
    assert set(CODE_NAMES) == set(CODES)
    assert len(set(CODE_NAMES.values())) == len(CODES)


def test_a_run_that_learns_well_has_no_findings(ended: RunClient) -> None:
    found = diagnosis(ended, HEALTHY)
    assert (found["epoch"], found["status"], found["findings"]) == (30, "healthy", [])
    stored = ended.client.get(f"/api/runs/{HEALTHY}").get_json()["diagnosis"]
    assert stored == {**LEARNS_WELL, "epoch": 30}


def test_a_run_that_does_not_learn_names_the_cause_and_changes_that_help(ended: RunClient) -> None:
    found = diagnosis(ended, ILL)
    first = found["findings"][0]
    assert (found["epoch"], found["status"], first["code"]) == (60, "ill", "vanishing_gradient")
    assert (first["name"], first["severity"], first["layer"]) == ("Vanishing gradient", "critical", 1)
    h = ended.app.runs.get(ILL).hyperparameters
    for remedy in first["remedies"]:
        assert h.changed(remedy["changes"]) != h
    stored = ended.client.get(f"/api/runs/{ILL}").get_json()["diagnosis"]
    assert stored == {
        "status": "ill",
        "code": "vanishing_gradient",
        "title": "Vanishing gradient",
        "severity": "critical",
        "known_by": first["known_by"],
        "epoch": 60,
    }


@pytest.mark.parametrize("preset", ["too_hot", "squares_unscaled", "xor_gate"])
def test_diverged_runs_and_tables_are_diagnosed(tmp_path: Path, preset: str) -> None:
    with RunClient(make_config(tmp_path)) as client:
        client.app.scheduler.close()
        run = client.app.runs.create(preset=preset)
        client.app.store.change_status(run.id, RunStatus.RUNNING)
        add_epochs(client, run.id, [2.3, 5.1, 40.0, None])
        client.app.store.change_status(run.id, RunStatus.DIVERGED)
        found = diagnosis(client, run.id)
        assert (found["status"], found["findings"][0]["severity"]) == ("ill", "critical")
        assert client.get("")["diagnosis"]["code"] == found["findings"][0]["code"]
        version = client.client.get(f"{client.path}/diagnosis").get_etag()[0]
        cached = client.client.get(f"{client.path}/diagnosis?epoch=2&v={version}")
        assert "immutable" in cached.headers["Cache-Control"]


def test_the_diagnosis_until_an_epoch_uses_only_the_epochs_until_then(ended: RunClient) -> None:
    early = diagnosis(ended, ILL, "?epoch=1")
    assert (early["epoch"], early["status"], early["findings"]) == (1, "unknown", [])
    late = diagnosis(ended, ILL, "?epoch=40")
    assert (late["epoch"], late["status"]) == (40, "ill")
    assert {finding["epoch"] for finding in late["findings"]} == {40}
    assert verdict(ended, ILL)["epoch"] == 60  # an earlier epoch does not change the verdict


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/runs/99/diagnosis", 404),
        (f"/api/runs/{ILL}/diagnosis?epoch=61", 404),
        (f"/api/runs/{ILL}/diagnosis?epoch=0", 422),
        (f"/api/runs/{ILL}/diagnosis?epoch=last", 422),
        (f"/api/runs/{ILL}/diagnosis?after=1", 422),
    ],
)
def test_a_wrong_address_is_an_error(ended: RunClient, path: str, status: int) -> None:
    error_of(ended.client.get(path), status)


def test_browsers_cache_the_diagnosis_of_an_ended_run_until_an_epoch(copy: RunClient) -> None:
    address = f"/api/runs/{ILL}/diagnosis"
    version = copy.client.get(address).get_etag()[0]
    cached = copy.client.get(f"{address}?epoch=40&v={version}")
    assert cached.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    for query in ("", "?epoch=40", f"?v={version}", "?epoch=40&v=0123456789ab"):
        assert copy.client.get(address + query).headers["Cache-Control"] == "no-store", query
    other = copy.client.get(f"/api/runs/{HEALTHY}/diagnosis").get_etag()[0]
    assert other not in {None, version}


def test_a_run_in_progress_is_not_cached(tmp_path: Path) -> None:
    with RunClient(make_config(tmp_path)) as client:
        client.app.scheduler.close()
        run = client.app.runs.create()
        client.app.store.change_status(run.id, RunStatus.RUNNING)
        add_epochs(client, run.id, [2.3, 2.2])
        response = client.client.get(f"/api/runs/{run.id}/diagnosis?epoch=1")
        assert (response.status_code, response.get_etag()) == (200, (None, None))


DAMAGES: dict[str, bytes] = {
    "other": b"\x00\xffDear diary",
    "json": b'1 {"epoch":1}\n2 []\n3 {"epoch":"x","layers":7}\n',
    "types": b'1 {"epoch":1,"step":null,"layers":[null,3],"first_cost":"a","expected_first_cost":[]}\n',
    "cut": b'1 {"epoch":1,"lay',
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_telemetry_is_left_out(copy: RunClient, damage: str) -> None:
    copy.services.results.files(ILL).telemetry.write_bytes(DAMAGES[damage])
    assert diagnosis(copy, ILL)["status"] == "ill"


def test_impossible_values_in_telemetry_are_no_error(copy: RunClient, caplog: pytest.LogCaptureFixture) -> None:
    path = copy.services.results.files(ILL).telemetry
    path.write_bytes(re.sub(rb'"gradient_norm":[^,]+', b'"gradient_norm":"high"', path.read_bytes()))
    assert diagnosis(copy, ILL)["status"] == "unknown"
    assert "Run 2 cannot be diagnosed until epoch 60" in caplog.text


def test_a_run_of_an_earlier_version_has_no_telemetry_and_gets_its_verdict_when_asked(copy: RunClient) -> None:
    copy.services.results.files(ILL).telemetry.unlink()
    VerdictStore(copy.app.store.engine).write(ILL, None)
    assert copy.get("")["diagnosis"] is None
    assert diagnosis(copy, ILL)["status"] == "ill"
    assert copy.get("")["diagnosis"]["status"] == "ill"


def test_a_folder_without_files_is_no_error(copy: RunClient) -> None:
    shutil.rmtree(copy.services.results.files(ILL).folder)
    assert diagnosis(copy, ILL)["status"] == "ill"
    assert diagnosis(copy, ILL, "?epoch=7")["epoch"] == 7


def test_a_deleted_data_set_is_no_error(tmp_path: Path) -> None:
    config = make_config(tmp_path / "data")
    write_files(config.datasets_dir / "mnist", small_mnist_files(30, 20))
    values = {"dataset": "mnist", "validation_fraction": 0, "batch_size": 10, "epochs": 3}
    with Trained(config, **values) as trained:
        before = trained.client.get(f"{trained.path}/diagnosis").get_etag()
    shutil.rmtree(config.datasets_dir)
    config.datasets_dir.mkdir()
    with RunClient(config) as client:
        assert diagnosis(client, 1)["epoch"] == 3
        assert client.client.get(f"{client.path}/diagnosis").get_etag() != before


@pytest.mark.parametrize("status", [RunStatus.FAILED, RunStatus.INTERRUPTED, RunStatus.STOPPED])
@pytest.mark.parametrize("costs", [[], [2.3, None, 2.4]])
def test_runs_that_ended_early_are_diagnosed(tmp_path: Path, status: RunStatus, costs: list[float | None]) -> None:
    with RunClient(make_config(tmp_path)) as client:
        client.app.scheduler.close()
        run = client.app.runs.create()
        assert diagnosis(client, run.id) == {"epoch": 0, "status": "unknown", "findings": [], "observations": []}
        client.app.store.change_status(run.id, RunStatus.RUNNING)
        add_epochs(client, run.id, costs)
        client.app.store.change_status(run.id, status)
        assert diagnosis(client, run.id)["epoch"] == len(costs)


def test_only_new_epochs_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with RunClient(make_config(tmp_path)) as client:
        client.app.scheduler.close()
        run = client.app.runs.create()
        client.app.store.change_status(run.id, RunStatus.RUNNING)
        add_epochs(client, run.id, [2.3, 2.2, 2.1])
        results = client.services.results
        asked: list[int] = []
        read = results.epochs

        def epochs(run_id: int, after: int = 0, limit: int | None = None) -> Any:
            asked.append(after)
            return read(run_id, after, limit)

        monkeypatch.setattr(results, "epochs", epochs)
        assert diagnosis(client, run.id)["epoch"] == 3
        add_epochs(client, run.id, [2.0])
        assert diagnosis(client, run.id)["epoch"] == 4
        assert diagnosis(client, run.id, "?epoch=2")["epoch"] == 2
        assert asked == [0, 3]


def add_epochs(client: RunClient, run_id: int, costs: list[float | None]) -> None:
    """Store epochs with these training costs after the stored ones."""
    first = client.app.runs.get(run_id).epochs_completed + 1
    for epoch, cost in enumerate(costs, first):
        result = EpochResult(epoch, cost or float("nan"), 0.1, None, None, cost or 0, 0.1, 0.1, epoch, 1.0, 1.0)
        client.app.store.add_epoch(run_id, result.to_json(), is_best=False)


@pytest.mark.filterwarnings("ignore:Pydantic serializer")  # hyperparameters that are not valid keep their stored types
def test_hyperparameters_of_an_earlier_version_are_no_error(ended_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(ended_dir, tmp_path / "data")
    config = make_config(tmp_path / "data")
    store = RunStore(config.database)
    run = store.run(ILL)
    assert run is not None
    older = {**run.hyperparameters.model_dump(mode="json"), "activation": "cubic", "validation_fraction": 0.99}
    with store.engine.begin() as connection:
        connection.execute(update(Run).where(Run.id == ILL).values(hyperparameters=older))
    store.close()
    with RunClient(config) as client:
        assert diagnosis(client, ILL)["epoch"] == 60
