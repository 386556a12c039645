"""The proof that a run is ill: an accepted remedy, with the same seed, closes at least half of the gap."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.doctor.cases.case import Case, Changes
from benchmarks.doctor.recorded_run import RecordedRun, load, record
from nn.errors import HyperparameterError
from nn.hyperparameters.schema import Hyperparameters

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


class Scorer:
    """The scores of variants of one run: with other hyperparameters, or on undamaged data. Each is trained once."""

    def __init__(self, case: Case, seed: int, run: RecordedRun) -> None:
        self._case = case
        self._seed = seed
        self._run = run
        self._scores: dict[Hyperparameters, float] = {run.hyperparameters: run.score}

    def changed(self, changes: Changes) -> float | None:
        """Return the score of the run with `changes`, or None if they are not allowed."""
        try:
            h = self._case.hyperparameters(self._seed, changes)
            if h not in self._scores:
                self._scores[h] = record(h, self._run.dataset).score
        except HyperparameterError:
            return None
        return self._scores[h]

    def undamaged(self, changes: Changes) -> float:
        """Return the score of the run with `changes` on the undamaged data."""
        h = self._case.hyperparameters(self._seed, changes)
        return record(h, self._case.examples(load(h.dataset))).score

    def prove(self) -> Proof:
        """Train the reference and the accepted remedies. Raises ValueError if one of them is not allowed."""
        case = self._case
        remedies = [self.changed(changes) for changes in case.remedies]
        undamaged = None if case.defect is None else self.undamaged({})
        scores = [score for score in (*remedies, undamaged) if score is not None]
        if None in remedies or not scores:
            raise ValueError(f"a remedy of the case {case.name!r} is not allowed")
        return Proof(self._run.score, self.undamaged(case.reference), max(scores), undamaged)
