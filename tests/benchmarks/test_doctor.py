"""Cases, defects and scores of the benchmark of diagnoses."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.doctor.case_result import CaseResult, RemedyEffect, Verdict
from benchmarks.doctor.cases import data_defects as defects
from benchmarks.doctor.cases.case import Case, Defect
from benchmarks.doctor.cases.catalog import CASES, ILL_CASES, chosen
from benchmarks.doctor.cases.healthy_runs import HEALTHY_RUNS
from benchmarks.doctor.cases.public_questions import PUBLIC_QUESTIONS
from benchmarks.doctor.contenders.registry import CONTENDERS
from benchmarks.doctor.contenders.signals import SignalProbe
from benchmarks.doctor.gradient_questions import GRADIENT_QUESTIONS, GradientQuestion, answer, gradient_sentence
from benchmarks.doctor.proof import Proof
from benchmarks.doctor.recorded_run import load, record
from benchmarks.doctor.run_case import MISFIT, WITH_TRIALS, early_epoch, run_case
from benchmarks.doctor.scoring import Scores, measure_table, misses
from benchmarks.network.doctor import HEALTHY_FACTOR, QUICK, SEEDS, n_seeds, pairs
from nn.datasets import Dataset
from nn.diagnosis.finding import CODES
from nn.hyperparameters.schema import Hyperparameters

N_CLASSES = 10


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load("digits")


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.name)
def test_configurations_of_a_case_are_valid_and_its_remedies_change_it(case: Case) -> None:
    h = case.hyperparameters(seed=3)
    assert h.seed == 3
    assert all(case.hyperparameters(3, changes) != h for changes in case.remedies)
    case.hyperparameters(3, case.reference)
    if case.group == "healthy":
        assert not case.codes
        assert 0 < case.floor <= 1
        assert case.defect is None
    else:
        assert case.codes
        assert set(case.codes) <= set(CODES)
        assert case.remedies or case.defect


def test_there_are_enough_cases() -> None:
    assert len(CASES) == len([*ILL_CASES, *PUBLIC_QUESTIONS, *HEALTHY_RUNS])  # no two have the same name
    assert len(ILL_CASES) >= 20
    assert sum(n_seeds(case, SEEDS) for case in ILL_CASES) >= 100
    assert len(PUBLIC_QUESTIONS) == 16
    assert sum(n_seeds(case, SEEDS) for case in HEALTHY_RUNS) >= 150
    accepted = {code for case in ILL_CASES for code in case.codes}
    symptoms = {"constant_prediction"}
    assert set(CODES) - accepted - symptoms == {"wrong_gradient"}


def test_cases_are_chosen_by_parts_of_their_names() -> None:
    assert {case.name for case in chosen(["PRESET xor", "d11 "])} == {
        "preset xor_gate",
        "D11 one neuron for exclusive or",
    }
    assert all(chosen([part]) for part in QUICK)
    assert len(pairs(["preset xor_gate"], 2)) == 2 * HEALTHY_FACTOR


@pytest.mark.parametrize(
    "defect",
    [
        defects.permute_labels,
        defects.randomize_some_labels,
        defects.remove_classes,
        defects.keep_mostly_one_class,
        defects.sort_by_class,
        defects.shift_test_labels,
        defects.rename_test_labels,
        defects.brighten_test_inputs,
        defects.shrink_test_inputs,
        defects.invert_test_inputs,
        defects.shuffle_pixels_of_each_image,
        defects.blank_most_pixels,
        defects.copy_one_pixel,
    ],
)
def test_defect_leaves_the_given_data_unchanged_and_depends_only_on_the_seed(digits: Dataset, defect: Defect) -> None:
    rows = np.arange(len(digits.train))
    before = digits.train.take(rows).copy(), digits.train.labels.copy(), digits.test.inputs.copy()
    first, second = (defect(digits, np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(before[0], digits.train.take(rows))
    assert np.array_equal(before[1], digits.train.labels)
    assert np.array_equal(before[2], digits.test.inputs)
    assert np.array_equal(first.train.labels, second.train.labels)
    assert np.array_equal(first.test.labels, second.test.labels)
    assert np.array_equal(first.train.take(np.arange(20)), second.train.take(np.arange(20)))
    assert np.array_equal(first.test.take(np.arange(20)), second.test.take(np.arange(20)))


def test_defects_of_labels(digits: Dataset) -> None:
    rng = np.random.default_rng(0)
    labels, test_labels = digits.train.labels, digits.test.labels
    permuted = defects.permute_labels(digits, rng).train.labels
    assert np.array_equal(np.sort(permuted), np.sort(labels))
    assert np.mean(permuted == labels) < 0.2
    noisy = defects.randomize_some_labels(digits, rng).train.labels
    assert np.mean(noisy != labels) == pytest.approx(defects.NOISE_FRACTION, abs=1e-3)
    assert np.array_equal(defects.shift_test_labels(digits, rng).test.labels, (test_labels + 1) % N_CLASSES)
    renamed = defects.rename_test_labels(digits, rng).test.labels
    assert not np.any(renamed == test_labels)
    assert len({*zip(renamed.tolist(), test_labels.tolist(), strict=True)}) == N_CLASSES


def test_defects_of_the_selection_of_examples(digits: Dataset) -> None:
    rng = np.random.default_rng(0)
    labels = defects.sort_by_class(digits, rng).train.labels
    assert np.array_equal(labels, np.sort(digits.train.labels))
    counts = np.bincount(defects.keep_mostly_one_class(digits, rng).train.labels)
    assert counts.max() / counts.sum() >= 0.85  # each other class has at least two images
    assert counts.min() >= 2
    assert len(set(defects.remove_classes(digits, rng).train.labels.tolist())) == N_CLASSES - 3


def test_defects_of_inputs(digits: Dataset) -> None:
    rng = np.random.default_rng(0)
    test = digits.test.inputs
    assert np.array_equal(defects.invert_test_inputs(digits, rng).test.inputs, 16 - test)
    assert defects.shrink_test_inputs(digits, rng).test.inputs.max() == 1
    assert defects.brighten_test_inputs(digits, rng).test.inputs.min() == 8
    shuffled = defects.shuffle_pixels_of_each_image(digits, rng).test.inputs
    assert np.array_equal(np.sort(shuffled, axis=1), np.sort(test, axis=1))
    assert not np.array_equal(shuffled, test)
    blanked = defects.blank_most_pixels(digits, rng).train.inputs
    assert int((np.ptp(blanked, axis=0) > 0).sum()) == 5
    copied = defects.copy_one_pixel(digits, rng).train.inputs
    assert len(np.unique(copied, axis=1).T) == 4


def test_a_run_is_ill_if_a_remedy_closes_half_of_a_gap_that_matters() -> None:
    assert Proof(run=0.1, reference=0.9, best=0.5).is_ill
    assert not Proof(run=0.1, reference=0.9, best=0.49).is_ill
    assert not Proof(run=0.9, reference=0.94, best=0.94).is_ill
    assert Proof(run=0.2, reference=0.7, best=0.7).closed(0.1) == pytest.approx(-0.2)
    assert Proof(run=0.9, reference=0.9, best=0.9).closed(0.95) == 0


def test_score_of_a_regression_is_r2_whatever_its_loss_and_scaling() -> None:
    values = {**CASES["preset squares_standardized"].changes, "epochs": 1000}
    scores = [
        record(Hyperparameters.parse({**values, "loss": loss, "learning_rate": rate}), load("squares")).score
        for loss, rate in (("mean_squared_error", 0.1), ("quadratic", 0.2))
    ]
    assert scores[0] == pytest.approx(1.0, abs=1e-3)
    assert scores == pytest.approx([scores[0]] * 2)  # the same steps
    diverged = record(CASES["D4 squares, unscaled"].hyperparameters(0), load("squares"))
    assert diverged.score == 0


def test_evidence_of_an_earlier_epoch_is_that_of_an_unfinished_run(digits: Dataset) -> None:
    run = record(Hyperparameters(epochs=4), digits)
    early, late = run.evidence(None, 2), run.evidence(None)
    assert (early.epoch, early.end, late.epoch, late.end) == (2, "running", 4, "finished")
    assert max(each.epoch for each in early.telemetry) <= 2
    assert early.confusion is not None
    assert np.trace(early.confusion) / early.confusion.sum() == pytest.approx(early.curves.test_accuracy[-1])


def test_probe_measures_the_network_of_the_run(digits: Dataset) -> None:
    h = Hyperparameters(hidden_sizes=(8,), loss="quadratic", epochs=2, learning_rate=0.01)
    probe = SignalProbe(h, digits)
    run = record(h, digits, probe)
    signals = probe.signals
    assert len(signals.layers) == len(signals.results) + 1 == 3
    assert signals.is_over
    assert not signals.until(1).is_over
    assert [row["train_cost"] for row in signals.results] == [row["train_cost"] for row in run.results]
    first, last = signals.layers[0]
    assert first.weight_norm == pytest.approx(math.sqrt(64 * 8 * 2 / 64), rel=0.2)  # He initialization
    assert (first.activation, last.activation) == ("relu", "sigmoid")
    assert 0 < first.not_positive < 1
    assert last.output_mean == pytest.approx(np.mean(last.batch_means))
    assert last.output_mean > signals.layers[2][1].output_mean  # the outputs approach one out of ten


def test_early_diagnosis_is_after_two_epochs_or_a_tenth() -> None:
    assert [early_epoch(epochs) for epochs in (1, 10, 30, 200)] == [2, 2, 3, 20]


def test_an_ill_run_and_a_healthy_run_are_diagnosed_by_all_contenders() -> None:
    ill = run_case(CASES["sgd at rate 1e-4"], 0)
    assert ill.is_valid
    assert ill.proof is not None
    assert ill.proof.is_ill
    assert set(ill.verdicts) == {MISFIT, WITH_TRIALS, *CONTENDERS}
    assert ill.verdicts[MISFIT].names(ill.codes, 1)
    assert ill.remedies[MISFIT].closed > 0.5
    assert len(ill.random_closed) == 2
    assert ill.known_after is not None
    healthy = run_case(CASES["preset squares_standardized"], 0)
    assert healthy.is_valid
    assert healthy.score > 0.9
    assert not healthy.verdicts[MISFIT].is_alarm
    assert not healthy.remedies


def result(group: Any, found: tuple[str, ...], *, closed: float = 1.0, is_valid: bool = True) -> CaseResult:
    verdict = Verdict(tuple((code,) for code in found), found, is_critical=bool(found))
    names = (MISFIT, WITH_TRIALS, *CONTENDERS)
    return CaseResult(
        name=f"{group} {found}",
        seed=1,
        group=group,
        codes=() if group == "healthy" else ("dead_units",),
        score=0.5,
        is_valid=is_valid,
        is_large=False,
        has_defect=False,
        proof=None if group == "healthy" else Proof(0.1, 0.9, 0.9),
        verdicts=dict.fromkeys(names, verdict),
        early=dict.fromkeys(names, verdict),
        remedies={} if group == "healthy" else dict.fromkeys((MISFIT, WITH_TRIALS), RemedyEffect("x", closed, False)),
        random_closed=() if group == "healthy" else (0.0, 0.9),
    )


def test_scores_count_hits_false_alarms_and_remedies() -> None:
    scores = Scores.of(
        [
            result("ill", ("dead_units",)),
            result("public", ("too_small", "dead_units"), closed=0.2),
            result("ill", ()),
            result("ill", ("dead_units",), is_valid=False),
            result("healthy", ()),
            result("healthy", ("overfitting",)),
        ]
    )
    rows = {line.split("|")[1].strip(): line.split("|")[2].strip() for line in measure_table(scores).splitlines()[2:]}
    assert rows["ill runs recognized"] == "2 of 3 (66.7%)"
    assert rows["first-named cause right"] == "1 of 3 (33.3%)"
    assert rows["right cause among the first three"] == "2 of 3 (66.7%)"
    assert rows["public questions: first-named cause right"] == "0 of 1 (0.0%)"
    assert rows["healthy runs alarmed"] == "1 of 2 (50.0%)"
    assert rows["healthy runs with a critical alarm"] == "1 of 2 (50.0%)"
    assert rows["first remedy closes half of the gap"] == "2 of 3 (66.7%)"


def test_every_miss_and_every_run_left_out_is_named() -> None:
    scores = Scores.of([result("ill", ()), result("healthy", ("overfitting",)), result("ill", (), is_valid=False)])
    missed, left_out = misses(scores).split("### Runs left out")
    assert "ill (), seed 1, Misfit: not recognized. Accepted: dead_units. Found: nothing." in missed
    assert "healthy ('overfitting',), seed 1, Misfit: alarmed" in missed
    assert "ill (), seed 1: not proven ill (score 0.100, best remedy 0.900, reference 0.900)." in left_out
    assert misses(Scores((), (), ())).count("None.") == 2


@pytest.mark.parametrize("question", GRADIENT_QUESTIONS, ids=lambda question: question.name)
def test_questions_about_gradients_are_answered_by_the_lab(question: GradientQuestion) -> None:
    found = answer(question, 0)
    assert found.is_right
    assert not replace(found, named=("B99",)).is_right
    assert "1 of 1 programs" in gradient_sentence([found])
    assert f"{question.name}, seed 0: layer {found.layer}, named B99" in gradient_sentence(
        [replace(found, named=("B99",))]
    )
