"""Evaluation of outputs, and of a network on a validation or test split."""

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
    """The predictions of a network for the images of a split.

    `probabilities` is (n_images, n_outputs). `losses` and `predicted` (the predicted classes) are (n_images,).
    """

    probabilities: FloatArray
    losses: FloatArray
    predicted: NDArray[np.uint8]
    accuracy: float

    @property
    def cost(self) -> float:
        """The mean loss, without the weight penalty."""
        return float(self.losses.mean(dtype=np.float64))


@np.errstate(all="ignore")
def evaluate(network: Network, loader: ExampleLoader, split: Split) -> Evaluation:
    """Evaluate `network` without dropout on `split`, which must not be empty."""
    probabilities = np.empty((len(split), network.n_outputs), network.dtype)
    losses = np.empty(len(split), network.dtype)
    predicted = np.empty(len(split), np.uint8)
    start = 0
    for chunk in loader.read(split):
        rows = slice(start, start + len(chunk))
        outputs = network.outputs(chunk.inputs)
        probabilities[rows] = network.loss.probabilities(outputs)
        losses[rows] = network.loss.values(outputs, chunk.targets)
        predicted[rows] = network.classes(outputs)
        start = rows.stop
    n_correct = int(np.count_nonzero(predicted == split.labels))
    return Evaluation(probabilities, losses, predicted, n_correct / len(split))


def score(network: Network, outputs: FloatArray, chunk: ExampleChunk) -> tuple[NDArray[np.float64], int]:
    """Return the losses (n_examples,) of `outputs` (n_examples, n_outputs), and the number of correct predictions."""
    losses = network.loss.values(outputs, chunk.targets).astype(np.float64)
    if chunk.labels is None:
        return losses, 0
    return losses, int(np.count_nonzero(network.classes(outputs) == chunk.labels))
