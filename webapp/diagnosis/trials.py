"""Trials of runs: requests by a person, and automatic ones for runs that have ended ill."""

from __future__ import annotations

import logging

from nn.diagnosis.finding_json import diagnosis_to_json
from nn.errors import DatasetError
from nn.trials.budget import MAX_EPOCHS
from nn.trials.trials_json import TrialsJson
from webapp.datasets.library import DatasetLibrary
from webapp.diagnosis.service import RunDiagnoses
from webapp.errors import ConflictError, ServiceError
from webapp.execution.trial_queue import TrialQueue, TrialRequest
from webapp.runs.service import Runs
from webapp.storage.run_record import RunRecord
from webapp.validation import read_whole_number

log = logging.getLogger(__name__)


class RunTrials:
    """Starts and stops the trials of runs. Every public method raises NotFoundError for an unknown run."""

    def __init__(self, runs: Runs, diagnoses: RunDiagnoses, library: DatasetLibrary, queue: TrialQueue) -> None:
        self._runs = runs
        self._diagnoses = diagnoses
        self._library = library
        self._queue = queue

    def get(self, run_id: int) -> TrialsJson:
        """Return the trials of a run."""
        return self._queue.find(self._runs.get(run_id).id)

    def start(self, run_id: int, epochs: object = None) -> TrialsJson:
        """Queue the trials of an ended run before all others. By default, their length follows from their cost.

        Raises InvalidError for an invalid number of epochs, and ConflictError if the run or trials of it are in
        progress, or if its training examples have changed. Raises DatasetError if the data set is missing.
        """
        run = self._runs.get(run_id)
        n_epochs = None if epochs is None else read_whole_number("epochs", epochs, first=1, last=MAX_EPOCHS)
        if not run.has_ended:
            raise ConflictError(f"Run {run_id} is {run.status}. Stop it or wait until it ends before you start trials.")
        self._check_examples(run)
        if not self._queue.add(self._request(run, epochs=n_epochs, is_asked=True)):
            raise ConflictError(f"Trials of run {run_id} are already in progress. Stop them, or wait until they end.")
        return self._queue.find(run_id)

    def stop(self, run_id: int) -> TrialsJson:
        """Stop the trials of a run. Raises ConflictError if none wait or are in progress."""
        self._runs.get(run_id)
        if not self._queue.stop(run_id):
            raise ConflictError(f"No trials of run {run_id} are in progress.")
        return self._queue.find(run_id)

    def consider(self, run_id: int) -> None:
        """Queue the trials of a run that has ended ill, to run while nothing trains. Without data, do nothing."""
        try:
            run = self._runs.get(run_id)
            if run.has_ended and self._queue.find(run_id)["status"] == "none":
                self._check_examples(run)
                self._queue.add(self._request(run))
        except (ServiceError, DatasetError) as error:
            log.info("Run %s gets no automatic trials: %s", run_id, error)

    def _request(self, run: RunRecord, *, epochs: int | None = None, is_asked: bool = False) -> TrialRequest:
        return TrialRequest(run, diagnosis_to_json(self._diagnoses.diagnose(run.id)), epochs, is_asked)

    def _check_examples(self, run: RunRecord) -> None:
        found = self._library.load_version(run.dataset)
        if run.train_fingerprint not in {None, found.train_fingerprint}:
            raise ConflictError(
                f"The training examples differ from those that run {run.id} was trained on, because the files of "
                f"{run.dataset_spec.title} have changed. Put the original files back."
            )
