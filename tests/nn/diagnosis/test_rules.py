"""Each rule: an alarm if its symptom is present, and none if only its confounder is."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pytest

from nn.diagnosis.diagnose import diagnose
from nn.diagnosis.finding import CODES, Code
from nn.diagnosis.rules.registry import RULES
from tests.support.diagnosis.run_evidence import LEARNS_WELL, LN_10, STUCK, make_evidence

SGD: dict[str, Any] = {"optimizer": "sgd"}
FALLS_SLOWLY = tuple(np.linspace(LN_10, 2.2, 11))
FALLS_FAST = tuple(np.linspace(LN_10, 1.0, 11))
SETTLED = (LN_10, *(1.5,) * 10)
JUMPING = (LN_10, *(1.0, 1.9) * 5)
DEAD_LAYERS: tuple[dict[str, Any], ...] = ({"dead_fraction": 0.9}, {})
SIX_LAYERS = {"hidden_sizes": (32,) * 5, "activation": "sigmoid"}
VANISHING = tuple({"gradient_norm": 10.0 ** (index - 6)} for index in range(6))
EXPLODING = tuple({"gradient_norm": 10.0 ** (4 - index)} for index in range(3))
ONE_CLASS = np.zeros((10, 10), np.intp)
ONE_CLASS[:, 3] = 36
SHIFTED = np.roll(36 * np.eye(10, dtype=np.intp), 1, axis=1)
REGRESSION: dict[str, Any] = {
    "dataset": "squares",
    "loss": "mean_squared_error",
    "output_activation": "linear",
    "batching": "full_batch",
}
GOOD: dict[str, Any] = {"losses": LEARNS_WELL, "train_accuracy": 0.99, "held_out_accuracy": 0.98}


class Example(NamedTuple):
    """Evidence with a symptom, and evidence with a confounder of this symptom."""

    code: Code
    symptom: dict[str, Any]
    confounder: dict[str, Any]


EXAMPLES = [
    Example("not_finite", {"losses": (2.3, 2.5, math.nan), "end": "diverged"}, {"losses": (2.3, 1e30, 1e30, 1e30)}),
    Example(
        "diverging",
        {"losses": (2.3, 3, 9, 27, 81, 243), "end": "running", "epochs": 20},
        {"losses": (2.3, 7.0, 2.2, 2.1, 2.0, 1.9)},  # a spike in the first epoch
    ),
    Example(
        "learning_rate_too_high",
        {**SGD, "start": {"step_length": 9.0}, "losses": JUMPING},
        {**SGD, "start": {"step_length": 9.0}, **GOOD},  # beyond the limit, but the cost falls
    ),
    Example(
        "learning_rate_too_low",
        {**SGD, "losses": FALLS_SLOWLY, "start": {"step_length": 1e-4}, "layer": {"update_norm": 1e-7}},
        {**SGD, "losses": FALLS_SLOWLY, "layer": {"update_norm": 0.011}},  # the weights move
    ),
    Example(
        "vanishing_gradient",
        {**SIX_LAYERS, "layers": VANISHING},
        {**SIX_LAYERS, **GOOD, "layers": VANISHING},
    ),
    Example(
        "exploding_gradient",
        {"hidden_sizes": (64, 64), "losses": (400.0, *STUCK[1:]), "first_layers": EXPLODING},
        {"hidden_sizes": (64, 64), "losses": (400.0, *STUCK[1:]), "layer": {"gradient_norm": 1e4}},  # large everywhere
    ),
    Example("dead_units", {"layers": DEAD_LAYERS}, {**GOOD, "layers": DEAD_LAYERS}),
    Example(
        "saturated_units",
        {"activation": "sigmoid", "first_layers": ({"saturated_fraction": 0.9}, {})},
        {"activation": "sigmoid", **GOOD, "layers": ({"saturated_fraction": 0.9}, {}), "first_layers": ({}, {})},
    ),
    Example(
        "saturated_squared_loss",
        {"loss": "quadratic", "telemetry": {"lost_gradient": 0.99}},
        {"loss": "quadratic", **GOOD, "telemetry": {"lost_gradient": 0.99}},  # few examples are misclassified
    ),
    Example("initial_cost", {"losses": (30.0, *STUCK[1:])}, {**GOOD, "losses": (30.0, *LEARNS_WELL[1:])}),
    Example(
        "input_ignored",
        {"telemetry": {"output_std": 0.001}},
        {"losses": STUCK, "telemetry": {"output_std": 0.09}},  # at the level, but the outputs differ
    ),
    Example(
        "constant_prediction",
        {"telemetry": {"predicted_counts": (0, 0, 0, 1000, 0, 0, 0, 0, 0, 0)}},
        {
            "telemetry": {"predicted_counts": (950, 10, 5, 5, 5, 5, 5, 5, 5, 5)},
            "data": {"class_counts": (950, 10, 5, 5, 5, 5, 5, 5, 5, 5)},  # the frequent class deserves it
        },
    ),
    Example("identical_units", {"layers": ({"identical_fraction": 1.0}, {})}, {"layers": ({}, {})}),
    Example(
        "input_scale",
        {"data": {"input_mean_square": 7000.0, "largest_input": 255.0}},
        {"data": {"largest_input": 60.0}},  # one rare bright pixel after standardization
    ),
    Example(
        "target_scale",
        {**REGRESSION, "losses": (80.0,) * 11, "data": {"target_mean": 40.0, "target_std": 30.0, "class_counts": ()}},
        {**REGRESSION, "losses": (2.3,) * 11, "data": {"target_mean": 0.0, "target_std": 1.0, "class_counts": ()}},
    ),
    Example(
        "too_small",
        {"hidden_sizes": (2,), "losses": SETTLED, "train_accuracy": 0.4},
        {"hidden_sizes": (2,), **GOOD},
    ),
    Example(
        "overfitting",
        {"losses": LEARNS_WELL, "train_accuracy": 1.0, "held_out_accuracy": 0.6},
        {
            "losses": LEARNS_WELL,
            "train_accuracy": 1.0,
            "held_out_accuracy": 0.7,
            "data": {"n_validation": 10, "n_test": 10, "neighbor_agreement": 0.9, "test_neighbor_agreement": 0.9},
        },  # ten examples do not show it
    ),
    Example(
        "over_regularized",
        {"l2": 1.0, "layer": {"penalty_ratio": 3.0, "weight_norm": 1.0}, "first_layers": ({"weight_norm": 11.0},) * 2},
        {"l2": 1e-3, **GOOD, "layer": {"penalty_ratio": 1.0, "weight_norm": 1.0}},  # equal at the optimum
    ),
    Example(
        "too_short",
        {**SGD, "losses": FALLS_FAST, "train_accuracy": 0.6},
        {**SGD, "losses": SETTLED, "train_accuracy": 0.6},  # has settled
    ),
    Example(
        "oscillating",
        {"losses": JUMPING, "train_accuracy": 0.4},
        {"losses": SETTLED, "train_accuracy": tuple([0.35, 0.45] * 5)},  # only the accuracy is noisy
    ),
    Example(
        "labels_mismatched",
        {"data": {"neighbor_agreement": 0.11}},
        {**GOOD, "data": {"neighbor_agreement": 0.35, "test_neighbor_agreement": 0.35}},  # difficult data
    ),
    Example(
        "labels_shifted",
        {"losses": LEARNS_WELL, "train_accuracy": 0.99, "held_out_accuracy": 0.0, "confusion": SHIFTED},
        {"confusion": ONE_CLASS},  # no permutation helps a constant prediction
    ),
    Example(
        "noisy_labels",
        {
            "losses": SETTLED,
            "train_accuracy": 0.6,
            "held_out_accuracy": 0.9,
            "data": {"neighbor_agreement": 0.4, "test_neighbor_agreement": 0.65},
        },
        {
            "losses": SETTLED,
            "train_accuracy": 0.6,
            "data": {"neighbor_agreement": 0.58, "test_neighbor_agreement": 0.58},
        },  # classes that are difficult to distinguish, in both splits
    ),
    Example("sorted_batches", {"data": {"batch_entropy": 0.1}}, {"batch_size": 1, "data": {"batch_entropy": None}}),
    Example("splits_differ", {**GOOD, "data": {"test_spread": 255.0}}, {**GOOD, "data": {"test_shift": 0.3}}),
    Example(
        "class_imbalance",
        {"losses": SETTLED, "train_accuracy": 0.4, "data": {"class_counts": (900,) + (10,) * 9}},
        {"losses": SETTLED, "train_accuracy": 0.4, "data": {"class_counts": (300,) + (100,) * 9}},
    ),
    Example("degenerate_features", {"data": {"n_constant_inputs": 63}}, {"data": {"n_constant_inputs": 20}}),
    Example(
        "learning_rate_decayed",
        {"losses": SETTLED, "train_accuracy": 0.5, "schedule": "exponential", "decay_rate": 0.3},
        {"losses": SETTLED, "train_accuracy": 0.5, "schedule": "cosine", "final_learning_rate_fraction": 0.0},
    ),
    Example("optimizer_constants", {"epsilon": 1.0}, {"epsilon": 1e-4}),
    Example(
        "summed_cost",
        {**SGD, "reduction": "sum", "start": {"step_length": 30.0}},
        {**SGD, "reduction": "sum", "start": {"step_length": 0.3}},  # a small learning rate makes up for the sum
    ),
]


def test_each_code_has_a_rule_and_an_example() -> None:
    assert {*RULES, "wrong_gradient"} == set(CODES)
    assert {example.code for example in EXAMPLES} == set(RULES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_symptom_is_found(example: Example) -> None:
    diagnosis = diagnose(make_evidence(**example.symptom))
    assert diagnosis.status == "ill"
    finding = next(each for each in diagnosis.findings if each.code == example.code)
    assert finding.severity in ("critical", "warning")
    assert 0 < finding.confidence <= 1
    assert finding.title
    assert finding.explanation.endswith(".")
    assert "nan" not in f"{finding.title} {finding.explanation}".lower()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_confounder_is_no_alarm(example: Example) -> None:
    diagnosis = diagnose(make_evidence(**example.confounder))
    assert example.code not in {finding.code for finding in diagnosis.findings}
    assert all(observation.severity == "info" for observation in diagnosis.observations)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_consequences_come_after_their_cause(example: Example) -> None:
    diagnosis = diagnose(make_evidence(**example.symptom))
    codes = [finding.code for finding in diagnosis.findings]
    first = RULES[codes[0]]
    causes = [code for code in codes[1:] if first.code in RULES[code].explains and code not in first.explains]
    sure = [each.code for each in diagnosis.findings if each.code in causes and each.confidence >= 0.5]
    assert sure == []
