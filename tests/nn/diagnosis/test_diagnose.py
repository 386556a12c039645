"""Diagnosis of real runs on small data sets: the outcome, the first cause, and healthy runs without alarm."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn.datasets import Dataset, load_dataset
from nn.diagnosis.diagnose import diagnose, examine_preflight
from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import CODES
from nn.diagnosis.remedies import remedies_for
from nn.diagnosis.start_examination import examine_start
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS
from tests.support.diagnosis.run_evidence import LEARNS_WELL, STUCK, make_evidence, record_evidence
from tests.support.diagnosis.trial_cases import compared, outcome

SGD: dict[str, Any] = {"optimizer": "sgd"}
XOR: dict[str, Any] = {"dataset": "xor_gate", "loss": "binary_cross_entropy", "batching": "full_batch"}
ILL_PRESETS = {
    "deep_sigmoid": "vanishing_gradient",
    "all_the_same": "identical_units",
    "too_hot": "learning_rate_too_high",
    "squares_unscaled": "input_scale",
}
GOOD_PRESETS = [
    preset
    for name, preset in PRESETS.items()
    if name not in ILL_PRESETS and preset.hyperparameters.dataset not in ("mnist", "fashion_mnist")
]
ILL = {
    "a long step": ({**SGD, "learning_rate": 3.0}, {"learning_rate_too_high", "dead_units"}),
    "a long step of Adam": ({"learning_rate": 0.3}, {"learning_rate_too_high", "dead_units"}),
    "a short step": ({**SGD, "learning_rate": 1e-5}, {"learning_rate_too_low"}),
    "large weights": (
        {**SGD, "hidden_sizes": (64,) * 4, "initializer": "normal"},
        {"exploding_gradient", "initial_cost"},
    ),
    "a sum": ({**SGD, "reduction": "sum", "learning_rate": 0.1}, {"summed_cost"}),
    "two units": ({"hidden_sizes": (2,)}, {"too_small"}),
    "one neuron for XOR": ({**XOR, **SGD, "hidden_sizes": (), "learning_rate": 0.5, "epochs": 300}, {"too_small"}),
    "a strong penalty": ({"l2": 1.0}, {"over_regularized"}),
    "strong dropout": ({"dropout_rate": 0.9, "hidden_sizes": (16,)}, {"over_regularized"}),
    "one short epoch": ({**SGD, "learning_rate": 0.01, "epochs": 1}, {"too_short", "learning_rate_too_low"}),
    "a decayed rate": (
        {**SGD, "learning_rate": 0.02, "schedule": "exponential", "decay_rate": 0.3},
        {"learning_rate_decayed"},
    ),
    "a large epsilon": ({"epsilon": 1.0, "learning_rate": 1e-3}, {"optimizer_constants"}),
    "raw pixels": ({**SGD, "input_scaling": "none", "learning_rate": 0.5}, {"input_scale"}),
}
HEALTHY = {
    "edge of stability": {
        **SGD,
        "hidden_sizes": (),
        "loss": "quadratic",
        "output_activation": "linear",
        "initializer": "glorot",
        "learning_rate": 0.17,
        "batching": "full_batch",
        "epochs": 200,
    },
    "a plateau of XOR": {
        **XOR,
        **SGD,
        "hidden_sizes": (4,),
        "activation": "tanh",
        "initializer": "glorot",
        "learning_rate": 1.0,
        "epochs": 500,
    },
    "standardized inputs": {"input_scaling": "standardize"},
    "raw pixels with Adam": {"input_scaling": "none", "learning_rate": 0.001},
    "dropout": {"hidden_sizes": (256,), "dropout_rate": 0.5},
    "large weights that are unlearned": {"initializer": "normal", "epochs": 60},
    "a cost near 0": {"epochs": 100, "learning_rate": 0.01},
    "L-BFGS": {"optimizer": "lbfgs", "batching": "full_batch", "epochs": 60},
    "squared loss at rate 3": {
        **SGD,
        "activation": "sigmoid",
        "initializer": "glorot",
        "loss": "quadratic",
        "learning_rate": 3.0,
        "batch_size": 10,
    },
}


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return dataset_of("digits", tmp_path_factory)


def dataset_of(name: str, folders: pytest.TempPathFactory) -> Dataset:
    return load_dataset(name, datasets_dir=folders.mktemp("datasets"), cache_dir=folders.mktemp("cache"))


@pytest.mark.parametrize("name", ILL)
def test_first_finding_of_an_ill_run_is_its_cause(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    changes, causes = ILL[name]
    dataset = dataset_of(changes.get("dataset", "digits"), tmp_path_factory)
    diagnosis = diagnose(record_evidence(dataset, **changes)[-1])
    assert diagnosis.status == "ill"
    assert diagnosis.findings[0].code in causes
    assert diagnosis.findings[0].remedies


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_run_has_no_alarm_after_any_epoch(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    changes = HEALTHY[name]
    dataset = dataset_of(changes.get("dataset", "digits"), tmp_path_factory)
    history = [diagnose(evidence) for evidence in record_evidence(dataset, **changes)]
    assert [each.epoch for each in history if each.findings] == []
    assert history[-1].status == "healthy"


@pytest.mark.parametrize(
    "preset",
    GOOD_PRESETS,
    ids=lambda preset: preset.id,
)
def test_good_preset_is_healthy(preset: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    h = preset.hyperparameters
    dataset = dataset_of(h.dataset, tmp_path_factory)
    assert examine_preflight(h, examine_start(h, dataset)).findings == ()
    diagnosis = diagnose(record_evidence(dataset, **h.model_dump())[-1])
    assert (diagnosis.status, diagnosis.findings) == ("healthy", ())


@pytest.mark.parametrize("preset", ILL_PRESETS)
def test_ill_preset_is_explained(preset: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    h = PRESETS[preset].hyperparameters
    diagnosis = diagnose(record_evidence(dataset_of(h.dataset, tmp_path_factory), **h.model_dump())[-1])
    assert diagnosis.status == "ill"
    assert diagnosis.findings[0].code == ILL_PRESETS[preset]


def test_first_remedy_of_a_deep_network_lets_it_learn(digits: Dataset) -> None:
    h = PRESETS["deep_sigmoid"].hyperparameters
    remedy = diagnose(record_evidence(digits, **h.model_dump())[-1]).findings[0].remedies[0]
    after = record_evidence(digits, **h.changed({**remedy.changes, "epochs": 20}).model_dump())[-1]
    assert diagnose(after).status == "healthy"


def permute_labels(dataset: Dataset) -> Dataset:
    labels = np.random.default_rng(0).permutation(dataset.train.labels)
    return replace(dataset, train=replace(dataset.train, labels=labels))


def shift_test_labels(dataset: Dataset) -> Dataset:
    labels = ((dataset.test.labels + 1) % 10).astype(np.uint8)
    return replace(dataset, test=replace(dataset.test, labels=labels))


def test_labels_of_other_images(digits: Dataset) -> None:
    history = record_evidence(digits, permute_labels, epochs=4)
    assert diagnose(history[-1]).findings[0].code == "labels_mismatched"
    preflight = examine_preflight(history[0].hyperparameters, history[0].start)  # type: ignore[arg-type]
    assert [finding.code for finding in preflight.findings] == ["labels_mismatched"]
    assert preflight.findings[0].remedies[0].changes == {}


def test_shifted_test_labels(digits: Dataset) -> None:
    finding = diagnose(record_evidence(digits, shift_test_labels, epochs=6)[-1]).findings[0]
    assert finding.code == "labels_shifted"
    assert finding.known_by == "exact"


def test_too_early_to_know() -> None:
    assert diagnose(make_evidence((2.3,), end="running")).status == "unknown"
    assert diagnose(make_evidence((2.3, 2.3), end="running", epochs=30)).status == "unknown"
    falling = make_evidence((2.3, 2.0, 1.6, 1.2), end="running", epochs=30, train_accuracy=0.5)
    assert diagnose(falling).status == "unknown"


def test_cause_is_known_early(digits: Dataset) -> None:
    early = record_evidence(digits, **{**SGD, "learning_rate": 1e-5})[2]
    assert early.end == "running"
    diagnosis = diagnose(early)
    assert (diagnosis.epoch, diagnosis.status) == (3, "ill")
    assert diagnosis.findings[0].code == "learning_rate_too_low"


@pytest.mark.parametrize("changes", [{"hidden_sizes": ()}, {"hidden_sizes": (4,), "activation": "linear"}], ids=str)
def test_a_linear_network_for_xor_is_known_before_and_early(
    changes: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    dataset = dataset_of("xor_gate", tmp_path_factory)
    history = record_evidence(dataset, **XOR, **SGD, **changes, learning_rate=0.5, epochs=300)
    for diagnosis in (examine_preflight(history[0].hyperparameters, history[0].start), diagnose(history[29])):  # type: ignore[arg-type]
        assert diagnosis.status == "ill"
        assert (diagnosis.findings[0].code, diagnosis.findings[0].known_by) == ("too_small", "exact")


def test_a_linear_network_for_and_is_no_alarm(tmp_path_factory: pytest.TempPathFactory) -> None:
    dataset = dataset_of("and_gate", tmp_path_factory)
    history = record_evidence(
        dataset, **{**XOR, **SGD, "dataset": "and_gate"}, hidden_sizes=(), learning_rate=1.0, epochs=300
    )
    assert [each.epoch for each in history if diagnose(each).status == "ill"] == []


def test_missing_telemetry_and_profile() -> None:
    """An old run has only curves."""
    bare = replace(make_evidence(STUCK), telemetry=(), start=None)
    assert diagnose(bare).status == "ill"
    good = replace(make_evidence(LEARNS_WELL, train_accuracy=0.98), telemetry=(), start=None)
    assert diagnose(good).status == "healthy"


def test_dead_units_of_a_good_run_are_an_observation() -> None:
    layers: tuple[dict[str, Any], ...] = ({"dead_fraction": 12 / 64}, {})
    diagnosis = diagnose(make_evidence(LEARNS_WELL, train_accuracy=0.99, layers=layers))
    assert diagnosis.findings == ()
    observation = next(each for each in diagnosis.observations if each.code == "dead_units")
    assert observation.title == "12 of 64 units of hidden layer 1 never fire; harmless here"
    assert observation.severity == "info"


def test_consequence_has_the_remedies_of_its_cause() -> None:
    layers: tuple[dict[str, Any], ...] = ({"dead_fraction": 1.0, "gradient_norm": 1e-9}, {}, {})
    changes: dict[str, Any] = {"hidden_sizes": (64, 64), **SGD, "learning_rate": 2.0}
    evidence = make_evidence(layers=layers, first_layers=({},) * 3, telemetry={"output_std": 0.001}, **changes)
    cause, *others = diagnose(evidence).findings
    assert cause.code == "dead_units"
    assert cause.remedies == remedies_for("dead_units", evidence.hyperparameters, None, 0.5)
    remedies = {finding.code: finding.remedies for finding in others}
    assert remedies["vanishing_gradient"] == remedies["input_ignored"] == cause.remedies


def test_symptom_has_the_remedies_of_the_cause_that_a_trial_has_shown() -> None:
    trials = compared(outcome("candidate", 0.9, "learning_rate_too_high", learning_rate=0.01))
    evidence = replace(make_evidence(telemetry={"output_std": 0.001}), trials=trials)
    cause, *others = diagnose(evidence).findings
    assert (cause.code, cause.known_by) == ("learning_rate_too_high", "trial")
    assert next(finding for finding in others if finding.code == "input_ignored").remedies == cause.remedies


def test_severity_follows_the_outcome() -> None:
    assert diagnose(make_evidence(STUCK)).findings[0].severity == "critical"
    data = {"neighbor_agreement": 0.8, "test_neighbor_agreement": 0.8, "n_validation": 5000, "n_test": 5000}
    weak = diagnose(make_evidence(LEARNS_WELL, train_accuracy=1.0, held_out_accuracy=0.76, data=data))
    assert [(finding.code, finding.severity) for finding in weak.findings] == [("overfitting", "warning")]


def test_attainable_accuracy_is_that_of_the_neighbors() -> None:
    data = {"neighbor_agreement": 0.6, "test_neighbor_agreement": 0.62}
    assert Case(make_evidence(data=data)).attainable_accuracy == pytest.approx(0.62)
    assert diagnose(make_evidence(LEARNS_WELL, train_accuracy=0.62, data=data)).status == "healthy"
    assert diagnose(make_evidence(LEARNS_WELL, train_accuracy=0.62)).status == "ill"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("preset", ["digits_quick", "deep_sigmoid", "squares_unscaled", "exercise_5", "xor_gate"])
def test_remedies_are_valid_and_different(code: Any, preset: str) -> None:
    h = PRESETS[preset].hyperparameters
    labels = []
    for remedy in remedies_for(code, h):
        labels.append(remedy.label)
        if remedy.changes:
            assert h.changed(remedy.changes) != h
            assert all(getattr(h, name) != value for name, value in remedy.changes.items())
    assert len(labels) == len(set(labels))


def test_new_learning_rate_fits_the_curvature() -> None:
    h = Hyperparameters(optimizer="sgd", learning_rate=3.0)
    assert remedies_for("learning_rate_too_high", h, None, 30.0)[0].changes == {"learning_rate": 0.1}
    slow = Hyperparameters(optimizer="sgd", learning_rate=1e-5)
    assert remedies_for("learning_rate_too_low", slow, None, 1e-4)[0].changes == {"learning_rate": 0.1}


def test_the_first_cost_is_that_of_the_run_rather_than_that_of_an_examined_start() -> None:
    evidence = make_evidence((30.0, *STUCK[1:]))
    assert evidence.start is not None
    examined = replace(evidence.start, telemetry=replace(evidence.start.telemetry, first_cost=20.0))
    findings = diagnose(replace(evidence, start=examined))
    titles = [each.title for each in (*findings.findings, *findings.observations)]
    assert "The cost before the first step was 30 instead of 2.3" in titles
