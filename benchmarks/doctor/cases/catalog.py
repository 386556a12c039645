"""All cases by name."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.doctor.cases.case import Case
from benchmarks.doctor.cases.data_faults import DATA_FAULTS
from benchmarks.doctor.cases.healthy_runs import HEALTHY_RUNS
from benchmarks.doctor.cases.network_faults import NETWORK_FAULTS
from benchmarks.doctor.cases.public_questions import PUBLIC_QUESTIONS
from benchmarks.doctor.cases.step_faults import STEP_FAULTS

ILL_CASES: tuple[Case, ...] = (*STEP_FAULTS, *NETWORK_FAULTS, *DATA_FAULTS)
CASES: dict[str, Case] = {case.name: case for case in (*ILL_CASES, *PUBLIC_QUESTIONS, *HEALTHY_RUNS)}


def chosen(names: Iterable[str] = ()) -> list[Case]:
    """Return the cases whose names contain one of `names`; without names, all cases."""
    parts = [name.lower() for name in names]
    return [case for case in CASES.values() if not parts or any(part in case.name.lower() for part in parts)]
