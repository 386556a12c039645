"""Scoring outputs, and a network on images that it does not learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn.array_types import FloatArray
from nn.datasets.dataset import Split
from nn.model.network import Network
from nn.training.batches import ExampleChunk, ExampleLoader


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What a network says of a split, image by image.

    `probabilities` is (n_images, n_outputs), `losses` and `predicted` are (n_images,); the latter is the class that the
    outputs name.
    """

    probabilities: FloatArray
    losses: FloatArray
    predicted: NDArray[np.uint8]
    accuracy: float

    @property
    def cost(self) -> float:
        """The mean loss. No penalty is added, so that it tells how well the images are read and nothing else."""
        return float(self.losses.mean(dtype=np.float64))


@np.errstate(all="ignore")
def evaluate(network: Network, loader: ExampleLoader, split: Split) -> Evaluation:
    """Score `network` on `split`, which is not empty, without dropout."""
    probabilities = np.empty((len(split), network.n_outputs), network.dtype)
    losses = np.empty(len(split), network.dtype)
    predicted = np.empty(len(split), np.uint8)
    start = 0
    for block in loader.read(split):
        rows = slice(start, start + len(block))
        outputs = network.outputs(block.inputs)
        probabilities[rows] = network.loss.probabilities(outputs)
        losses[rows] = network.loss.values(outputs, block.targets)
        predicted[rows] = network.classes(outputs)
        start = rows.stop
    n_right = int(np.count_nonzero(predicted == split.labels))
    return Evaluation(probabilities, losses, predicted, n_right / len(split))


def score(network: Network, outputs: FloatArray, block: ExampleChunk) -> tuple[NDArray[np.float64], int]:
    """The losses (n_examples,) of `outputs` (n_examples, n_outputs) for `block`, and how many name the right class."""
    losses = network.loss.values(outputs, block.targets).astype(np.float64)
    if block.labels is None:
        return losses, 0
    return losses, int(np.count_nonzero(network.classes(outputs) == block.labels))
