"""The proof that a run is ill: an accepted remedy, with the same seed, closes at least half of the gap."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.doctor.case import Case, Changes
from benchmarks.doctor.recorded_run import RecordedRun, load, record
from nn.datasets import Dataset
from nn.errors import HyperparameterError

SMALLEST_GAP = 0.05
NEEDED = 0.5


@dataclass(frozen=True, slots=True)
class Proof:
    """The scores that show that a run is ill.

    `run` is the score of the examined run, `reference` that of the reference run, and `best` that of the best accepted
    remedy, on the same test images. `undamaged` is the score of the same hyperparameters on undamaged data; None for a
    case without a defect.
    """

    run: float
    reference: float
    best: float
    undamaged: float | None = None

    @property
    def gap(self) -> float:
        """The score that the run lacks."""
        return self.reference - self.run

    @property
    def is_ill(self) -> bool:
        """True if the gap is large enough to matter and the best accepted remedy closes at least half of it."""
        return self.gap >= SMALLEST_GAP and self.closed(self.best) >= NEEDED

    def closed(self, score: float) -> float:
        """Return the fraction of the gap that a run with `score` closes."""
        return (score - self.run) / self.gap if self.gap > 0 else 0.0


def score_with(case: Case, dataset: Dataset, seed: int, changes: Changes) -> float | None:
    """Return the score of a run of `case` with `changes`, or None if the changes are not allowed."""
    try:
        return record(case.hyperparameters(seed, changes), dataset).score
    except HyperparameterError:
        return None


def prove(case: Case, seed: int, run: RecordedRun) -> Proof:
    """Train the reference and the accepted remedies of `case`, with the same seed as `run`."""
    clean = load(run.hyperparameters.dataset)
    undamaged = None if case.defect is None else score_with(case, clean, seed, {})
    reference = score_with(case, clean, seed, case.reference)
    remedies = [score_with(case, run.dataset, seed, changes) for changes in case.remedies]
    scores = [score for score in (*remedies, undamaged) if score is not None]
    if reference is None or None in remedies or not scores:
        raise ValueError(f"the case {case.name!r} has a remedy or a reference that is not allowed")
    return Proof(run.score, reference, max(scores), undamaged)
