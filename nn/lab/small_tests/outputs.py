"""Small tests of the outputs: extreme logits, the evaluation, and dropout in prediction."""

from __future__ import annotations

import numpy as np

from nn.array_types import Float64Array
from nn.lab.small_tests.small_test import NOT_APPLICABLE, Outcome, SmallTest, Subject

LARGE = 1000.0
N_GRADES = 21
MIN_EXAMPLES = 200
LOWEST_CORRELATION = 0.5
N_MASKS = 100_000
STANDARD_ERRORS = 6


@np.errstate(all="ignore")
def examine_extreme_logits(subject: Subject) -> Outcome:
    """Count the probabilities and derivatives that are not finite if the pre-activations are ±1000."""
    outputs, targets = _extreme_outputs(subject)
    values = np.concatenate(
        [subject.learner.probabilities(outputs).ravel(), subject.learner.loss_gradient(outputs, targets).ravel()]
    )
    n_wrong = int((~np.isfinite(values)).sum())
    return Outcome.of(n_wrong == 0, ("values", values.size), ("values that are not finite", n_wrong))


@np.errstate(all="ignore")
def examine_cost_of_extreme_logits(subject: Subject) -> Outcome:
    """Count the losses that are not finite although their probabilities are."""
    outputs, targets = _extreme_outputs(subject)
    if not np.isfinite(subject.learner.probabilities(outputs)).all():
        return NOT_APPLICABLE  # the test of the probabilities fails
    losses = subject.learner.losses(outputs, targets)
    n_wrong = int((~np.isfinite(losses)).sum())
    return Outcome.of(n_wrong == 0, ("losses", losses.size), ("losses that are not finite", n_wrong))


def _extreme_outputs(subject: Subject) -> tuple[Float64Array, Float64Array]:
    """Return outputs for pre-activations of ±1000, and targets of which some are right and some are wrong."""
    learner = subject.learner
    n_outputs = learner.sizes[-1]
    signs = np.vstack([np.eye(n_outputs), 1 - np.eye(n_outputs), np.eye(n_outputs)])
    targets = np.vstack([np.eye(n_outputs), np.eye(n_outputs), np.roll(np.eye(n_outputs), 1, axis=1)])
    return learner.activate(learner.last, LARGE * (2 * signs - 1)), targets


@np.errstate(all="ignore")
def examine_rank_of_accuracy(subject: Subject) -> Outcome:
    """Compute the rank correlation of accuracy and −cost of outputs that turn from noise into the targets."""
    learner, test = subject.learner, subject.learner.splits.test
    rows = np.arange(max(len(test), MIN_EXAMPLES)) % len(test)
    labels, targets = test.labels[rows], test.targets[rows]
    noise = np.random.default_rng(0).random(targets.shape)
    costs, accuracies = [], []
    for weight in np.linspace(0, 1, N_GRADES):
        mixed = weight * targets + (1 - weight) * noise
        outputs = 8 * mixed - 4 if learner.loss.expects_logits else mixed
        costs.append(float(learner.losses(outputs, targets).mean()))
        accuracies.append(learner.accuracy(outputs, labels))
    correlation = _rank_correlation(np.array(accuracies), -np.array(costs))
    return Outcome.of(
        correlation >= LOWEST_CORRELATION,
        ("rank correlation", correlation),
        ("accuracy of perfect outputs", accuracies[-1]),
    )


def _rank_correlation(first: Float64Array, second: Float64Array) -> float:
    """Return Kendall's τ-b, or 0 if all values are equal."""
    signs = [np.sign(values[:, np.newaxis] - values) for values in (first, second)]
    pairs = [float(np.square(sign).sum()) for sign in signs]
    return float((signs[0] * signs[1]).sum() / np.sqrt(pairs[0] * pairs[1])) if min(pairs) > 0 else 0.0


def examine_modes(subject: Subject) -> Outcome:
    """Compare the mean factor of a unit in training with its factor in prediction, which is 1."""
    learner = subject.learner
    rate = learner.hyperparameters.dropout_rate
    if rate == 0 or learner.last == 0:
        return NOT_APPLICABLE
    mask = subject.new_learner().draw_mask((N_MASKS,))
    mean, error = float(mask.mean()), float(mask.std() / np.sqrt(mask.size))
    return Outcome.of(
        abs(mean - 1) <= STANDARD_ERRORS * error + 1e-12,
        ("mean factor in training", mean),
        ("factor in prediction", 1.0),
    )


OUTPUT_TESTS = (
    SmallTest(
        "extreme_logits",
        "Are the probabilities finite for z = ±1000?",
        "For pre-activations of ±1000, probabilities and derivatives must be finite; else an exponential overflows.",
        ("B15",),
        examine_extreme_logits,
    ),
    SmallTest(
        "extreme_cost",
        "Is the cost finite for z = ±1000?",
        "The cost must be finite if probabilities are 0 or 1; otherwise it takes the logarithm of 0.",
        ("B16",),
        examine_cost_of_extreme_logits,
    ),
    SmallTest(
        "rank",
        "Does the accuracy rise when the cost falls?",
        "Accuracy and −cost must have a rank correlation of at least 0.5 while outputs turn from noise into the "
        "targets; otherwise the evaluation is wrong.",
        ("B27",),
        examine_rank_of_accuracy,
    ),
    SmallTest(
        "modes",
        "Do training and prediction agree on average?",
        "With dropout, the mean factor of a unit in training must equal its factor in prediction; otherwise a scale "
        "is missing.",
        ("B18b",),
        examine_modes,
    ),
)
