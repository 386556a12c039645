"""Guess mode: a person guesses the class of an image before they see its label and the run's prediction."""

from __future__ import annotations

from typing import NamedTuple

from webapp.errors import NotFoundError
from webapp.runs.results import RunResults, check_images, read_epoch
from webapp.runs.service import Runs
from webapp.storage.guess_store import Guess, GuessStore, Score
from webapp.validation import read_whole_number

__all__ = ["GuessOutcome", "Guesses", "Score"]


class GuessOutcome(NamedTuple):
    """A guess and the new score. `counted` is False if the image already had a guess: only the first guess counts."""

    guess: Guess
    counted: bool
    score: Score


class Guesses:
    """Records guesses and computes the score of each run. Every method raises NotFoundError for an unknown run."""

    def __init__(self, store: GuessStore, runs: Runs, results: RunResults) -> None:
        self._store = store
        self._runs = runs
        self._results = results

    def guess(self, run_id: int, index: object, label: object, epoch: object = None) -> GuessOutcome:
        """Store the guess that test image `index` is of class `label`, together with the run's prediction.

        The run's prediction is from `epoch`, or from the last epoch by default. Raises InvalidError, which names the
        invalid field, ConflictError if the images are not those that the run was tested on, and all errors that
        `RunResults.predictions` raises.
        """
        run = self._runs.get(run_id)
        images = self._results.images(run_id, read_epoch(run, epoch))
        check_images(images)
        found = self._results.predictions_of(images)
        image = read_whole_number("index", index, last=len(found.true_labels) - 1)
        guess = Guess(
            image_index=image,
            epoch=found.epoch,
            label=read_whole_number("label", label, last=run.dataset_spec.n_classes - 1),
            true_label=int(found.true_labels[image]),
            predicted_label=int(found.predictions.predicted[image]),
        )
        counted = self._store.add(run_id, guess)
        if counted is None:  # another request deleted the run meanwhile
            raise NotFoundError(f"There is no run {run_id}.")
        return GuessOutcome(guess, counted, self._store.score(run_id))

    def score(self, run_id: int) -> Score:
        """Return three counts of a run: guesses, correct guesses, and correct predictions for the guessed images."""
        self._runs.get(run_id)
        return self._store.score(run_id)

    def delete(self, run_id: int) -> None:
        """Delete the guesses of the run, so that every image can be guessed again."""
        self._runs.get(run_id)
        self._store.delete(run_id)
