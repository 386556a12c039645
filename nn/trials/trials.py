"""The trials of a run: the unchanged twin, a reference, a random change as control, and the candidates."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from nn.datasets.dataset import Dataset
from nn.diagnosis.finding import Diagnosis, Remedy
from nn.diagnosis.start_profile import DataProfile
from nn.diagnosis.trial_outcome import TrialOutcome
from nn.diagnosis.trial_ranking import LONGER
from nn.hyperparameters.schema import Hyperparameters
from nn.training.control import Control
from nn.trials.budget import TrialPlan, affordable_examples, plan_trials
from nn.trials.candidates import Candidate, combine, find_candidates, refine
from nn.trials.examples import ScoreName, TrialExamples
from nn.trials.random_change import random_change
from nn.trials.reference import reference_hyperparameters
from nn.trials.trial_run import TrialCurves, run_trial

SMALLEST_GAP = 0.05  # a difference of scores; the validation split of the digits cannot show a smaller one
SOLVED = 0.5  # fraction of the gap; if no single change closes so much, changes are combined
HELPFUL, CLOSED = 0.2, 0.8  # fractions of the gap between which a learning rate is refined
MAX_REFINED = 1
REFERENCE_EPOCHS = 10  # at least

Kind = Literal["twin", "control", "reference", "candidate"]


@dataclass(frozen=True, slots=True)
class Trials:
    """The trials so far, in the order in which they started; the last one may be in progress.

    `epochs` and `train_size` are the length of the unchanged run and its number of training examples. `score` names the
    measure of all trials (see `TrialExamples`). `expected` is the number of trials that were planned at the start; the
    results of these trials can add some.
    """

    epochs: int
    train_size: int
    score: ScoreName
    expected: int
    outcomes: tuple[TrialOutcome, ...] = ()


def run_trials(
    hyperparameters: Hyperparameters,
    dataset: Dataset,
    diagnosis: Diagnosis,
    *,
    data: DataProfile | None = None,
    epochs: int | None = None,
    control: Control | None = None,
    on_progress: Callable[[Trials], object] = lambda _: None,
) -> Trials:
    """Train the suspected remedies of `diagnosis` for a moment, all from the seed of the run.

    The twin is the unchanged run. The control is a random change of a hyperparameter that no candidate changes. The
    reference is the default configuration for the same data. If no candidate closes half of the gap between the twin
    and the reference, candidates are combined.

    `dataset` is the whole data set. `epochs` sets the number of epochs of each trial; by default, it follows from the
    cost of an epoch. `on_progress` gets the trials so far after each epoch. If `control` asks to stop, the result
    contains only completed trials. On the same kind of machine, the results are identical, bit for bit, except for
    `seconds`.

    Raises HyperparameterError if the hyperparameters are no longer valid or do not fit the data set.
    """
    session = _Session(hyperparameters, dataset, epochs, control or _NoControl(), on_progress)
    session.run(find_candidates(hyperparameters, diagnosis, data))
    return session.trials


class _NoControl:
    def proceed(self) -> bool:
        return True

    def changes(self) -> Mapping[str, float]:
        return {}


class _Session:
    """The trials of one run."""

    def __init__(
        self,
        h: Hyperparameters,
        dataset: Dataset,
        epochs: int | None,
        control: Control,
        on_progress: Callable[[Trials], object],
    ) -> None:
        self._h = h
        self._examples = examples = TrialExamples(h, dataset)
        self._plan: TrialPlan = plan_trials(h, examples.train_size, examples.n_scored, epochs)
        self._control = control
        self._on_progress = on_progress
        self._stopped = False
        self.trials = Trials(self._plan.epochs, self._plan.train_size, examples.score_name, 0)

    def run(self, candidates: tuple[Candidate, ...]) -> None:
        suspected = {name for candidate in candidates for name in candidate.remedy.changes}
        change = random_change(self._h, excluded=suspected)
        self.trials = replace(self.trials, expected=2 + (change is not None) + len(candidates))
        self._try("twin", Remedy("No change"))
        self._try("reference", Remedy("Default configuration", _differences(self._h)))
        if change:
            self._try("control", change)
        found = self._try_all(candidates)
        self._try_all(_refined(self._h, found))
        # More epochs help most runs, so they solve nothing.
        single = [pair for pair in found if not set(pair[0].remedy.changes) <= LONGER]
        if max((gap for _, gap in single), default=1.0) < SOLVED:
            # The rounding keeps the order of suspicion among candidates with about the same effect, such as none.
            ranked = sorted(single, key=lambda pair: -round(pair[1], 1))
            combined = self._try_all(combine(self._h, [candidate for candidate, _ in ranked]))
            self._try_all(_refined(self._h, combined))

    def _try_all(self, candidates: Iterable[Candidate]) -> list[tuple[Candidate, float]]:
        """Try candidates, and return each with the fraction of the gap that it closes; without a gap, return none."""
        found: list[tuple[Candidate, float]] = []
        for candidate in candidates:
            self._try("candidate", candidate.remedy, candidate.codes)
            gap = self.trials.outcomes[-1].gap_closed
            if not self._stopped and gap is not None:
                found.append((candidate, gap))
        return found

    def _try(self, kind: Kind, remedy: Remedy, codes: tuple[str, ...] = ()) -> None:
        if self._stopped:
            return
        started, earlier = time.perf_counter(), self.trials
        h = self._h.changed(remedy.changes)

        def add(curves: TrialCurves) -> None:
            outcome = TrialOutcome(
                kind=kind,
                label=remedy.label,
                changes=dict(remedy.changes),
                codes=codes,
                costs=tuple(curves.costs),
                accuracies=tuple(curves.scores),
                gap_closed=None,
                seconds=time.perf_counter() - started,
                stride=curves.stride,
            )
            self.trials = _with_gaps(replace(earlier, outcomes=(*earlier.outcomes, outcome)))

        def report(curves: TrialCurves) -> None:
            add(curves)
            self._on_progress(self.trials)

        epochs, train_size = self._length(kind, h)
        run_trial(
            h,
            self._examples.dataset(h, train_size),
            epochs,
            targets=self._examples.targets,
            control=self._control,
            on_epoch=report,
        )
        if not self._control.proceed():
            self._stopped = True
            self.trials = earlier

    def _length(self, kind: Kind, h: Hyperparameters) -> tuple[int, int]:
        """Return the number of epochs and of training examples of a trial.

        A trial that trains on other examples or for more epochs than the run takes as many as it can afford.
        """
        plan, n_scored = self._plan, self._examples.n_scored
        if kind == "reference":
            longest = max(plan.epochs, REFERENCE_EPOCHS)
            if h.dataset_spec.kind == "table":
                longest = h.epochs
            return plan.epochs_of(h, longest, n_scored), plan.train_size
        available = self._examples.count(h)
        if available != self._examples.train_size:
            plan = replace(plan, train_size=affordable_examples(h, plan, available, n_scored))
        longest = h.epochs if plan.epochs == self._h.epochs else plan.epochs
        return (plan.epochs if kind == "twin" else plan.epochs_of(h, longest, n_scored)), plan.train_size


def _refined(h: Hyperparameters, found: Sequence[tuple[Candidate, float]]) -> list[Candidate]:
    """Return a candidate with another learning rate, if one of the candidates helps a little.

    Its learning rate may be right in its direction but too far from that of the run.
    """
    tried = [candidate.remedy.changes for candidate, _ in found]
    rates = [refine(h, candidate) for candidate, gap in found if HELPFUL <= gap < CLOSED]
    return [each for each in rates if each is not None and each.remedy.changes not in tried][:MAX_REFINED]


def _differences(h: Hyperparameters) -> dict[str, object]:
    """Return the changes that turn `h` into the reference."""
    reference, given = reference_hyperparameters(h).model_dump(), h.model_dump()
    return {name: value for name, value in reference.items() if given[name] != value}


def _with_gaps(trials: Trials) -> Trials:
    """Return the trials with the fraction of the gap that each of them closes."""
    scores = {outcome.kind: outcome.score for outcome in trials.outcomes}
    twin, reference = scores.get("twin"), scores.get("reference")
    if twin is None or reference is None or reference - twin < SMALLEST_GAP:
        return trials
    gap = reference - twin
    outcomes = tuple(
        replace(outcome, gap_closed=None if outcome.score is None else (outcome.score - twin) / gap)
        for outcome in trials.outcomes
    )
    return replace(trials, outcomes=outcomes)
