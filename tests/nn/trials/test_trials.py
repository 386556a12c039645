"""Trials of whole runs: they find the cause of an ill run, and repeat bit for bit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn.diagnosis.finding import Diagnosis, Remedy
from nn.diagnosis.remedies import remedies_for
from nn.diagnosis.trial_outcome import TrialOutcome
from nn.diagnosis.trial_ranking import with_trials
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS
from nn.trials.candidates import Candidate, find_candidates
from nn.trials.trials import Trials, run_trials
from tests.support.diagnosis.trial_cases import UNSCALED, built_in, finding, ill
from tests.support.event_recorder import BatchControl


def trials_of(h: Hyperparameters, diagnosis: Diagnosis | None = None, epochs: int | None = None) -> Trials:
    return run_trials(h, built_in(h.dataset), diagnosis or Diagnosis(1, "unknown"), epochs=epochs)


def one(trials: Trials, kind: str) -> TrialOutcome:
    (found,) = (outcome for outcome in trials.outcomes if outcome.kind == kind)
    return found


def test_scaling_the_pixels_is_shown_as_the_remedy_of_unscaled_digits() -> None:
    leaky = finding("dead_units", {"activation": "leaky_relu"})
    scaling = finding("input_scale", {"input_scaling": "unit", "initializer": "he"}, confidence=0.5)
    diagnosis = ill(leaky, scaling)
    trials = trials_of(UNSCALED, diagnosis, epochs=3)
    assert (trials.epochs, trials.train_size, trials.score) == (3, 1294, "validation_accuracy")
    assert [outcome.kind for outcome in trials.outcomes[:3]] == ["twin", "reference", "control"]
    assert trials.expected == 3 + len(find_candidates(UNSCALED, diagnosis)) <= len(trials.outcomes)
    assert all(outcome.epochs == 3 for outcome in trials.outcomes if outcome.kind == "candidate")
    first = with_trials(diagnosis, trials.outcomes).findings[0]
    assert (first.code, first.known_by) == ("input_scale", "trial")
    assert first.remedies[0] == scaling.remedies[0]
    assert "A random change: " in first.explanation


def test_a_cause_that_no_rule_has_named_is_found() -> None:
    over_regularized = Hyperparameters(l2=1.0, epochs=5)
    first = with_trials(Diagnosis(5, "unknown"), trials_of(over_regularized).outcomes).findings[0]
    assert (first.code, dict(first.remedies[0].changes)) == ("over_regularized", {"l2": 0.0})


def test_nothing_is_claimed_about_a_run_that_learns() -> None:
    healthy = Hyperparameters(epochs=5)
    diagnosis = Diagnosis(5, "unknown")
    trials = trials_of(healthy)
    assert one(trials, "twin").gap_closed is None
    assert with_trials(diagnosis, trials.outcomes) == diagnosis


def test_the_twin_repeats_the_first_epochs_of_the_run() -> None:
    """The schedule is that of the whole run, although the trial is shorter."""
    h = Hyperparameters(epochs=20, schedule="cosine", validation_fraction=0.1)
    short, long = (one(trials_of(h, epochs=epochs), "twin") for epochs in (2, 4))
    assert short.costs == long.costs[:2]


def test_own_remedy_of_a_consequence_is_tried_too() -> None:
    cause = finding("learning_rate_too_high", {"learning_rate": 0.01})
    consequence = replace(finding("too_small"), remedies=cause.remedies)
    candidates = find_candidates(UNSCALED, ill(cause, consequence))
    assert (candidates[0].remedy, candidates[0].codes) == (cause.remedies[0], ("learning_rate_too_high",))
    assert candidates[1] == Candidate(remedies_for("too_small", UNSCALED)[0], ("too_small",))


def test_trials_repeat_bit_for_bit() -> None:
    first, second = (trials_of(UNSCALED, epochs=2) for _ in range(2))

    def without_times(trials: Trials) -> list[TrialOutcome]:
        return [replace(outcome, seconds=0.0) for outcome in trials.outcomes]

    for one_time, other_time in zip(without_times(first), without_times(second), strict=True):
        assert (one_time.label, one_time.costs, one_time.accuracies) == (
            other_time.label,
            other_time.costs,
            other_time.accuracies,
        )


def test_a_stop_ends_the_trials_and_discards_the_unfinished_one() -> None:
    batches = 41 * 3  # of each trial
    control = BatchControl(lambda batch: batch <= batches + 10)
    progress: list[Trials] = []
    trials = run_trials(
        replace_epochs(UNSCALED, 3),
        built_in("digits"),
        Diagnosis(1, "unknown"),
        epochs=3,
        control=control,
        on_progress=progress.append,
    )
    assert [outcome.kind for outcome in trials.outcomes] == ["twin"]
    assert control.n_batches <= batches + 13
    assert [len(each.outcomes[0].costs) for each in progress] == [1, 2, 3]


def replace_epochs(h: Hyperparameters, epochs: int) -> Hyperparameters:
    return h.changed({"epochs": epochs})


def test_the_diverging_regression_is_solved_by_scaling_and_scored_by_r_squared() -> None:
    h = PRESETS["squares_unscaled"].hyperparameters
    both: dict[str, object] = {"input_scaling": "standardize", "target_scaling": "standardize", "learning_rate": 0.03}
    diagnosis = ill(finding("diverging", {"learning_rate": 0.009}), finding("target_scale", both))
    trials = trials_of(h, diagnosis)
    assert trials.score == "train_r2"
    assert one(trials, "twin").score == 0.0  # a negative R² counts as 0
    assert one(trials, "reference").score == pytest.approx(1.0, abs=0.01)
    first = with_trials(diagnosis, trials.outcomes, trials.score).findings[0]
    assert first.code == "target_scale"
    assert "R²" in first.evidence[0].name


def test_a_gate_without_a_validation_split_is_scored_on_its_training_examples() -> None:
    h = Hyperparameters(
        dataset="xor_gate", hidden_sizes=(), loss="binary_cross_entropy", optimizer="sgd", learning_rate=0.5,
        batching="full_batch", epochs=300,
    )  # fmt: skip
    trials = trials_of(h)
    assert (trials.score, trials.train_size) == ("train_accuracy", 4)
    assert one(trials, "twin").stride == 3  # long curves list every third epoch
    first = with_trials(Diagnosis(300, "unknown"), trials.outcomes, trials.score).findings[0]
    assert first.code == "too_small"
    assert first.remedies[0] == remedies_for("too_small", h)[0]


def test_changes_are_combined_if_no_single_one_helps() -> None:
    """Zero weights and a tiny learning rate: only both remedies together help."""
    h = Hyperparameters(
        initializer="constant", initializer_scale=0.0, optimizer="sgd", learning_rate=1e-4, epochs=5, dtype="float64"
    )
    diagnosis = ill(
        finding("identical_units", {"initializer": "he"}), finding("learning_rate_too_low", {"learning_rate": 0.1})
    )
    trials = trials_of(h, diagnosis)
    best = max(trials.outcomes[3:], key=lambda outcome: outcome.gap_closed or 0.0)
    assert set(best.changes) == {"initializer", "learning_rate"}
    assert (best.gap_closed or 0.0) > 0.5
    assert with_trials(diagnosis, trials.outcomes).findings[0].code == "identical_units"


def test_a_learning_rate_that_helps_a_little_is_refined() -> None:
    """The limit of this run is a rate of 0.17; a rate of 0.05 is stable, but slow."""
    h = PRESETS["too_hot"].hyperparameters
    remedy = Remedy("Lower the learning rate to 0.05", {"learning_rate": 0.05})
    diagnosis = ill(replace(finding("learning_rate_too_high"), remedies=(remedy,)))
    trials = trials_of(h, diagnosis)
    outcomes = {outcome.label: outcome.gap_closed or 0.0 for outcome in trials.outcomes}
    assert outcomes["Lower the learning rate to 0.1"] > outcomes["Lower the learning rate to 0.05"] + 0.1
    first = with_trials(diagnosis, trials.outcomes).findings[0]
    assert (first.code, first.remedies[0].changes) == ("learning_rate_too_high", {"learning_rate": 0.1})
