"""Small tests of the step: its direction, its reach, its independence of earlier batches, and number types."""

from __future__ import annotations

import numpy as np

from nn.array_types import Float64Array
from nn.lab.examples import Examples
from nn.lab.layer_check import move_nearby, smooth_cost
from nn.lab.learner import Learner
from nn.lab.network import Gradient
from nn.lab.small_tests.small_test import NOT_APPLICABLE, Outcome, SmallTest, Subject

RELATIVE_FALL = 1e-6  # of the cost, so small that its curvature does not matter
SMALLEST_FALL = 1e-11  # of the cost; rounding hides a smaller fall
LONGEST_STEP = 1e-3
MAX_ATTEMPTS = 4
LARGEST_DEVIATION = 0.1
SAME = 1e-9


def examine_step(subject: Subject) -> Outcome:
    """Compare the fall of the cost after a tiny step with ε‖g‖², which a step against the gradient must cause.

    There is no gradient at a kink. If the step crosses one, the test starts again from parameters nearby.
    """
    if not subject.gradient_agrees or not subject.has_floats:
        return NOT_APPLICABLE
    for attempt in range(MAX_ATTEMPTS):
        learner = subject.new_learner()
        if attempt:
            move_nearby(learner, attempt)
        ratio = _relative_fall(learner, subject.batches()[0])
        if ratio is not None:
            return Outcome.of(abs(ratio - 1) <= LARGEST_DEVIATION, ("fall of the cost ÷ ε‖g‖²", ratio))
    return NOT_APPLICABLE


def _relative_fall(learner: Learner, batch: Examples) -> float | None:
    """Return the fall of the cost after a tiny step, divided by the expected one.

    Return None if the step crosses a kink, or if rounding hides the fall.
    """
    evaluate = smooth_cost(learner, batch)
    before, signs = evaluate()
    gradient, start = learner.backward(batch.targets), _parameters(learner)
    total = sum(float(np.square(array).sum()) for array in _arrays(gradient))
    if not 0 < total < np.inf or not np.isfinite(before):
        return None
    epsilon = min(RELATIVE_FALL * abs(before) / total, LONGEST_STEP / np.sqrt(total))
    learner.step(gradient, epsilon)
    after, signs_after = evaluate()
    # Parameters that do not move are the matter of the next test.
    expected = epsilon * sum(
        float(np.square(array).sum())
        for array, old, new in zip(_arrays(gradient), start, _parameters(learner), strict=True)
        if not np.array_equal(old, new)
    )
    is_smooth = all(map(np.array_equal, signs, signs_after))
    return (before - after) / expected if is_smooth and expected > SMALLEST_FALL * abs(before) else None


def examine_movement(subject: Subject) -> Outcome:
    """Count the arrays of parameters that a step leaves unchanged, although their gradient is not 0."""
    if not subject.has_floats:
        return NOT_APPLICABLE
    learner, (batch, _) = subject.new_learner(), subject.batches()
    gradient, before = learner.gradient_of(batch), _parameters(learner)
    rate = learner.hyperparameters.learning_rate
    learner.step(gradient, rate)
    arrays = list(zip(_arrays(gradient), before, _parameters(learner), strict=True))
    # A step below the rounding of its parameter would change nothing either.
    expected = [
        (old, new) for array, old, new in arrays if np.any(rate * np.abs(array) > 1e-12 * np.maximum(1, np.abs(old)))
    ]
    unmoved = sum(np.array_equal(old, new) for old, new in expected)
    return Outcome.of(unmoved == 0, ("arrays with a gradient", len(expected)), ("arrays that have not moved", unmoved))


def examine_second_batch(subject: Subject) -> Outcome:
    """Compare the gradient of the second batch after the first one with its gradient alone."""
    first, second = subject.batches()
    after, alone = subject.new_learner(), subject.new_learner()
    after.gradient_of(first)
    after.streams.dropout.bit_generator.state = alone.streams.dropout.bit_generator.state
    pairs = list(zip(_arrays(after.gradient_of(second)), _arrays(alone.gradient_of(second)), strict=True))
    size = np.sqrt(sum(float(np.square(array).sum()) for _, array in pairs))
    difference = np.sqrt(sum(float(np.square(found - array).sum()) for found, array in pairs))
    if not np.isfinite(size) or size == 0:
        return NOT_APPLICABLE
    return Outcome.of(bool(difference <= SAME * size), ("relative difference", float(difference / size)))


def examine_types(subject: Subject) -> Outcome:
    """Count the arrays whose elements are not floating-point numbers."""
    learner = subject.learner
    arrays = [*learner.weights, *learner.biases, learner.splits.train.inputs]
    n_wrong = sum(not np.issubdtype(array.dtype, np.floating) for array in arrays)
    return Outcome.of(n_wrong == 0, ("arrays", len(arrays)), ("arrays of another type", n_wrong))


def _parameters(learner: Learner) -> list[Float64Array]:
    return [array.copy() for array in (*learner.weights, *learner.biases)]


def _arrays(gradient: Gradient) -> list[Float64Array]:
    return [*gradient.weights, *gradient.biases]


STEP_TESTS = (
    SmallTest(
        "step",
        "Does a small step lower the cost?",
        "After a step of −εg, the cost must fall by ε‖g‖²; if it rises by as much, the step has the wrong sign.",
        ("B01",),
        examine_step,
    ),
    SmallTest(
        "movement",
        "Does every parameter move?",
        "After one step, each array of parameters with a gradient must have changed; otherwise its new values went "
        "elsewhere.",
        ("B19",),
        examine_movement,
    ),
    SmallTest(
        "second_batch",
        "Is the second gradient independent of the first?",
        "The gradient of the second batch must be the same with and without the first batch before it; otherwise "
        "gradients accumulate.",
        ("B20",),
        examine_second_batch,
    ),
    SmallTest(
        "types",
        "Are all numbers floating-point numbers?",
        "Weights, biases and inputs must be floating-point numbers; integers truncate each step or wrap around.",
        ("B30",),
        examine_types,
    ),
)
