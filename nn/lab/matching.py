"""The known bugs that return exactly a given gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn.lab.bug import Bug, Placement
from nn.lab.bugs import BUGS
from nn.lab.examples import Examples, Splits
from nn.lab.learner import Learner
from nn.lab.network import Gradient
from nn.lab.setup import LabSetup, learner_with

MATCH_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Match:
    """A bug that returns the same gradient. `layer` counts from 1; None stands for every layer that can have it."""

    bug: Bug
    layer: int | None
    difference: float


@np.errstate(all="ignore")
def matching_bugs(setup: LabSetup, splits: Splits, batch: Examples) -> list[Match]:
    """Return the bugs that return the gradient of the wrong network on this batch, the closest first.

    Each visible bug is tried in every single layer that can have it, and in all of them. The gradients are computed at
    the initial parameters of the wrong network. No bug matches if the right network returns this gradient too.
    """
    wrong = setup.wrong_learner(splits)
    given = _gradient(wrong, wrong, batch)
    right = setup.right_learner(splits)
    if _difference(_gradient(right, wrong, batch), given) <= MATCH_TOLERANCE:
        return []
    matches = []
    for bug in BUGS.values():
        for placement, layer in _placements(bug, setup):
            learner = learner_with([placement], setup.hyperparameters, splits)
            difference = _difference(_gradient(learner, wrong, batch), given)
            if difference <= MATCH_TOLERANCE:
                matches.append(Match(bug, layer, difference))
    return sorted(matches, key=lambda match: match.difference)


def _placements(bug: Bug, setup: LabSetup) -> Sequence[tuple[Placement, int | None]]:
    if not bug.is_visible or bug.problems(setup.setting):
        return []
    layers = bug.layers(setup.setting)
    placements: list[tuple[Placement, int | None]] = [(Placement(bug, (layer,)), layer + 1) for layer in layers]
    return placements if len(layers) == 1 else [*placements, (Placement(bug, tuple(layers)), None)]


def _gradient(learner: Learner, parameters: Learner, batch: Examples) -> Gradient:
    """Return the gradient of `learner`, which is new, at the parameters of another one."""
    learner.weights = [np.array(weights, np.float64) for weights in parameters.weights]
    learner.biases = [biases.copy() for biases in parameters.biases]
    return learner.gradient_of(batch)


def _difference(gradient: Gradient, given: Gradient) -> float:
    """Return the largest difference of two gradients in an array, relative to the largest element of the array."""
    differences = [0.0]
    pairs = zip([*gradient.weights, *gradient.biases], [*given.weights, *given.biases], strict=True)
    for found, expected in pairs:
        scale = np.abs(expected).max(initial=0.0)
        difference = np.abs(found - expected).max(initial=0.0)
        if difference > 0:
            differences.append(float(difference / scale) if scale > 0 else np.inf)
    return max(differences) if np.isfinite(differences).all() else np.inf
