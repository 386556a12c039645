"""Diagnosis of runs that do not learn: python tasks.py bench doctor [--only PART ...] [--seeds 5] [--jobs 1] [--quick]

Each run is trained with a known fault, or without one, and diagnosed by Misfit's rules, by the rules and trials, and by
the published rules of four other tools on the same runs. Their rules are written anew from their published definitions
(benchmarks/doctor/contenders). A run is ill if this is proven: an accepted remedy, with the same seed, closes at least
half of the gap to a reference run, in test accuracy, or in R² for a regression. Runs without this proof are left out.
Several causes count as right if their remedies are equivalent (decision 0046). A first remedy that changes the data
counts as what the undamaged data achieve. The cost of telemetry and the checks of gradients have their own
measurements.

Runs use the 8×8 digits, tables, and at most 1,000 images of each class of MNIST. Without Fashion-MNIST, question D2
uses MNIST. All results except the seconds are the same in each repetition on the same kind of machine.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.doctor.case_result import CaseResult
from benchmarks.doctor.cases.case import Case
from benchmarks.doctor.cases.catalog import CASES, chosen
from benchmarks.doctor.gradient_questions import GRADIENT_QUESTIONS, answer, gradient_sentence
from benchmarks.doctor.run_case import run_case
from benchmarks.doctor.scoring import Scores, measure_table, misses, seconds_table, summary

SEEDS = 5
HEALTHY_FACTOR = 2
QUICK = (
    "sgd at rate 3",
    "six sigmoid layers",
    "equal weights",
    "two hidden units",
    "an L2 penalty of 1",
    "shuffled training labels",
    "test labels shifted",
    "D11",
    "D13",
    "defaults",
    "preset xor_gate",
    "standardized digits",
    "wide relu layers",
)


def pairs(only: Sequence[str], seeds: int) -> list[tuple[Case, int]]:
    """Return the cases whose names contain one of `only`, each with its seeds."""
    return [(case, seed) for case in chosen(only) for seed in range(n_seeds(case, seeds))]


def n_seeds(case: Case, seeds: int) -> int:
    """Return the number of seeds of a case, if ill cases take `seeds`. Healthy cases take twice as many."""
    wanted = seeds * (HEALTHY_FACTOR if case.group == "healthy" else 1)
    return wanted if case.n_seeds is None else min(wanted, case.n_seeds)


def run_all(cases: Sequence[tuple[Case, int]], jobs: int) -> Iterator[CaseResult]:
    """Run all cases in `jobs` processes, and yield the results in the order of the cases."""
    names = [case.name for case, _ in cases]
    seeds = [seed for _, seed in cases]
    if jobs == 1:
        yield from map(run_named, names, seeds)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(run_named, names, seeds)


def run_named(name: str, seed: int) -> CaseResult:
    """Run the case with this name. A process receives the name, because a case contains functions."""
    return run_case(CASES[name], seed)


def table(only: Sequence[str] = (), seeds: int = SEEDS, jobs: int = 1) -> str:
    """Run all chosen cases, and return the summary, the tables and all misses."""
    results = list(run_all(pairs(only, seeds), jobs))
    scores = Scores.of(results)
    parts = [summary(scores), measure_table(scores), seconds_table(results)]
    if not only:
        parts.append(gradient_sentence([answer(each, seed) for each in GRADIENT_QUESTIONS for seed in range(seeds)]))
    return "\n\n".join([*parts, misses(scores)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=(), metavar="PART", help="parts of the names of cases")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--jobs", type=int, default=1, help=f"processes; this machine has {os.cpu_count()} cores")
    parser.add_argument("--quick", action="store_true", help="one seed of some cases")
    options = parser.parse_args()
    if options.quick:
        print(table(options.only or QUICK, 1, options.jobs))
    else:
        print(table(options.only, options.seeds, options.jobs))


if __name__ == "__main__":
    main()
