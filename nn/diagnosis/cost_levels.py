"""Exact levels of the mean loss: before learning, and of a network that ignores its inputs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn.hyperparameters.schema import Hyperparameters
from nn.model.losses import LOSSES
from nn.model.output_loss import OutputLoss


def cost_before_learning(hyperparameters: Hyperparameters, targets: NDArray[np.floating]) -> float:
    """Return the mean loss if all logits are 0, which small random weights and no biases approach.

    `targets` is (n_examples, n_outputs), as the network expects them. For balanced classes, the levels are ln K for
    softmax cross-entropy, K ln 2 for binary cross-entropy, and K/4 for the squared error of sigmoid outputs. The weight
    penalty is not included.
    """
    loss = OutputLoss.from_hyperparameters(hyperparameters)
    return float(loss.values(np.zeros(targets.shape), np.asarray(targets, np.float64)).mean())


def cost_of_ignored_inputs(hyperparameters: Hyperparameters, targets: NDArray[np.floating]) -> float:
    """Return the smallest mean loss of a network whose outputs are the same for every input.

    `targets` is (n_examples, n_outputs). The best constant outputs are the means of the targets: for classes, their
    fractions π. The level is the entropy of π for softmax cross-entropy, the sum of the binary entropies for binary
    cross-entropy, and the variance of the targets for squared losses. The weight penalty is not included.
    """
    targets = np.asarray(targets, np.float64)
    means = targets.mean(axis=0)
    name = hyperparameters.loss
    if LOSSES[name].expects_logits:
        tiny = np.finfo(np.float64).tiny
        log_means, log_others = np.log(np.maximum(means, tiny)), np.log(np.maximum(1 - means, tiny))
        entropy = -float(means @ log_means)
        return entropy if name == "softmax_cross_entropy" else entropy - float((1 - means) @ log_others)
    # The squared losses apply to outputs, so a constant output can equal the mean of the targets.
    return float(LOSSES[name].values(np.broadcast_to(means, targets.shape).copy(), targets).mean())


def balanced_targets(hyperparameters: Hyperparameters) -> NDArray[np.float64]:
    """Return the targets (n_classes, n_outputs) of one example of each class, as the network expects them."""
    spec = hyperparameters.dataset_spec
    return np.arange(2.0)[:, np.newaxis] if spec.n_outputs == 1 else np.eye(spec.n_classes)
