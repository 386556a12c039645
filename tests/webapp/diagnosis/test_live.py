"""Diagnoses of runs while they train, and at their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import gevent
import pytest

from nn.datasets import BUILT_IN_DATASETS
from nn.diagnosis.finding import Diagnosis
from tests.support.run_engine import Engine, make_config
from webapp.datasets.library import DatasetLibrary
from webapp.diagnosis import live
from webapp.diagnosis.evidence import StoredEvidence
from webapp.diagnosis.live import LiveDiagnoses
from webapp.diagnosis.service import RunDiagnoses
from webapp.errors import DatabaseBusyError, DiskFullError, NotFoundError
from webapp.realtime.publisher import RUNS_ROOM, Publisher, run_room
from webapp.storage.verdict_store import VerdictJson, VerdictStore

HEALTHY, ILL = Diagnosis(2, "healthy"), Diagnosis(2, "ill")


class DiagnosedEngine(Engine):
    """An engine whose runs are diagnosed while they train. `ill_ends` lists the runs that ended ill."""

    def __init__(self, folder: Path) -> None:
        super().__init__(make_config(folder))
        evidence = StoredEvidence(self.results, DatasetLibrary(self.config, BUILT_IN_DATASETS))
        self.verdicts = VerdictStore(self.store.engine)
        self.diagnoses = RunDiagnoses(self.runs, evidence, self.verdicts, Publisher(self.emitter))
        self.ill_ends: list[int] = []
        self.live = LiveDiagnoses(self.diagnoses, self.ill_ends.append)
        self.scheduler.add_listener(self.live.handle_change)

    def close(self) -> None:
        self.live.close()
        super().close()

    def wait_for_verdict(self, run_id: int) -> VerdictJson:
        """Wait until the verdict of an ended run is that of its last epoch."""

        def final() -> VerdictJson | None:
            run = self.runs.get(run_id)
            found = run.diagnosis
            return found if found and run.has_ended and found["epoch"] == run.epochs_completed else None

        return self.wait(final, what=f"the verdict about run {run_id} is final")


@pytest.fixture
def diagnosed(tmp_path: Path) -> Iterator[DiagnosedEngine]:
    with DiagnosedEngine(tmp_path / "data") as engine:
        yield engine


def test_each_diagnosis_is_stored_before_it_is_published(diagnosed: DiagnosedEngine) -> None:
    published: list[dict[str, Any]] = []

    def check_stored(name: str, payload: dict[str, Any]) -> None:
        if name == "diagnosis":
            stored = diagnosed.runs.get(payload["run_id"]).diagnosis
            first = payload["findings"][0] if payload["findings"] else {"code": None, "severity": None}
            assert stored
            assert (stored["status"], stored["code"], stored["severity"]) == (
                payload["status"],
                first["code"],
                first["severity"],
            )
            published.append(payload)

    diagnosed.emitter.on_emit = check_stored
    ill = diagnosed.runs.create(preset="deep_sigmoid", hyperparameters={"epochs": 20})
    healthy = diagnosed.runs.create(preset="digits_quick", hyperparameters={"epochs": 12})
    verdict = diagnosed.wait_for_verdict(ill.id)
    assert (verdict["status"], verdict["title"], verdict["epoch"]) == ("ill", "Vanishing gradient", 20)
    assert diagnosed.wait_for_verdict(healthy.id)["title"] == "Learns well"
    diagnosed.wait(lambda: diagnosed.ill_ends, what="the end of the ill run is reported")
    assert diagnosed.ill_ends == [ill.id]

    for run in (ill, healthy):
        changes = [signature(each) for each in published if each["run_id"] == run.id]
        assert changes
        assert all(before != after for before, after in pairwise(changes))
    rooms = {to for name, _, to in diagnosed.emitter.events if name == "diagnosis"}
    assert rooms == {run_room(ill.id), run_room(healthy.id)}
    last = diagnosed.emitter.payloads("run_status", ill.id)[-1]
    assert last["run"]["diagnosis"]["code"] == "vanishing_gradient"  # the list of runs shows it
    assert RUNS_ROOM in next(to for name, _, to in diagnosed.emitter.events[::-1] if name == "run_status")


def signature(event: dict[str, Any]) -> tuple[object, ...]:
    return event["status"], *((finding["code"], finding["severity"]) for finding in event["findings"])


@pytest.mark.parametrize("error", [DiskFullError("data"), DatabaseBusyError("misfit.db")])
def test_a_verdict_that_cannot_be_stored_is_not_published_until_it_can(
    diagnosed: DiagnosedEngine, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    run = diagnosed.runs.create(preset="deep_sigmoid", hyperparameters={"epochs": 8})
    diagnosed.wait(lambda: diagnosed.ill_ends, what="the run is diagnosed at its end")
    diagnosed.emitter.events.clear()
    diagnosed.verdicts.write(run.id, None)
    write = diagnosed.verdicts.write
    attempts: list[int] = []

    def fail(run_id: int, _verdict: VerdictJson | None) -> None:
        attempts.append(run_id)
        raise error

    other = RunDiagnoses(
        diagnosed.runs,
        StoredEvidence(diagnosed.results, DatasetLibrary(diagnosed.config, BUILT_IN_DATASETS)),
        diagnosed.verdicts,
        Publisher(diagnosed.emitter),
    )  # after a restart
    monkeypatch.setattr(diagnosed.verdicts, "write", fail)
    assert other.diagnose(run.id).status == "ill"
    assert other.update(run.id, cancelled=lambda: True).status == "ill"
    assert len(attempts) == 2
    assert diagnosed.runs.get(run.id).diagnosis is None
    assert diagnosed.emitter.payloads("diagnosis", run.id) == []
    monkeypatch.setattr(diagnosed.verdicts, "write", write)
    assert other.diagnose(run.id).status == "ill"
    assert diagnosed.wait_for_verdict(run.id)["status"] == "ill"
    assert len(diagnosed.emitter.payloads("diagnosis", run.id)) == 1


class FakeDiagnoses:
    """Diagnoses that are made up. `updated` lists the runs, in order. `result` returns the next diagnosis."""

    def __init__(self, result: Callable[[], Diagnosis]) -> None:
        self.updated: list[int] = []
        self.result = result

    def update(self, run_id: int, cancelled: Callable[[], bool]) -> Diagnosis:
        assert not cancelled()
        self.updated.append(run_id)
        return self.result()


def follow(result: Callable[[], Diagnosis]) -> tuple[FakeDiagnoses, LiveDiagnoses, list[int]]:
    fake: Any = FakeDiagnoses(result)
    ill_ends: list[int] = []
    return fake, LiveDiagnoses(fake, ill_ends.append), ill_ends


def wait_for_updates(fake: FakeDiagnoses, n: int) -> None:
    Engine.wait(lambda: len(fake.updated) >= n, what=f"{n} diagnoses")
    assert len(fake.updated) == n


def test_the_first_epochs_are_diagnosed_at_once_and_later_ones_after_a_pause_or_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "SECONDS_BETWEEN", 1000.0)
    epochs = iter([0, 1, 2, 9])
    fake, watching, _ = follow(lambda: Diagnosis(next(epochs), "unknown"))
    for n in (1, 2, 3):  # the start of the run and its first two epochs
        watching.handle_change(7, False)
        wait_for_updates(fake, n)
    for _ in range(5):
        watching.handle_change(7, False)
        gevent.idle()
    assert len(fake.updated) == 3
    watching.handle_change(7, True)
    wait_for_updates(fake, 4)


def test_many_changes_cause_one_diagnosis_and_runs_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SECONDS_BETWEEN", 1000.0)
    fake, watching, _ = follow(lambda: HEALTHY)
    for run_id in (1, 2, 1, 2, 1):
        watching.handle_change(run_id, False)
    wait_for_updates(fake, 2)
    assert sorted(fake.updated) == [1, 2]
    watching.close()


@pytest.mark.parametrize(("found", "reported"), [(ILL, [7]), (HEALTHY, []), (Diagnosis(2, "unknown"), [])])
def test_only_the_end_of_an_ill_run_is_reported(found: Diagnosis, reported: list[int]) -> None:
    fake, watching, ill_ends = follow(lambda: found)
    watching.handle_change(7, True)
    wait_for_updates(fake, 1)
    assert ill_ends == reported


def test_an_error_ends_the_diagnoses_of_one_run_until_it_continues(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> Diagnosis:
        raise ZeroDivisionError

    fake, watching, _ = follow(fail)
    watching.handle_change(7, False)
    wait_for_updates(fake, 1)
    watching.handle_change(7, False)
    watching.handle_change(8, True)
    wait_for_updates(fake, 2)
    assert fake.updated == [7, 8]
    assert "The diagnosis of run 7 failed" in caplog.text
    watching.handle_change(7, True)
    fake.result = lambda: HEALTHY
    gevent.idle()
    watching.handle_change(7, False)  # the run continues
    wait_for_updates(fake, 3)
    watching.close()


def test_a_deleted_run_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    def missing() -> Diagnosis:
        raise NotFoundError("There is no run 7.")

    fake, watching, _ = follow(missing)
    watching.handle_change(7, True)
    wait_for_updates(fake, 1)
    assert caplog.text == ""


def test_nothing_is_diagnosed_after_the_server_has_closed() -> None:
    fake, watching, ill_ends = follow(lambda: ILL)
    watching.handle_change(7, False)
    watching.close()
    watching.handle_change(8, True)
    gevent.idle()
    assert (fake.updated, ill_ends) == ([], [])
