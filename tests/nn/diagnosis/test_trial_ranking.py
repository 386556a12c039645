"""The order of findings after trials."""

from __future__ import annotations

import pytest

from nn.diagnosis.finding import Diagnosis, Finding
from nn.diagnosis.trial_outcome import TrialOutcome
from nn.diagnosis.trial_ranking import with_trials
from tests.support.diagnosis.trial_cases import compared, finding, ill, outcome

LOWER: dict[str, object] = {"learning_rate": 0.01}
RATE = finding("learning_rate_too_high", LOWER)
SCALE = finding("input_scale", {"input_scaling": "standardize"}, {"input_scaling": "unit"}, confidence=0.4)


def codes(diagnosis: Diagnosis) -> list[str]:
    return [finding.code for finding in diagnosis.findings]


def lower(score: float) -> TrialOutcome:
    return outcome("candidate", score, "learning_rate_too_high", **LOWER)


def scale(score: float) -> TrialOutcome:
    return outcome("candidate", score, "input_scale", input_scaling="unit")


def test_the_cause_whose_removal_moves_the_score_most_comes_first() -> None:
    ranked = with_trials(ill(RATE, SCALE), compared(lower(0.14), scale(0.9)))
    assert codes(ranked) == ["input_scale", "learning_rate_too_high"]
    first, second = ranked.findings
    assert (first.known_by, first.confidence >= 0.9) == ("trial", True)
    assert first.remedies[0].changes == {"input_scaling": "unit"}
    assert len(first.remedies) == 2
    assert first.explanation == (
        "Why. input_scaling: 10% → 90% after 2 epochs. A random change: 12%."  # by the label of the trial
    )
    assert [evidence.value for evidence in first.evidence] == [0.9, 0.1, 0.12]
    assert second.known_by == "observed"
    assert second.confidence == pytest.approx(RATE.confidence / 2)


def test_equal_effects_keep_the_order_of_the_rules() -> None:
    ranked = with_trials(ill(SCALE, RATE), compared(lower(0.9), scale(0.85)))
    assert codes(ranked) == ["input_scale", "learning_rate_too_high"]
    assert ranked.findings[1].confidence == RATE.confidence  # it helps as well


def test_a_general_remedy_does_not_beat_the_cause_that_a_rule_has_found() -> None:
    adam = outcome("candidate", 0.9, "learning_rate_too_low", optimizer="adam")
    assert codes(with_trials(ill(SCALE), compared(adam, scale(0.7)))) == ["input_scale"]


def test_more_epochs_do_not_beat_the_cause_that_a_rule_has_found() -> None:
    longer = outcome("candidate", 0.9, "too_short", epochs=90)
    short = finding("too_short", {"epochs": 90})
    assert codes(with_trials(ill(SCALE, short), compared(longer, scale(0.6)))) == ["input_scale", "too_short"]
    assert codes(with_trials(ill(SCALE, short), compared(longer, scale(0.2)))) == ["too_short", "input_scale"]


def test_a_cause_without_a_rule_becomes_first_if_the_suspected_ones_hardly_help() -> None:
    wider = outcome("candidate", 0.9, "too_small", hidden_sizes=(64,))
    ranked = with_trials(ill(RATE, status="unknown"), compared(lower(0.15), wider))
    assert ranked.status == "ill"
    assert codes(ranked) == ["too_small", "learning_rate_too_high"]
    assert ranked.findings[0].severity == "critical"
    assert ranked.findings[0].epoch == 3


def test_the_remedy_of_a_symptom_names_the_cause() -> None:
    symptom = finding("input_ignored", {"activation": "relu"})
    relu = outcome("candidate", 0.9, "input_ignored", "vanishing_gradient", activation="relu")
    assert codes(with_trials(ill(symptom), compared(relu))) == ["vanishing_gradient", "input_ignored"]


@pytest.mark.parametrize(
    "trials",
    [
        (),
        compared(lower(0.2)),
        compared(lower(0.9), control=0.88),  # a random change does as well
        compared(lower(0.9))[1:],  # without a twin
        compared(),
        (outcome("twin", 0.9), outcome("reference", 0.9), lower(0.95)),
    ],
)
def test_nothing_changes_without_a_clear_effect(trials: tuple[TrialOutcome, ...]) -> None:
    diagnosis = ill(RATE, SCALE)
    assert with_trials(diagnosis, trials) is diagnosis


def test_a_healthy_diagnosis_stays_healthy() -> None:
    diagnosis = Diagnosis(3, "healthy", observations=(RATE,))
    assert with_trials(diagnosis, compared(lower(0.9))) is diagnosis


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_fault_of_the_data_keeps_its_position(position: int) -> None:
    findings: list[Finding] = [RATE, SCALE]
    findings.insert(position, finding("labels_mismatched", known_by="exact"))
    ranked = with_trials(ill(*findings), compared(lower(0.14), scale(0.9)))
    assert codes(ranked)[position] == "labels_mismatched"
    assert [code for code in codes(ranked) if code != "labels_mismatched"] == ["input_scale", "learning_rate_too_high"]


def test_the_score_is_the_mean_of_the_last_quarter() -> None:
    jumping = TrialOutcome("twin", "", {}, (), (), (0.1,) * 6 + (0.2, 0.8), None, 0.0)
    assert jumping.score == pytest.approx(0.5)
    assert TrialOutcome("twin", "", {}, (), (), (0.4, None), None, 0.0).score == 0.0
    assert TrialOutcome("twin", "", {}, (), (), (), None, 0.0).score is None
