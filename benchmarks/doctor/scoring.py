"""Scores of all contenders over the results of all cases, as Markdown tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.doctor.case_result import CaseResult
from benchmarks.doctor.contenders.registry import CONTENDERS
from benchmarks.doctor.proof import NEEDED
from benchmarks.doctor.run_case import EARLY_EPOCHS, EARLY_FRACTION, MISFIT, WITH_TRIALS
from benchmarks.measuring.tables import markdown_table

NAMES = (MISFIT, WITH_TRIALS, *CONTENDERS)
OWN = (MISFIT, WITH_TRIALS)
FIRST_THREE = 3


@dataclass(frozen=True, slots=True)
class Scores:
    """The valid results of ill and healthy runs. The public questions are ill runs, too."""

    ill: tuple[CaseResult, ...]
    healthy: tuple[CaseResult, ...]
    left_out: tuple[CaseResult, ...]

    @classmethod
    def of(cls, results: Iterable[CaseResult]) -> Scores:
        """Divide the results; runs that are not proven ill or healthy are left out."""
        results = list(results)
        return cls(
            ill=tuple(each for each in results if each.is_valid and each.group != "healthy"),
            healthy=tuple(each for each in results if each.is_valid and each.group == "healthy"),
            left_out=tuple(each for each in results if not each.is_valid),
        )

    @property
    def public(self) -> tuple[CaseResult, ...]:
        """The public questions that are proven ill."""
        return tuple(each for each in self.ill if each.group == "public")

    @property
    def changeable(self) -> tuple[CaseResult, ...]:
        """The ill runs whose fault is a choice of hyperparameters."""
        return tuple(each for each in self.ill if not each.has_defect)


def fraction(count: int, total: int) -> str:
    """Return a count with its fraction, or nothing without any run."""
    return f"{count} of {total} ({count / total:.1%})" if total else ""


def measure_table(scores: Scores) -> str:
    """Return one row for each measure and one column for each contender."""
    ill, healthy, public = scores.ill, scores.healthy, scores.public

    def row(
        title: str,
        results: Sequence[CaseResult],
        holds: Callable[[CaseResult, str], bool],
        names: Sequence[str] = NAMES,
    ) -> list[str]:
        cells = [
            fraction(sum(holds(each, name) for each in results), len(results)) if name in names else ""
            for name in NAMES
        ]
        return [title, *cells]

    rows = [
        row("ill runs recognized", ill, lambda each, name: each.verdicts[name].is_alarm),
        row("first-named cause right", ill, lambda each, name: each.verdicts[name].names(each.codes, 1)),
        row("right cause among the first three", ill, lambda each, name: each.verdicts[name].names(each.codes, 3)),
        row(
            "public questions: first-named cause right",
            public,
            lambda each, name: each.verdicts[name].names(each.codes, 1),
        ),
        row("healthy runs alarmed", healthy, lambda each, name: each.verdicts[name].is_alarm),
        row("healthy runs with a critical alarm", healthy, lambda each, name: each.verdicts[name].is_critical, OWN),
        row(
            "first-named cause right, early",
            ill,
            lambda each, name: name in each.early and each.early[name].names(each.codes, 1),
            (MISFIT, *CONTENDERS),
        ),
        row(
            "first remedy closes half of the gap",
            scores.changeable,
            lambda each, name: each.remedies[name].closed >= NEEDED,
            OWN,
        ),
        row("the same with faults of data", ill, lambda each, name: each.remedies[name].closed >= NEEDED, OWN),
    ]
    return markdown_table(["", *NAMES], rows)


def random_success(scores: Scores) -> str:
    """Return how many random single changes close half of the gap of the runs with a fault of hyperparameters."""
    effects = [closed for each in scores.changeable for closed in each.random_closed]
    return fraction(sum(closed >= NEEDED for closed in effects), len(effects))


def summary(scores: Scores) -> str:
    """Return the sentences above the tables."""
    lines = [
        f"{len(scores.ill)} runs are proven ill ({len({each.name for each in scores.ill})} kinds, "
        f"{len(scores.public)} of the runs from {len({each.name for each in scores.public})} public questions), and "
        f"{len(scores.healthy)} runs are healthy ({len({each.name for each in scores.healthy})} kinds).",
        f'Random single changes: {random_success(scores) or "none"} close half of the gap. "Early" means after '
        f"epoch {EARLY_EPOCHS}, or after a tenth of the epochs if that is later.",
    ]
    known = [each.known_after for each in scores.ill if each.known_after is not None]
    if known:
        soon = sum(value <= EARLY_FRACTION for value in known)
        at_start = sum(value == 0 for value in known)
        lines.append(
            f"Misfit first names a right cause before the first step in {at_start} of the ill runs, and within a tenth "
            f"of the epochs in {soon}."
        )
    return "\n".join(lines)


def seconds_table(results: Sequence[CaseResult]) -> str:
    """Return the seconds of diagnoses and trials, on digits and tables and on MNIST."""
    rows = []
    for title, is_large in (("8×8 digits and tables", False), ("MNIST, up to 10,000 images", True)):
        chosen = [each for each in results if each.is_large == is_large]
        trials = [each.trial_seconds for each in chosen if each.trial_seconds > 0.001]
        if chosen:
            diagnoses = [each.diagnosis_seconds for each in chosen]
            cells = [f"{median(diagnoses):.2f} (at most {max(diagnoses):.2f})"]
            cells.append(f"{median(trials):.1f} (at most {max(trials):.1f})" if trials else "")
            rows.append([title, *cells])
    return markdown_table(["seconds", "examination and diagnosis", "trials"], rows)


def misses(scores: Scores) -> str:
    """Return every miss of Misfit by name, and every run that was left out."""
    lines = [
        f"- {each.name}, seed {each.seed}, {name}: {problem}. Accepted: {', '.join(each.codes)}. "
        f"Found: {', '.join(each.verdicts[name].labels) or 'nothing'}."
        for each in scores.ill
        for name in OWN
        if (problem := _problem_of_ill(each, name))
    ]
    lines += [
        f"- {each.name}, seed {each.seed}, {name}: alarmed, although healthy with a score of {each.score:.3f}. "
        f"Found: {', '.join(each.verdicts[name].labels)}."
        for each in scores.healthy
        for name in OWN
        if each.verdicts[name].is_alarm
    ]
    lines += [
        f"- {each.name}, seed {each.seed}, {name}: the first remedy ({effect.label}) closes {effect.closed:.0%}."
        for each in scores.ill
        for name in OWN
        if (effect := each.remedies[name]).closed < NEEDED and each.verdicts[name].is_alarm
    ]
    left_out = [
        f"- {each.name}, seed {each.seed}: "
        + (
            f"not proven ill (score {each.proof.run:.3f}, best remedy {each.proof.best:.3f}, reference "
            f"{each.proof.reference:.3f})."
            if each.proof
            else f"not healthy (score {each.score:.3f})."
        )
        for each in scores.left_out
    ]
    return "\n\n".join(
        f"### {title}\n\n" + ("\n".join(found) if found else "None.")
        for title, found in (("Misses of Misfit", lines), ("Runs left out", left_out))
    )


def _problem_of_ill(result: CaseResult, name: str) -> str:
    verdict = result.verdicts[name]
    if not verdict.is_alarm:
        return "not recognized"
    if not verdict.names(result.codes, FIRST_THREE):
        return "no right cause among the first three"
    return "" if verdict.names(result.codes, 1) else "the first-named cause is another one"
