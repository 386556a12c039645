"""Examination of a run before its first step: its data, its initial network, and its step length."""

from __future__ import annotations

import math

import numpy as np
from threadpoolctl import threadpool_limits

from nn.array_types import Float64Array, FloatArray
from nn.datasets.dataset import Dataset
from nn.diagnosis.cost_levels import cost_before_learning, cost_of_ignored_inputs
from nn.diagnosis.examination.curvature import largest_curvature
from nn.diagnosis.examination.data import ExaminedData, examine_data
from nn.diagnosis.examination.identical_rows import identical_columns
from nn.diagnosis.start_profile import StartProfile
from nn.diagnosis.telemetry import LayerTelemetry, Telemetry
from nn.hyperparameters.schema import Hyperparameters
from nn.model.activations import ACTIVATIONS, Sigmoid, Tanh
from nn.model.network import Network
from nn.model.weight_penalty import WeightPenalty
from nn.random_streams import RandomStreams

MAX_WORK = 400_000_000  # parameters times examples in the forward and the backward pass
MAX_GRADIENT_WORK = 20_000_000  # parameters times examples in one gradient of the curvature
MIN_EXAMPLES = 32
MAX_CURVATURE_PARAMETERS = 3_000_000  # the curvature of a larger network takes too long


def examine_start(hyperparameters: Hyperparameters, dataset: Dataset) -> StartProfile:
    """Examine a run with `hyperparameters` before its first step, with the same data and weights as training.

    `dataset` is the whole data set. Raises HyperparameterError if it is too small for the hyperparameters.
    """
    with threadpool_limits(1, user_api="blas"):
        return examine_prepared_start(hyperparameters, examine_data(hyperparameters, dataset))


@np.errstate(all="ignore")
def examine_prepared_start(hyperparameters: Hyperparameters, data: ExaminedData) -> StartProfile:
    """Examine a run before its first step, with data that `examine_data` has returned.

    Large networks are examined on fewer examples, so that the examination takes less than a second; very large ones
    without their curvature.
    """
    h = hyperparameters
    start = _StartNetwork(h, data)
    curvature = None if h.searches else start.curvature()
    return StartProfile(
        telemetry=start.telemetry(),
        ignored_cost=cost_of_ignored_inputs(h, data.train_targets),
        data=data.profile_for(h),
        step_length=None if curvature is None else h.learning_rate * curvature,
        step_limit=step_limit(h),
        n_examples=start.n_examples,
        n_curvature_examples=start.n_curvature_examples if curvature is not None else 0,
    )


def step_limit(hyperparameters: Hyperparameters) -> float | None:
    """Return the step length η λ_max beyond which plain gradient descent diverges on a quadratic cost.

    The limit is 2 without momentum, 2 (1 + μ) with momentum μ, and 2 (1 + μ) / (1 + 2 μ) with Nesterov's lookahead (J.
    Cohen et al., "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability", 2021, appendix B). It
    is None for optimizers that scale the gradient of each parameter, and for line searches.
    """
    h = hyperparameters
    if h.optimizer != "sgd":
        return None
    return 2 * (1 + h.momentum) / (1 + 2 * h.momentum if h.nesterov else 1)


class _StartNetwork:
    """The initial network of a run and the examples on which it is measured."""

    def __init__(self, h: Hyperparameters, data: ExaminedData) -> None:
        self._h = h
        self._data = data
        dataset = data.prepared.dataset
        # The loss of a run is the mean over a batch, or this mean times the batch size.
        self._loss_weight = h.batch_size_for(len(dataset.train)) if h.reduction == "sum" else 1
        self._loss_only = h.model_copy(update={"reduction": "mean", "l1": 0.0, "l2": 0.0})
        self.network = Network.from_hyperparameters(
            self._loss_only, dataset.n_features, dataset.n_outputs, RandomStreams(h.seed).initialization, max_rows=1000
        )
        n_parameters, n_available = self.network.parameter_count, len(data.inputs)
        self.n_examples = min(n_available, max(MIN_EXAMPLES, MAX_WORK // n_parameters))
        self.n_curvature_examples = (
            0
            if n_parameters > MAX_CURVATURE_PARAMETERS
            else min(n_available, max(MIN_EXAMPLES, MAX_GRADIENT_WORK // n_parameters))
        )

    def telemetry(self) -> Telemetry:
        """Return the measurements of the network."""
        h, network = self._h, self.network
        inputs, targets = self._data.inputs[: self.n_examples], self._data.targets[: self.n_examples]
        logits = network.forward(inputs).copy()
        network.backward(targets)
        outputs = network.loss.outputs(logits)
        cost = float(network.loss.values(logits, targets).mean(dtype=np.float64))
        dataset = self._data.prepared.dataset
        return Telemetry(
            epoch=0,
            step=0,
            layers=self._measure_layers(inputs),
            first_cost=cost,
            expected_first_cost=cost_before_learning(h, targets),
            cost=cost,
            accuracy=None,
            predicted_counts=tuple(np.bincount(network.loss.classes(logits), minlength=dataset.n_classes).tolist())
            if dataset.n_classes
            else None,
            output_mean=float(np.abs(outputs).mean(dtype=np.float64)),
            output_std=float(outputs.std(axis=0, dtype=np.float64).mean()),
        )

    def _measure_layers(self, activations: FloatArray) -> tuple[LayerTelemetry, ...]:
        """Return the measurements of each layer after a forward and a backward pass."""
        penalty = [np.zeros_like(layer.weights) for layer in self.network.layers]
        WeightPenalty(self._h.l1, self._h.l2, [layer.weights for layer in self.network.layers], penalty).add_gradient()
        measured = []
        for layer, penalty_gradient in zip(self.network.layers, penalty, strict=True):
            sums = activations @ layer.weights + (layer.biases if layer.biases.size else 0)
            activations = sums.copy()
            layer.activation.forward(activations, np.empty_like(activations))
            derivatives = np.ones_like(activations)
            layer.activation.backward(activations, derivatives, np.empty_like(activations))
            if isinstance(layer.activation, Sigmoid):
                derivatives *= 4
            saturates = isinstance(layer.activation, Sigmoid | Tanh)
            weights_gradient = self._loss_weight * layer.weights_gradient
            biases_gradient = self._loss_weight * layer.biases_gradient
            loss_norm = math.hypot(_norm(weights_gradient), _norm(biases_gradient))
            measured.append(
                LayerTelemetry(
                    n_units=layer.weights.shape[1],
                    n_parameters=layer.weights.size + layer.biases.size,
                    gradient_norm=math.hypot(_norm(weights_gradient + penalty_gradient), _norm(biases_gradient)),
                    weight_norm=math.hypot(_norm(layer.weights), _norm(layer.biases)),
                    penalty_ratio=_norm(penalty_gradient) / loss_norm if loss_norm > 0 else 0.0,
                    sum_mean=float(sums.mean(dtype=np.float64)),
                    sum_std=float(sums.std(dtype=np.float64)),
                    activation_mean=float(activations.mean(dtype=np.float64)),
                    activation_std=float(activations.std(dtype=np.float64)),
                    saturated_fraction=float((derivatives < 0.1).mean()) if saturates else 0.0,
                    derivative_mean=float(derivatives.mean(dtype=np.float64)),
                    dead_fraction=float((activations.max(axis=0) <= 0).mean())
                    if layer.activation is ACTIVATIONS["relu"]
                    else 0.0,
                    identical_fraction=_identical_fraction(layer.weights, layer.biases),
                )
            )
        return tuple(measured)

    def curvature(self) -> float | None:
        """Return the largest curvature of the cost, in float64; None if it is not finite or takes too long."""
        n = self.n_curvature_examples
        if not n:
            return None
        h, network = self._h, self.network
        precise = Network(
            self._loss_only.model_copy(update={"dtype": "float64"}), network.n_features, network.n_outputs, max_rows=n
        )
        inputs, targets = self._data.inputs[:n].astype(np.float64), self._data.targets[:n].astype(np.float64)
        weights = [layer.weights for layer in precise.layers]
        penalty = WeightPenalty(h.l1, h.l2, weights, [layer.weights_gradient for layer in precise.layers])

        def gradient(parameters: Float64Array) -> Float64Array:
            precise.parameters[:] = parameters
            precise.forward(inputs)
            precise.backward(targets)
            if self._loss_weight != 1:
                np.multiply(precise.gradient, self._loss_weight, out=precise.gradient)
            penalty.add_gradient()
            return precise.gradient.astype(np.float64)

        return largest_curvature(gradient, network.parameters.astype(np.float64))


def _norm(values: FloatArray) -> float:
    return float(np.linalg.norm(values))


def _identical_fraction(weights: FloatArray, biases: FloatArray) -> float:
    """Return the fraction of units with the same weights and bias as another unit."""
    units = np.vstack([weights, biases[np.newaxis]]) if biases.size else weights
    return float(identical_columns(units).mean())
