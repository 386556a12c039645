"""Rules about the units of the network and their initial weights."""

from __future__ import annotations

import math
from typing import ClassVar

from nn.diagnosis.facts.case import Case
from nn.diagnosis.finding import Code, Evidence, Finding
from nn.diagnosis.rules.rule import Rule

DEAD = 0.5  # fraction of the units of a layer
SATURATED = 0.5  # fraction of the activations of a layer
HIGH_COST = 1.5  # relative to the exact cost that small random weights give
SMALL_WEIGHTS = 0.1  # relative to Glorot's standard deviation
IDENTICAL = 0.5  # fraction of the units of a layer


class DeadUnits(Rule):
    """More than half of the ReLU units of a layer output 0 for every training example.

    Guard: an exact count over the examples, because the outputs of a good ReLU network are also mostly 0. Dead units
    of a network that learns are harmless.
    Remedy: a lower learning rate, leaky ReLU with He initialization, or scaled inputs.
    Source: TheDeepChecker and SageMaker Debugger: half of the units of a layer.
    """

    code: ClassVar[Code] = "dead_units"
    explains: ClassVar[tuple[Code, ...]] = (
        "input_ignored",
        "constant_prediction",
        "too_short",
        "vanishing_gradient",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Find the layer with the largest fraction of dead units."""
        last = case.last or case.first
        hidden = last.layers[:-1] if last else ()
        fractions = [layer.dead_fraction or 0.0 for layer in hidden]
        worst = max(fractions, default=0.0)
        n_dead = sum(round(each * layer.n_units) for each, layer in zip(fractions, hidden, strict=True))
        if n_dead == 0 or (worst <= DEAD and case.outcome != "good"):
            return None
        index = fractions.index(worst)
        n_units = hidden[index].n_units
        count = f"{round(worst * n_units)} of {n_units}" if worst < 1 else f"All {n_units}"
        harmless = "; harmless here" if case.outcome == "good" else ""
        return case.finding(
            self.code,
            1.0 if worst == 1 else 0.8 if worst > DEAD else 0.2,
            f"{count} units of hidden layer {index + 1} never fire{harmless}",
            "A ReLU unit whose pre-activation is negative for every example outputs 0 and receives no gradient, so it "
            "stays a dead unit. A step that is too long, or large inputs, moves many units there at once.",
            Evidence("fraction of dead units", worst, DEAD, "dead"),
            layer=index + 1,
            known_by="exact",
        )


class SaturatedUnits(Rule):
    """More than half of the activations of a hidden sigmoid or tanh layer are saturated early in the run.

    A saturated activation has a derivative below a tenth of the largest possible one.

    Guard: late saturation of a good network is confidence, so only the start and the first epoch count.
    Remedy: scale the inputs, or use Glorot initialization.
    Source: Glorot and Bengio 2010; DeepDiagnosis (Wardat et al. 2022): half of the units.
    """

    code: ClassVar[Code] = "saturated_units"
    explains: ClassVar[tuple[Code, ...]] = (
        "initial_cost",
        "input_ignored",
        "constant_prediction",
        "vanishing_gradient",
        "learning_rate_too_low",
        "too_short",
        "oscillating",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Find the most saturated hidden layer at the start and after the first epoch."""
        if case.evidence.hyperparameters.activation not in ("sigmoid", "tanh"):
            return None
        for each in (case.first, *case.passes[:1]):
            layers = each.layers[:-1] if each else ()
            fractions = [layer.saturated_fraction or 0.0 for layer in layers]
            if each is not None and max(fractions, default=0.0) > SATURATED:
                return self._saturated(case, max(fractions), fractions.index(max(fractions)), each.epoch)
        return None

    def _saturated(self, case: Case, worst: float, index: int, epoch: int) -> Finding:
        when = "before the first step" if epoch == 0 else "after the first epoch"
        return case.finding(
            self.code,
            0.6 + 0.3 * worst if epoch == 0 else 0.6,
            f"{worst:.0%} of the activations of hidden layer {index + 1} were saturated {when}",
            "Large pre-activations move the units to the flat ends of their activation function, where the derivative "
            "is almost 0. Saturation stops the gradient, so the layers before it hardly learn.",
            Evidence("fraction of saturated activations", worst, SATURATED, "saturated"),
            layer=index + 1,
        )


class InitialCost(Rule):
    """The initial weights are too large or too small: the cost before the first step, or the weights, show it.

    They are too large if the cost exceeds 1.5 times its exact level for small random weights. They are too small if
    their root mean square is below a tenth of that of Glorot's initialization, and the cost stays at the level of a
    network that ignores its inputs.

    Guard: the penalty is not included in the cost, and a network that learns from large initial weights is no concern.
    Remedy: He initialization for ReLU, Glorot initialization for tanh and sigmoid.
    Source: Karpathy, A Recipe for Training Neural Networks, 2019; TheDeepChecker accepts twice the level.
    """

    code: ClassVar[Code] = "initial_cost"
    explains: ClassVar[tuple[Code, ...]] = (
        "input_ignored",
        "constant_prediction",
        "vanishing_gradient",
        "dead_units",
        "too_short",
        "oscillating",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Compare the first cost with its exact level, and the initial weights with Glorot's."""
        return self._too_large(case) or self._too_small(case)

    def _too_large(self, case: Case) -> Finding | None:
        expected = case.expected_first_cost
        if case.is_regression or not case.first_cost > HIGH_COST * expected:
            return None
        ratio = case.first_cost / expected
        return case.finding(
            self.code,
            0.85 if ratio > 10 else 0.7 if ratio > 3 else 0.5,
            f"The cost before the first step was {case.first_cost:.3g} instead of {expected:.3g}",
            "With small random weights all classes are equally likely at first, which gives an exact cost. A higher "
            "cost means that the initialization makes the network sure of wrong classes, and training must undo this "
            "first.",
            Evidence("first cost / expected first cost", ratio, HIGH_COST, "cost"),
            known_by="exact",
        )

    def _too_small(self, case: Case) -> Finding | None:
        h = case.evidence.hyperparameters
        first = case.first
        if first is None or not h.hidden_sizes or (case.evidence.epoch and not case.is_stuck):
            return None
        sizes = [h.n_features, *(layer.n_units for layer in first.layers)]
        ratios = [
            layer.weight_norm / math.sqrt(layer.n_parameters) / math.sqrt(2 / (fan_in + layer.n_units))
            for fan_in, layer in zip(sizes, first.layers, strict=False)
        ]
        largest = max(ratios, default=1.0)
        if not largest < SMALL_WEIGHTS or any((layer.identical_fraction or 0) > IDENTICAL for layer in first.layers):
            return None
        return case.finding(
            self.code,
            0.92,
            f"The initial weights are {1 / max(largest, 1e-300):,.0f} times smaller than Glorot's",
            "Each layer multiplies the signal and its gradient by such small weights, so that the outputs hardly "
            "depend on the inputs. With this initialization the cost stays on a plateau until the weights have grown.",
            Evidence("initial weights / Glorot's initial weights", largest, SMALL_WEIGHTS, "cost"),
        )


class IdenticalUnits(Rule):
    """More than half of the units of a hidden layer have the same incoming weights as another unit.

    Guard: an exact comparison; layers with one unit do not count.
    Remedy: random initial weights: He or Glorot initialization.
    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, section 8.4.
    """

    code: ClassVar[Code] = "identical_units"
    explains: ClassVar[tuple[Code, ...]] = (
        "input_ignored",
        "constant_prediction",
        "vanishing_gradient",
        "initial_cost",
        "too_small",
        "too_short",
        "learning_rate_too_low",
        "dead_units",
        "saturated_units",
        "exploding_gradient",
    )
    before_learning: ClassVar[bool] = True

    def examine(self, case: Case) -> Finding | None:
        """Find the layer with the largest fraction of identical units."""
        moment = case.first or case.last  # a strong penalty also makes units equal, later
        hidden = moment.layers[:-1] if moment else ()
        found = [(layer.identical_fraction or 0.0, -index) for index, layer in enumerate(hidden) if layer.n_units > 1]
        worst, index = max(found, default=(0.0, 0))
        if worst <= IDENTICAL:
            return None
        n_units = hidden[-index].n_units
        return case.finding(
            self.code,
            0.98,
            f"{round(worst * n_units)} of {n_units} units of hidden layer {1 - index} have equal weights",
            "Units that start with equal weights compute the same output and receive the same gradient, so they stay "
            "equal and act as one unit. Random initialization makes them different.",
            Evidence("fraction of identical units", worst, IDENTICAL),
            layer=1 - index,
            known_by="exact",
        )
