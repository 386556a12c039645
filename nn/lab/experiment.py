"""An experiment: the right and the wrong network, trained from the same seed, and all checks of the wrong one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nn.array_types import Float64Array
from nn.hyperparameters.schema import Hyperparameters
from nn.lab.examples import Examples, load_splits
from nn.lab.layer_check import Disagreement, LayerCheck, check_layers, first_disagreement
from nn.lab.learner import Learner, StepNorms
from nn.lab.matching import Match, matching_bugs
from nn.lab.setup import LabSetup
from nn.lab.small_tests import SMALL_TESTS
from nn.lab.small_tests.small_test import Outcome, SmallTest, Subject

MAX_POINTS = 60
MAX_CHECKED = 64  # images of the gradient check; no bug needs a larger batch
N_MONITORED = 200  # training images on which the units are observed
FLAT = 0.1  # a unit is saturated where its slope is below this fraction of its largest slope
LARGEST_SLOPE = {"sigmoid": 0.25, "tanh": 1.0}


@dataclass(slots=True)
class LayerTelemetry:
    """The state of one layer, counted from 1, after some epochs: one value for each point of the curves.

    The norms are those of the last step before the point; there is none before the first step. `saturated_fraction` is
    None except for sigmoid and tanh, and `dead_fraction`, the fraction of units that never fire, except for relu.
    """

    layer: int
    gradient_norm: list[float | None] = field(default_factory=list)
    update_ratio: list[float | None] = field(default_factory=list)
    saturated_fraction: list[float | None] = field(default_factory=list)
    dead_fraction: list[float | None] = field(default_factory=list)


@dataclass(slots=True)
class Curves:
    """Cost and accuracy after some epochs, the first before the first step. The costs include the penalty."""

    epochs: list[int] = field(default_factory=list)
    train_cost: list[float] = field(default_factory=list)
    test_cost: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Training:
    """The curves of one network and the telemetry of its layers, from the input to the output."""

    curves: Curves
    telemetry: tuple[LayerTelemetry, ...]


@dataclass(frozen=True, slots=True)
class Experiment:
    """The training of both networks, and the checks of the wrong one."""

    setup: LabSetup
    right: Training
    wrong: Training
    gradient_check: tuple[LayerCheck, ...]
    first_disagreement: Disagreement | None
    matches: tuple[Match, ...]
    tests: tuple[tuple[SmallTest, Outcome], ...]


@np.errstate(all="ignore")
def run_experiment(setup: LabSetup) -> Experiment:
    """Train both networks of a setup, and check the gradient of the wrong one on its first batch."""
    splits = load_splits(setup.hyperparameters)
    wrong = setup.wrong_learner(splits)
    batch = wrong.splits.train.take(wrong.batches()[0][:MAX_CHECKED])
    checks = check_layers(setup.wrong_learner(splits), batch)
    disagreement = first_disagreement(checks, use_bias=setup.hyperparameters.use_bias)
    subject = Subject(setup, splits, gradient_agrees=disagreement is None)
    return Experiment(
        setup,
        train(setup.right_learner(splits)),
        train(setup.wrong_learner(splits)),
        tuple(checks),
        disagreement,
        tuple(matching_bugs(setup, splits, batch)),
        tuple((test, test.run(subject)) for test in SMALL_TESTS),
    )


@np.errstate(all="ignore")
def train(learner: Learner) -> Training:
    """Train a learner for the epochs of its hyperparameters, and observe it at up to `MAX_POINTS` of them."""
    h = learner.hyperparameters
    curves, telemetry = Curves(), tuple(LayerTelemetry(layer + 1) for layer in range(learner.n_layers))
    interval = -(-h.epochs // MAX_POINTS)
    for epoch in range(h.epochs + 1):
        norms = learner.train_epoch() if epoch else []
        if epoch % interval == 0 or epoch == h.epochs:
            curves.epochs.append(epoch)
            _observe_results(learner, curves)
            _observe_layers(learner, norms, telemetry)
    return Training(curves, telemetry)


def _observe_results(learner: Learner, curves: Curves) -> None:
    train_cost, train_accuracy = _evaluate(learner, learner.splits.train)
    test_cost, test_accuracy = _evaluate(learner, learner.splits.test)
    curves.train_cost.append(train_cost)
    curves.test_cost.append(test_cost)
    curves.train_accuracy.append(train_accuracy)
    curves.test_accuracy.append(test_accuracy)


def _evaluate(learner: Learner, examples: Examples) -> tuple[float, float]:
    outputs = learner.forward(examples.inputs)
    return learner.cost(outputs, examples.targets), learner.accuracy(outputs, examples.labels)


def _observe_layers(learner: Learner, norms: list[StepNorms], telemetry: tuple[LayerTelemetry, ...]) -> None:
    learner.forward(learner.splits.train.inputs[:N_MONITORED])
    for index, layer in enumerate(telemetry):
        step = norms[index] if norms else None
        layer.gradient_norm.append(step.gradient if step else None)
        layer.update_ratio.append(step.change / step.weights if step and step.weights > 0 else None)
        activation = _activation_name(learner, index)
        layer.saturated_fraction.append(_saturated_fraction(activation, learner.outputs[index]))
        dead = float((learner.outputs[index].max(axis=0) <= 0).mean()) if activation == "relu" else None
        layer.dead_fraction.append(dead)


def _activation_name(learner: Learner, layer: int) -> str:
    h: Hyperparameters = learner.hyperparameters
    if layer < learner.last:
        return h.activation
    return "linear" if learner.loss.expects_logits else h.output_activation


def _saturated_fraction(activation: str, outputs: Float64Array) -> float | None:
    if activation not in LARGEST_SLOPE:
        return None
    slopes = outputs * (1 - outputs) if activation == "sigmoid" else 1 - np.square(outputs)
    return float((slopes < FLAT * LARGEST_SLOPE[activation]).mean())
