"""Guess first: a person says what an image is before they see what it is, and what the run took it for."""

from __future__ import annotations

from typing import NamedTuple

from webapp.errors import NotFoundError
from webapp.runs.results import RunResults
from webapp.runs.service import Runs
from webapp.storage.guess_store import Guess, GuessStore, Score
from webapp.validation import read_whole_number

__all__ = ["GuessAnswer", "Guesses", "Score"]


class GuessAnswer(NamedTuple):
    """A guess beside the truth; `counted` is false where the image was guessed before, which alone counts."""

    guess: Guess
    counted: bool
    score: Score


class Guesses:
    """Takes guesses and keeps the score of each run. Raises NotFoundError wherever there is no such run."""

    def __init__(self, store: GuessStore, runs: Runs, results: RunResults) -> None:
        self._store = store
        self._runs = runs
        self._results = results

    def guess(self, run_id: int, index: object, label: object, epoch: object = None) -> GuessAnswer:
        """Guess that a test image is of class `label`, against what the run said after `epoch`, or its last one.

        Raises InvalidError with the field that cannot be used, and what `RunResults.predictions` raises.
        """
        run = self._runs.get(run_id)
        last_epoch = max(run.epochs_completed, 1)
        chosen_epoch = None if epoch is None else read_whole_number("epoch", epoch, first=1, last=last_epoch)
        found = self._results.predictions(run_id, chosen_epoch)
        image = read_whole_number("index", index, last=len(found.true_labels) - 1)
        guess = Guess(
            image_index=image,
            epoch=found.epoch,
            label=read_whole_number("label", label, last=run.dataset_spec.n_classes - 1),
            true_label=int(found.true_labels[image]),
            predicted_label=int(found.predictions.predicted[image]),
        )
        counted = self._store.add(run_id, guess)
        if counted is None:  # deleted since
            raise NotFoundError(f"There is no run {run_id}.")
        return GuessAnswer(guess, counted, self._store.score(run_id))

    def score(self, run_id: int) -> Score:
        """How many images were guessed in the run, and how many of them each side had right."""
        self._runs.get(run_id)
        return self._store.score(run_id)

    def forget(self, run_id: int) -> None:
        """Put the score of the run back to zero; every image can be guessed again."""
        self._runs.get(run_id)
        self._store.forget(run_id)
