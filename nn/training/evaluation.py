"""Evaluation of logits, and of a network on a validation or test split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import Predictions
from nn.array_types import FloatArray
from nn.datasets.dataset import Split
from nn.model.network import Network
from nn.training.batches import ExampleChunk, ExampleLoader


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """The predictions of a network for the images of a split. `cost` is the mean loss, without the weight penalty."""

    predictions: Predictions
    cost: float
    accuracy: float


@np.errstate(all="ignore")
def evaluate(network: Network, loader: ExampleLoader, split: Split) -> Evaluation:
    """Evaluate `network` without dropout on `split`, which must not be empty."""
    log_odds = np.empty((len(split), network.n_outputs), network.dtype)
    losses = np.empty(len(split), network.dtype)
    predicted = np.empty(len(split), np.uint8)
    start = 0
    for chunk in loader.read(split):
        rows = slice(start, start + len(chunk))
        logits = network.logits(chunk.inputs)
        log_odds[rows] = np.where(np.isfinite(logits), network.loss.log_odds(logits), np.nan)
        losses[rows] = network.loss.values(logits, chunk.targets)
        predicted[rows] = network.loss.classes(logits)
        start = rows.stop
    return Evaluation(
        predictions=Predictions.from_log_odds(log_odds, losses, predicted),
        cost=float(losses.mean(dtype=np.float64)),
        accuracy=int(np.count_nonzero(predicted == split.labels)) / len(split),
    )


def score(network: Network, logits: FloatArray, chunk: ExampleChunk) -> tuple[NDArray[np.float64], int]:
    """Return the losses (n_examples,) for `logits` (n_examples, n_outputs), and the number of correct predictions."""
    losses = network.loss.values(logits, chunk.targets).astype(np.float64)
    if chunk.labels is None:
        return losses, 0
    return losses, int(np.count_nonzero(network.loss.classes(logits) == chunk.labels))
