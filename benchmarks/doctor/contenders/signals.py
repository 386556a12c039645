"""What the published rules examine: the inputs, and outputs, gradients and weights of each layer after each epoch.

The rules come from callbacks that run beside training. Here, a probe computes the same quantities from the parameters
after each epoch, on five fixed batches of training examples. The gradient is that of the first batch.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Self

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
LARGE_SUM = 5.0

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LayerSignals:
    """The quantities of one dense layer, over the examples of all batches.

    `activation` is the name of its activation function; the outputs of the last layer are those of the output
    activation. `large_sums` is the fraction of pre-activations with a magnitude of at least 5, and `not_positive` the
    fraction of outputs that are at most 0. `batch_means` are the mean outputs of the batches. The gradient is that of
    the weights; `zero_gradients` counts its entries that are exactly 0, of `n_weights`. The three flags are True if all
    numbers are finite.
    """

    activation: str
    large_sums: float
    output_mean: float
    output_magnitude: float
    not_positive: float
    batch_means: tuple[float, ...]
    gradient_norm: float
    gradient_mean: float
    gradient_magnitude: float
    zero_gradients: int
    n_weights: int
    weight_norm: float
    weight_mean: float
    weight_variance: float
    largest_weight: float
    outputs_finite: bool
    weights_finite: bool
    gradient_finite: bool

    @classmethod
    @np.errstate(all="ignore")
    def of_arrays(cls, sums: Array, outputs: Array, gradient: Array, weights: Array, activation: str) -> Self:
        """Return the quantities of arrays: (n_examples, n_units) and (n_inputs, n_units)."""
        return cls(
            activation=activation,
            large_sums=float(np.mean(np.abs(sums) >= LARGE_SUM)),
            output_mean=float(outputs.mean()),
            output_magnitude=float(np.abs(outputs).mean()),
            not_positive=float(np.mean(outputs <= 0)),
            batch_means=tuple(float(part.mean()) for part in np.array_split(outputs, N_BATCHES)),
            gradient_norm=float(np.linalg.norm(gradient)),
            gradient_mean=float(gradient.mean()),
            gradient_magnitude=float(np.abs(gradient).mean()),
            zero_gradients=int(np.count_nonzero(gradient == 0)),
            n_weights=weights.size,
            weight_norm=float(np.linalg.norm(weights)),
            weight_mean=float(weights.mean()),
            weight_variance=float(weights.var()),
            largest_weight=float(np.abs(weights).max()),
            outputs_finite=bool(np.isfinite(outputs).all()),
            weights_finite=bool(np.isfinite(weights).all()),
            gradient_finite=bool(np.isfinite(gradient).all()),
        )


@dataclass(slots=True, eq=False)
class Signals:
    """Everything that a contender may examine.

    `first_inputs` are scaled training inputs (n_examples, n_features). `layers` contains the layers at each moment:
    before training, and after each epoch. `results` are the metrics of each epoch. `is_over` is True if no epoch
    follows.
    """

    hyperparameters: Hyperparameters
    n_outputs: int
    first_inputs: Array
    layers: list[tuple[LayerSignals, ...]] = field(default_factory=list)
    results: list[EpochResultJson] = field(default_factory=list)
    is_over: bool = False

    def column(self, name: str) -> Array:
        """Return a metric (n_epochs,) of each epoch; NaN where it is missing or not finite."""
        rows: list[dict[str, Any]] = [dict(row) for row in self.results]
        return np.array([row[name] for row in rows], np.float64)  # None becomes NaN

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
            LayerSignals.of_arrays(
                np.asarray(sums),
                np.asarray(outputs),
                np.asarray(layer.weights_gradient),
                np.asarray(layer.weights),
                h.activation if index < last else output_activation(h),
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
        outputs = loss.probabilities(logits.copy()) if is_entropy else loss.outputs(logits.copy())
        found[-1] = logits, outputs.astype(np.float64)
        return found


def output_activation(hyperparameters: Hyperparameters) -> str:
    """Return the name of the output activation: softmax or sigmoid for the cross-entropies."""
    own = {"softmax_cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}
    return own.get(hyperparameters.loss, hyperparameters.output_activation)
