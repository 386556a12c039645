"""The right learner of the bug lab: the network with its data, its epochs and its evaluation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.hyperparameters.schema import Hyperparameters
from nn.lab.examples import Examples, Splits
from nn.lab.network import Gradient, LabNetwork


@dataclass(frozen=True, slots=True)
class StepNorms:
    """The norms of the weights of one layer at one step: of their gradient, of themselves, and of their change."""

    gradient: float
    weights: float
    change: float


class Learner(LabNetwork):
    """A network that learns by gradient descent on mini-batches.

    A bug is a subclass that overrides one method, and only in the layers for which `is_wrong` returns True.
    """

    def __init__(
        self,
        hyperparameters: Hyperparameters,
        splits: Splits,
        wrong_layers: Mapping[str, Collection[int]] | None = None,
    ) -> None:
        """Create a learner. `wrong_layers` maps the ids of bugs to the layers that have them, counted from 0."""
        self._wrong_layers = dict(wrong_layers or {})
        self.splits = self.prepare(splits)
        super().__init__(hyperparameters, splits.train.inputs.shape[1], splits.train.targets.shape[1])

    def is_wrong(self, bug_id: str, layer: int) -> bool:
        """Return True if a layer has a bug."""
        return layer in self._wrong_layers.get(bug_id, ())

    def prepare(self, splits: Splits) -> Splits:
        """Return the examples that the network is trained and tested on."""
        return splits

    def batches(self) -> list[NDArray[np.intp]]:
        """Return the rows of each batch of an epoch, in random order. The last examples may not fill a batch."""
        n_examples = len(self.splits.train)
        size = self.hyperparameters.batch_size_for(n_examples)
        order = self.streams.order.permutation(n_examples)
        return [order[start : start + size] for start in range(0, n_examples - size + 1, size)]

    def gradient_of(self, batch: Examples) -> Gradient:
        """Return the gradient of the cost of a batch."""
        self.forward(batch.inputs, training=True)
        return self.backward(batch.targets)

    def train_epoch(self) -> list[StepNorms]:
        """Take one step for each batch, and return the norms of each layer at the last step."""
        *first, last = self.batches()
        for rows in first:
            self.step(self.gradient_of(self.splits.train.take(rows)), self.hyperparameters.learning_rate)
        before = [weights.copy() for weights in self.weights]
        gradient = self.gradient_of(self.splits.train.take(last))
        self.step(gradient, self.hyperparameters.learning_rate)
        norm = np.linalg.norm
        return [
            StepNorms(float(norm(change)), float(norm(weights)), float(norm(now - weights)))
            for change, weights, now in zip(gradient.weights, before, self.weights, strict=True)
        ]

    def classify(self, outputs: Float64Array) -> NDArray[np.intp]:
        """Return the predicted class (n,) of each image. With a single output, it is 1 if its probability exceeds ½."""
        if outputs.shape[1] == 1:
            return (self.probabilities(outputs)[:, 0] > 0.5).astype(np.intp)
        return np.asarray(outputs.argmax(axis=1))

    def accuracy(self, outputs: Float64Array, labels: NDArray[np.intp]) -> float:
        """Return the fraction of correct predictions."""
        return float(np.mean(self.classify(outputs) == labels))
