"""The published rules of other tools, on hand-made signals."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.doctor.contenders.autotrainer import autotrainer
from benchmarks.doctor.contenders.deep_diagnosis import deep_diagnosis
from benchmarks.doctor.contenders.deep_localize import deep_localize
from benchmarks.doctor.contenders.signals import LayerSignals, Signals
from benchmarks.doctor.contenders.umlaut import umlaut
from benchmarks.doctor.contenders.verdict import Contender
from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import EpochResult

N_CLASSES = 10
LAYER = LayerSignals(
    activation="relu",
    large_sums=0.0,
    output_mean=0.3,
    output_magnitude=0.3,
    not_positive=0.5,
    batch_means=(0.30, 0.31, 0.29, 0.32, 0.28),
    gradient_norm=0.1,
    gradient_mean=0.001,
    gradient_magnitude=0.01,
    zero_gradients=0,
    n_weights=100,
    weight_norm=5.0,
    weight_mean=0.01,
    weight_variance=0.25,
    largest_weight=1.0,
    outputs_finite=True,
    weights_finite=True,
    gradient_finite=True,
)


def signals_of(
    first: LayerSignals = LAYER,
    last: LayerSignals = LAYER,
    accuracies: tuple[float, ...] = (0.3, 0.4, 0.5, 0.55),
    validation: tuple[float, ...] | None = None,
    costs: tuple[float, ...] = (2.0, 1.8, 1.6, 1.5),
    validation_costs: tuple[float, ...] = (2.0, 1.8, 1.6, 1.5),
    **changes: Any,
) -> Signals:
    """Return signals that no rule objects to, except for the given ones."""
    h = Hyperparameters.parse({"learning_rate": 0.005, "epochs": len(costs), **changes})
    results = [
        EpochResult(
            epoch=epoch + 1,
            train_cost=costs[epoch],
            train_accuracy=accuracies[epoch],
            validation_cost=validation_costs[epoch],
            validation_accuracy=(validation or accuracies)[epoch],
            test_cost=None,
            test_accuracy=None,
            learning_rate=h.learning_rate,
            gradient_evaluations=epoch,
            elapsed_seconds=1.0,
            images_per_second=1.0,
        ).to_json()
        for epoch in range(len(costs))
    ]
    layers: list[tuple[LayerSignals, ...]] = [(first, last)] * (len(costs) + 1)
    return Signals(h, N_CLASSES, np.array([[0.0, 1.0]]), layers, results, is_over=True)


def labels_of(find: Contender, signals: Signals) -> list[str]:
    return [problem.label for problem in find(signals)]


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ({"first": replace(LAYER, gradient_norm=9.0)}, "exploding gradient"),
        ({"first": replace(LAYER, largest_weight=5.1)}, "exploding gradient"),
        ({"costs": (2.0, 1.8, math.nan, math.nan)}, "exploding gradient"),
        (
            {"first": replace(LAYER, gradient_norm=9e-5), "last": replace(LAYER, gradient_norm=0.1)},
            "vanishing gradient",
        ),
        ({"first": replace(LAYER, zero_gradients=100), "last": replace(LAYER, zero_gradients=40)}, "dying ReLU"),
        ({"accuracies": (0.3, 0.4, 0.3, 0.4)}, "oscillating loss"),
        ({"first": replace(LAYER, output_magnitude=10.0)}, "abnormal input"),
        ({}, "slow convergence"),
    ],
)
def test_rules_of_autotrainer(given: dict[str, Any], label: str) -> None:
    assert labels_of(autotrainer, signals_of(**given)) == [label]
    good = {"accuracies": (0.3, 0.5, 0.7, 0.9)} if "accuracies" not in given else {}
    if good:
        assert labels_of(autotrainer, signals_of(**{**given, **good})) == []  # a run that learns is not examined


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ({"costs": (2.0, 1.8, math.nan, math.nan)}, "the loss is NaN"),
        ({"learning_rate": 0.011}, "learning rate is high"),
        ({"learning_rate": 1e-8}, "learning rate is low"),
        ({"dropout_rate": 0.6}, "high dropout rate"),
        ({"activation": "linear"}, "missing activation functions"),
        ({"loss": "quadratic"}, "missing softmax layer"),
        ({"validation_costs": (2.0, 1.8, 1.6, 1.7)}, "possible overfitting"),
        ({"validation": (0.3, 0.4, 0.5, 0.61)}, "check the validation accuracy"),
    ],
)
def test_heuristics_of_umlaut(given: dict[str, Any], label: str) -> None:
    assert labels_of(umlaut, signals_of(**given)) == [label]
    assert labels_of(umlaut, signals_of()) == []


def test_umlaut_objects_to_inputs_outside_its_interval() -> None:
    signals = replace(signals_of(), first_inputs=np.array([[0.0, -1.5]]))
    assert labels_of(umlaut, signals) == ["inputs outside −1…1"]


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ({"first": replace(LAYER, output_mean=math.nan)}, "numerical error"),
        ({"first": replace(LAYER, gradient_magnitude=9e-8)}, "vanishing gradient"),
        ({"first": replace(LAYER, not_positive=0.7)}, "dead node"),
        ({"first": replace(LAYER, activation="tanh", large_sums=0.51)}, "saturated activation"),
        ({"first": replace(LAYER, weight_variance=11.0)}, "weights not well initialized"),
        ({"first": replace(LAYER, gradient_norm=101.0)}, "learning rate out of range"),
        ({"costs": (2.0, *[1.5] * 5), "accuracies": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)}, "the cost does not change"),
        ({"accuracies": (0.1,) * 20, "costs": tuple(np.linspace(2, 1, 20))}, "the accuracy does not change"),
    ],
)
def test_rules_of_deep_diagnosis(given: dict[str, Any], label: str) -> None:
    given = {"validation_costs": given.get("costs", (2.0, 1.8, 1.6, 1.5)), **given}
    assert labels_of(deep_diagnosis, signals_of(**given)) == [label]
    assert labels_of(deep_diagnosis, signals_of()) == []


@pytest.mark.parametrize(
    ("given", "label"),
    [
        ({"first": replace(LAYER, outputs_finite=False)}, "error in the forward pass"),
        ({"first": replace(LAYER, output_magnitude=0.0)}, "error in the forward pass"),
        ({"first": replace(LAYER, gradient_finite=False)}, "error in the backward pass"),
        ({"first": replace(LAYER, batch_means=(0.1,) * 5)}, "the outputs of a layer do not change"),
        ({"costs": (2.0, 1.8, 1.6, math.inf)}, "error in the cost"),
        ({"costs": (2.0, 1.8, 1.6, 1.6), "accuracies": (0.3, 0.4, 0.5, 0.5)}, "the model does not learn"),
    ],
)
def test_rules_of_deep_localize(given: dict[str, Any], label: str) -> None:
    assert labels_of(deep_localize, signals_of(**given)) == [label]
    assert labels_of(deep_localize, signals_of()) == []
