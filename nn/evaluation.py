"""Scoring a network on images that it does not learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.datasets.dataset import Split
from nn.losses import Floats
from nn.network import Network
from nn.scaling import Scaling

CHUNK_SIZE = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What a network says of a split: `probabilities` (n_images, n_classes) and `losses` (n_images,).

    The cost is the mean loss; no penalty is added, so that it tells how well the images are read and nothing else.
    """

    probabilities: Floats
    losses: Floats
    cost: float
    accuracy: float


def evaluate(network: Network, scaling: Scaling, split: Split) -> Evaluation:
    """Score `network` on `split`, which is not empty, a chunk of images at a time."""
    n_classes = network.sizes[-1]
    probabilities = np.empty((len(split), n_classes), network.dtype)
    losses = np.empty(len(split), network.dtype)
    inputs = np.empty((min(CHUNK_SIZE, len(split)), network.sizes[0]), network.dtype)
    unused_gradient = np.empty((len(inputs), n_classes), network.dtype)
    n_correct = 0
    for start in range(0, len(split), CHUNK_SIZE):
        chunk = slice(start, start + CHUNK_SIZE)
        labels = split.labels[chunk].astype(np.intp)
        scaling.apply(split.images[chunk], inputs[: len(labels)])
        outputs = network.forward(inputs[: len(labels)])
        n_correct += int(np.count_nonzero(outputs.argmax(axis=1) == labels))
        probabilities[chunk] = outputs
        losses[chunk] = network.loss.backward(outputs, labels, unused_gradient[: len(labels)])
    network.loss.probabilities(probabilities)
    return Evaluation(probabilities, losses, float(losses.mean(dtype=np.float64)), n_correct / len(split))
