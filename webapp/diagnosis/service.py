"""Diagnoses of stored runs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress

from nn.diagnosis.diagnose import diagnose
from nn.diagnosis.evidence import RunEvidence
from nn.diagnosis.finding import Diagnosis
from nn.diagnosis.finding_json import finding_to_json
from webapp.cache import ByteCache
from webapp.diagnosis.evidence import StoredEvidence
from webapp.diagnosis.verdict import is_news, signature_of, verdict_of
from webapp.errors import DatabaseBusyError, DiskFullError, NotFoundError
from webapp.realtime.events import DiagnosisEvent
from webapp.realtime.publisher import Publisher
from webapp.runs.service import Runs
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import RunStatus
from webapp.storage.verdict_store import VerdictStore
from webapp.threads import in_thread, retry_while

CURRENT_CACHE_BYTES = 2_000_000
DIAGNOSIS_BYTES = 10_000  # of one diagnosis
NOTHING_KNOWN = Diagnosis(0, "unknown")

log = logging.getLogger(__name__)


class RunDiagnoses:
    """Diagnoses stored runs. Every method with a `run_id` raises NotFoundError for an unknown run.

    A run has one current diagnosis: the one until its last epoch. Its verdict is stored before it is published.
    """

    def __init__(self, runs: Runs, evidence: StoredEvidence, verdicts: VerdictStore, publisher: Publisher) -> None:
        self._runs = runs
        self._evidence = evidence
        self._verdicts = verdicts
        self._publisher = publisher
        self._current = ByteCache[Diagnosis](CURRENT_CACHE_BYTES)

    def diagnose(self, run_id: int, epoch: int | None = None) -> Diagnosis:
        """Return the diagnosis of a run until `epoch`, from all evidence. By default, `epoch` is the run's last epoch.

        Raises NotFoundError for an epoch that is not completed.
        """
        run = self._runs.get(run_id)
        if epoch is not None and not 1 <= epoch <= run.epochs_completed:
            raise NotFoundError(f"Run {run_id} has no epoch {epoch}; it has completed {run.epochs_completed}.")
        found = self._diagnose(run, run.epochs_completed if epoch is None else epoch, thoroughly=True)
        if found.epoch == run.epochs_completed:
            with suppress(DatabaseBusyError, DiskFullError):  # the next diagnosis stores the verdict
                self._make_current(run, found)
        return found

    def update(self, run_id: int, cancelled: Callable[[], bool] = lambda: False) -> Diagnosis:
        """Diagnose a run until its last epoch, and return the diagnosis, which becomes the current one.

        The data set is examined only if the run does not learn well. While another program has the database locked, the
        method waits until `cancelled()` is True.
        """
        run = self._runs.get(run_id)
        found = self._diagnose(run, run.epochs_completed, thoroughly=False)
        with suppress(DatabaseBusyError, DiskFullError):  # the next diagnosis stores the verdict
            retry_while(DatabaseBusyError, lambda: self._make_current(run, found), cancelled=cancelled)
        return found

    def current(self, run_id: int) -> DiagnosisEvent | None:
        """Return the current diagnosis as an event, or None if the run ended without a stored verdict."""
        run, found = self._runs.get(run_id), self._current.get(run_id)
        if found is None and run.has_ended and run.diagnosis is None:
            return None
        if found is None:
            found = self.diagnose(run_id) if run.has_ended else self.update(run_id, cancelled=lambda: True)
        return _event(run_id, found)

    def version(self, run_id: int) -> str | None:
        """Return a text that changes if the diagnosis until an epoch can change; None before the run has ended."""
        run = self._runs.get(run_id)
        if not run.has_ended:
            return None
        versions = f"{self._evidence.data_version(run)} {self._evidence.trials_version(run)}"
        return f"{run.created_at.isoformat()} {run.id} {run.status} {versions}"

    def _diagnose(self, run: RunRecord, epoch: int, *, thoroughly: bool) -> Diagnosis:
        if epoch == 0 and run.status is not RunStatus.DIVERGED:
            return NOTHING_KNOWN
        observed = self._evidence.observe(run, epoch)
        found = None if thoroughly else _diagnose_in_thread(run.id, observed)
        if found is None or found.status != "healthy":
            found = _diagnose_in_thread(run.id, self._evidence.examine(run, observed))
        return found

    def _make_current(self, diagnosed: RunRecord, found: Diagnosis) -> None:
        """Store the verdict if it has changed, and then publish the diagnosis if it has changed."""
        run, previous = self._runs.get(diagnosed.id), self._current.get(diagnosed.id)
        is_outdated = run.has_ended and not diagnosed.has_ended
        if is_outdated or (previous is not None and previous.epoch > found.epoch):
            return
        verdict = verdict_of(found)
        is_new = is_news(verdict, run.diagnosis)
        if is_new or (run.has_ended and verdict != run.diagnosis):
            self._verdicts.write(run.id, verdict)
        self._current.put(run.id, found, DIAGNOSIS_BYTES)
        if signature_of(found) != signature_of(previous or NOTHING_KNOWN):
            self._publisher.diagnosis(_event(run.id, found))
        if is_new:
            self._publisher.run_status(self._runs.get(run.id))


def _diagnose_in_thread(run_id: int, evidence: RunEvidence) -> Diagnosis:
    """Return the diagnosis; its status is `unknown` if a file of the run has impossible contents."""
    try:
        return in_thread(diagnose, evidence)
    except Exception:
        log.exception("Run %s cannot be diagnosed until epoch %s", run_id, evidence.epoch)
        return Diagnosis(evidence.epoch, "unknown")


def _event(run_id: int, found: Diagnosis) -> DiagnosisEvent:
    return {"run_id": run_id, "status": found.status, "findings": list(map(finding_to_json, found.findings))}
