"""What the published rules examine: the inputs, and outputs, gradients and weights of each layer after each epoch.

The rules come from callbacks that run beside training. Here, a probe computes the same quantities from the parameters
after each epoch, on five fixed batches of training examples. The gradient is that of the first batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from nn.datasets import Dataset
from nn.examples.prepared_data import PreparedData
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.random_streams import RandomStreams
from nn.training.events import EpochCompleted, EpochResultJson, TrainingEvent, TrainingFinished

N_BATCHES = 5
MAX_BATCH_SIZE = 64

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LayerSignals:
    """The quantities of one dense layer.

    `sums` and `outputs` (n_examples, n_units) are the pre-activations and the outputs for the examples of all batches;
    the outputs of the last layer are those of the output activation. `gradient` and `weights` are the gradient of the
    weights and the weights themselves, (n_inputs, n_units). `activation` is the name of the activation function.
    """

    sums: Array
    outputs: Array
    gradient: Array
    weights: Array
    activation: str

    @property
    def gradient_norm(self) -> float:
        """The Euclidean norm of the gradient."""
        return float(np.linalg.norm(self.gradient))

    def batch_means(self) -> Array:
        """Return the mean output (N_BATCHES,) of each batch."""
        return np.array([part.mean() for part in np.array_split(self.outputs, N_BATCHES)])


@dataclass(slots=True, eq=False)
class Signals:
    """Everything that a contender may examine.

    `first_inputs` are scaled training inputs (n_examples, n_features). `layers` contains the layers at each moment:
    before training, and after each epoch. `results` are the metrics of each epoch. `is_over` is True if no epoch follows.
    """

    hyperparameters: Hyperparameters
    n_outputs: int
    first_inputs: Array
    layers: list[tuple[LayerSignals, ...]] = field(default_factory=list)
    results: list[EpochResultJson] = field(default_factory=list)
    is_over: bool = False

    def column(self, name: str) -> Array:
        """Return a metric (n_epochs,) of each epoch; NaN where it is missing or not finite."""
        return np.array([row[name] for row in self.results], dtype=float)  # type: ignore[literal-required]

    def until(self, epoch: int) -> Signals:
        """Return what is known after `epoch`."""
        is_over = self.is_over and epoch >= len(self.results)
        return replace(self, layers=self.layers[: epoch + 1], results=self.results[:epoch], is_over=is_over)


class SignalProbe:
    """An observer of training events that records `Signals`."""

    def __init__(self, hyperparameters: Hyperparameters, dataset: Dataset) -> None:
        h = hyperparameters
        prepared = PreparedData.of_run(h, dataset)
        data = prepared.dataset
        size = min(MAX_BATCH_SIZE, h.batch_size_for(len(data.train)))
        rng = np.random.default_rng(h.seed)
        rows = rng.permutation(len(data.train))
        rows = np.resize(rows, N_BATCHES * size) if len(rows) < N_BATCHES * size else rows[: N_BATCHES * size]
        self._inputs = prepared.inputs(data.train, rows).astype(np.float64)
        self._targets = prepared.targets(data.train, rows).astype(np.float64)
        self._size = size
        values = h.model_copy(update={"dtype": "float64", "dropout_rate": 0.0})
        self._network = Network.from_hyperparameters(
            values, data.n_features, data.n_outputs, RandomStreams(h.seed).initialization
        )
        self.signals = Signals(h, data.n_outputs, self._inputs)
        self.signals.layers.append(self._measure())

    def __call__(self, event: TrainingEvent) -> None:
        """Measure the network after each completed epoch."""
        if isinstance(event, EpochCompleted):
            self._network.parameters[:] = event.checkpoint.parameters
            self.signals.layers.append(self._measure())
            self.signals.results.append(event.result.to_json())
        elif isinstance(event, TrainingFinished):
            self.signals.is_over = True

    @np.errstate(all="ignore")
    def _measure(self) -> tuple[LayerSignals, ...]:
        network, h = self._network, self.signals.hyperparameters
        passed = self._pass()
        network.forward(self._inputs[: self._size])
        network.backward(self._targets[: self._size])
        last = len(network.layers) - 1
        return tuple(
            LayerSignals(
                sums=sums,
                outputs=outputs,
                gradient=layer.weights_gradient.copy(),
                weights=layer.weights.copy(),
                activation=h.activation if index < last else output_activation(h),
            )
            for index, (layer, (sums, outputs)) in enumerate(zip(network.layers, passed, strict=True))
        )

    def _pass(self) -> list[tuple[Array, Array]]:
        """Return the pre-activations and outputs of each layer."""
        inputs, found = self._inputs, []
        for layer in self._network.layers:
            sums = inputs @ layer.weights + (layer.biases if layer.biases.size else 0.0)
            inputs = sums.copy()
            layer.activation.forward(inputs, np.empty_like(inputs))
            found.append((sums, inputs))
        logits, loss = found[-1][0], self._network.loss
        is_entropy = self.signals.hyperparameters.loss.endswith("cross_entropy")
        found[-1] = logits, loss.probabilities(logits.copy()) if is_entropy else loss.outputs(logits.copy())
        return found


def output_activation(hyperparameters: Hyperparameters) -> str:
    """Return the name of the output activation: softmax or sigmoid for the cross-entropies."""
    own = {"softmax_cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}
    return own.get(hyperparameters.loss, hyperparameters.output_activation)


def is_finite(*arrays: Array) -> bool:
    """Return True if all values are finite."""
    return all(bool(np.isfinite(array).all()) for array in arrays)
