"""Evidence about stored runs: from the database, from the files of the runs, and from their data sets."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import confusion_matrix
from nn.datasets.dataset import Dataset
from nn.diagnosis.evidence import Curves, RunEnd, RunEvidence
from nn.diagnosis.start_examination import examine_start
from nn.diagnosis.start_profile import StartProfile
from nn.diagnosis.telemetry import Telemetry
from nn.diagnosis.telemetry_json import read_telemetry
from nn.errors import DatasetError, HyperparameterError
from nn.trials.trials_json import TrialsJson, encode_trials, outcomes_from_json
from webapp.cache import ByteCache
from webapp.datasets.library import DatasetLibrary, VersionedDataset
from webapp.errors import NotFoundError
from webapp.runs.results import EpochResults, RunResults
from webapp.storage.run_record import RunRecord
from webapp.storage.run_status import RunStatus
from webapp.threads import BoundedSemaphore, in_thread, with_pauses

EPOCHS_PER_PART = 500
CURVE_CACHE_BYTES = 4_000_000  # the curves of 70,000 epochs
TELEMETRY_CACHE_BYTES = 16_000_000
LAYER_BYTES = 1_000  # of the telemetry of one layer at one moment
START_CACHE_BYTES = 2_000_000
START_BYTES = 10_000  # of one start profile

ENDS: dict[RunStatus, RunEnd] = {
    RunStatus.FINISHED: "finished",
    RunStatus.DIVERGED: "diverged",
    RunStatus.STOPPED: "stopped",
    RunStatus.FAILED: "stopped",
    RunStatus.INTERRUPTED: "stopped",
}

log = logging.getLogger(__name__)


class StoredEvidence:
    """Reads the evidence about stored runs.

    While a run trains, only its new epochs are read. Evidence that is missing or damaged is left out: the files of a
    run or its data set may have been deleted, and earlier versions stored no telemetry.
    """

    def __init__(
        self,
        results: RunResults,
        library: DatasetLibrary,
        finished_trials: Callable[[int], TrialsJson | None] = lambda _run_id: None,
    ) -> None:
        self._results = results
        self._library = library
        self._finished_trials = finished_trials
        self._curves = ByteCache[Curves](CURVE_CACHE_BYTES)
        self._telemetry = ByteCache[tuple[Telemetry, ...]](TELEMETRY_CACHE_BYTES)
        self._starts = ByteCache[tuple[StartProfile | None]](START_CACHE_BYTES)
        self._examining = BoundedSemaphore()

    def observe(self, run: RunRecord, epoch: int) -> RunEvidence:
        """Return the curves and the telemetry until `epoch`, and the start profile if it is known.

        Only the last epoch has an end and trials, because the trials follow the end.
        """
        telemetry = tuple(moment for moment in self._read_telemetry(run) if moment.epoch <= epoch)
        (start,) = self._starts.get(run.id) or (None,)
        found = RunEvidence(run.hyperparameters, self._read_curves(run, epoch), telemetry, start)
        if epoch < run.epochs_completed:
            return found
        found = replace(found, end=ENDS.get(run.status, "running"))
        trials = self._finished_trials(run.id)
        if trials is None or trials["score"] is None:
            return found
        return replace(found, trials=outcomes_from_json(trials), trial_score=trials["score"])

    def examine(self, run: RunRecord, observed: RunEvidence) -> RunEvidence:
        """Add the start profile, and the confusion matrix of the last epoch of `observed`, both from the data set."""
        data = self._load(run)
        if data is None:
            return observed
        confusion = self._count_confusion(run, observed.epoch, data.dataset)
        return replace(observed, start=self._examine_start(run, data.dataset), confusion=confusion)

    def data_version(self, run: RunRecord) -> str:
        """Return a text that changes if the data set of the run changes, or is deleted or put back."""
        data = self._load(run)
        return data.version if data else "missing"

    def trials_version(self, run: RunRecord) -> str:
        """Return a text that changes if the finished trials of the run change."""
        trials = self._finished_trials(run.id)
        return hashlib.sha256(encode_trials(trials)).hexdigest() if trials else "none"

    def _read_curves(self, run: RunRecord, epoch: int) -> Curves:
        curves = self._curves.get(run.id) or Curves.from_results([])
        for part in with_pauses(self._epoch_parts(run.id, len(curves), epoch)):
            curves = curves.followed_by(Curves.from_results(part))
        self._curves.put(run.id, curves, curves.n_bytes)
        return curves.until(epoch)

    def _epoch_parts(self, run_id: int, after: int, last: int) -> Iterator[EpochResults]:
        while after < last and (part := self._results.epochs(run_id, after, EPOCHS_PER_PART)):
            yield part
            after = part[-1]["epoch"]

    def _read_telemetry(self, run: RunRecord) -> tuple[Telemetry, ...]:
        known = self._telemetry.get(run.id) or ()
        after = known[-1].epoch if known else 0
        new = in_thread(_read_telemetry, self._results.files(run.id).telemetry, after)
        telemetry = known + new if after else new
        self._telemetry.put(run.id, telemetry, sum(len(moment.layers) for moment in telemetry) * LAYER_BYTES)
        return telemetry

    def _load(self, run: RunRecord) -> VersionedDataset | None:
        """Return the data set of a run. Return None if it is missing or damaged, or if the run used other data."""
        try:
            found = self._library.load_version(run.dataset)
        except (DatasetError, NotFoundError):
            return None
        is_same = run.train_fingerprint in {None, found.train_fingerprint}
        return found if is_same and run.test_fingerprint in {None, found.test_fingerprint} else None

    def _examine_start(self, run: RunRecord, dataset: Dataset) -> StartProfile | None:
        """Return the start profile. Return None if the hyperparameters, of an earlier version, are no longer valid."""
        with self._examining:  # two examinations at a time would slow each other down
            found = self._starts.get(run.id)
            if found is None:
                try:
                    found = (in_thread(examine_start, run.hyperparameters, dataset),)
                except HyperparameterError as error:
                    log.warning("Run %s cannot be examined before its first step: %s", run.id, error)
                    found = (None,)
                self._starts.put(run.id, found, START_BYTES)
        return found[0]

    def _count_confusion(self, run: RunRecord, epoch: int, dataset: Dataset) -> NDArray[np.int64] | None:
        """Return the confusion matrix after an epoch, or None for a table or without stored predictions."""
        if dataset.image_shape is None:
            return None
        try:
            found = in_thread(self._results.predictions_of, self._results.images(run.id, epoch))
        except (NotFoundError, DatasetError):
            return None
        return confusion_matrix(found.true_labels, found.predictions.predicted, dataset.n_classes)


def _read_telemetry(path: Path, after: int) -> tuple[Telemetry, ...]:
    try:
        return read_telemetry(path, after)
    except (OSError, LookupError, TypeError, ValueError) as error:
        log.warning("The telemetry in %s cannot be read: %r", path, error)
        return ()
