"""Train, diagnose and prove one run of a case."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.doctor.case_result import CaseResult, RemedyEffect, Verdict
from benchmarks.doctor.cases.case import Case
from benchmarks.doctor.contenders.registry import CONTENDERS
from benchmarks.doctor.contenders.signals import SignalProbe
from benchmarks.doctor.contenders.verdict import Problem
from benchmarks.doctor.proof import Proof, Scorer
from benchmarks.doctor.recorded_run import RecordedRun, load, record
from nn.diagnosis.diagnose import diagnose, examine_preflight
from nn.diagnosis.finding import Diagnosis
from nn.diagnosis.start_examination import examine_start
from nn.diagnosis.start_profile import StartProfile
from nn.trials.random_change import random_change
from nn.trials.trials import run_trials

MISFIT, WITH_TRIALS = "Misfit", "Misfit with trials"
EARLY_EPOCHS, EARLY_FRACTION = 2, 0.1
N_RANDOM = 2
LARGE_INPUTS = 100


def run_case(case: Case, seed: int) -> CaseResult:
    """Train the case with `seed`, diagnose the run with each contender, and prove that it is ill or healthy."""
    h = case.hyperparameters(seed)
    dataset = case.damaged(load(h.dataset), seed)
    probe = SignalProbe(h, dataset)
    run = record(h, dataset, probe)
    scorer = Scorer(case, seed, run)
    proof = None if case.group == "healthy" else scorer.prove()

    started = time.perf_counter()
    start = examine_start(h, dataset)
    diagnosis = diagnose(run.evidence(start))
    diagnosed = time.perf_counter()
    improved = _with_trials(run, diagnosis, start)
    tried = time.perf_counter()

    early = min(early_epoch(h.epochs), run.n_epochs)
    diagnoses = {MISFIT: diagnosis, WITH_TRIALS: improved}
    return CaseResult(
        name=case.name,
        seed=seed,
        group=case.group,
        codes=case.codes,
        score=run.score,
        is_valid=run.score >= case.floor if proof is None else proof.is_ill,
        is_large=h.n_features > LARGE_INPUTS,
        has_defect=case.defect is not None,
        proof=proof,
        verdicts={name: verdict_of(each) for name, each in diagnoses.items()}
        | {name: verdict_of_problems(find(probe.signals)) for name, find in CONTENDERS.items()},
        early={MISFIT: verdict_of(diagnose(run.evidence(start, early)))}
        | {name: verdict_of_problems(find(probe.signals.until(early))) for name, find in CONTENDERS.items()},
        remedies={}
        if proof is None
        else {name: remedy_effect(case, scorer, proof, each) for name, each in diagnoses.items()},
        random_closed=() if proof is None else random_effects(run, scorer, proof),
        known_after=None if proof is None else known_after(case, run, start),
        diagnosis_seconds=diagnosed - started,
        trial_seconds=tried - diagnosed,
    )


def early_epoch(epochs: int) -> int:
    """Return the epoch of the early diagnosis: the second one, or a tenth of all if that is later."""
    return max(EARLY_EPOCHS, math.ceil(EARLY_FRACTION * epochs))


def _with_trials(run: RecordedRun, diagnosis: Diagnosis, start: StartProfile) -> Diagnosis:
    """Return the diagnosis after trials. A healthy run needs none."""
    if diagnosis.status == "healthy":
        return diagnosis
    trials = run_trials(run.hyperparameters, run.dataset, diagnosis, data=start.data)
    return diagnose(replace(run.evidence(start), trials=trials.outcomes, trial_score=trials.score))


def known_after(case: Case, run: RecordedRun, start: StartProfile) -> float | None:
    """Return the fraction of the epochs after which the diagnosis first names a right cause, or None."""
    epochs = run.hyperparameters.epochs
    fractions = (0.02, 0.05, EARLY_FRACTION, 0.2, 0.3, 0.5)
    moments = sorted({1, 2, run.n_epochs, *(min(run.n_epochs, math.ceil(part * epochs)) for part in fractions)})
    if verdict_of(examine_preflight(run.hyperparameters, start)).names(case.codes, 1):
        return 0.0
    for epoch in moments:
        if verdict_of(diagnose(run.evidence(start, epoch))).names(case.codes, 1):
            return epoch / epochs
    return None


def verdict_of(diagnosis: Diagnosis) -> Verdict:
    """Return the findings of Misfit as a verdict. Observations are not alarms."""
    return Verdict(
        named=tuple((finding.code,) for finding in diagnosis.findings),
        labels=tuple(finding.code for finding in diagnosis.findings),
        is_critical=any(finding.severity == "critical" for finding in diagnosis.findings),
    )


def verdict_of_problems(problems: Sequence[Problem]) -> Verdict:
    """Return the problems of another contender as a verdict."""
    return Verdict(
        named=tuple(problem.codes for problem in problems), labels=tuple(problem.label for problem in problems)
    )


def remedy_effect(case: Case, scorer: Scorer, proof: Proof, diagnosis: Diagnosis) -> RemedyEffect:
    """Return the effect of the first remedy of the first finding that has one.

    A remedy that changes the data closes what the undamaged data close, if the finding names a right cause.
    """
    remedy = next((remedy for finding in diagnosis.findings for remedy in finding.remedies[:1]), None)
    if remedy is None:
        return RemedyEffect("none", 0.0, is_data=case.defect is not None)
    if remedy.changes:
        score = scorer.changed(remedy.changes)
        return RemedyEffect(remedy.label, 0.0 if score is None else proof.closed(score), is_data=False)
    is_right = proof.undamaged is not None and diagnosis.findings[0].code in case.codes
    return RemedyEffect(remedy.label, proof.closed(proof.undamaged or 0.0) if is_right else 0.0, is_data=True)


def random_effects(run: RecordedRun, scorer: Scorer, proof: Proof) -> tuple[float, ...]:
    """Return the fractions of the gap that some random changes of one hyperparameter close."""
    seed = run.hyperparameters.seed
    changes = [random_change(run.hyperparameters, seed=N_RANDOM * seed + draw) for draw in range(N_RANDOM)]
    scores = [None if each is None else scorer.changed(each.changes) for each in changes]
    return tuple(0.0 if score is None else proof.closed(score) for score in scores)
