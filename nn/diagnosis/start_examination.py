"""Examination of a run before its first step: its data, its initial network, and its step length."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from nn.array_types import Float64Array
from nn.datasets.dataset import Dataset
from nn.diagnosis.cost_levels import cost_before_learning, cost_of_ignored_inputs
from nn.diagnosis.examination.curvature import largest_curvature
from nn.diagnosis.examination.data import ExaminedData, examine_data
from nn.diagnosis.measurement.example_pass import ExamplePass
from nn.diagnosis.measurement.fixed_examples import n_fixed_examples
from nn.diagnosis.measurement.layer_norms import LayerNorms
from nn.diagnosis.start_profile import StartProfile
from nn.diagnosis.telemetry import LayerTelemetry, Telemetry
from nn.hyperparameters.network import NetworkFields
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.random_streams import RandomStreams

MAX_WORK = 150_000_000  # parameters times examples in the forward and the backward pass
MAX_GRADIENT_WORK = 10_000_000  # parameters times examples in one gradient of the curvature
MIN_EXAMPLES, MIN_CURVATURE_EXAMPLES = 64, 16
# The curvature of a larger network takes too long. Only plain gradient descent has a limit that depends on it.
MAX_CURVATURE_PARAMETERS, MAX_CURVATURE_PARAMETERS_OF_SGD = 200_000, 1_000_000
# The hyperparameters on which the initial network and its cost depend; the batch size only for a sum over a batch.
MEASURED_FIELDS = frozenset({*NetworkFields.model_fields, "seed", "l1", "l2"})


def examine_start(hyperparameters: Hyperparameters, dataset: Dataset) -> StartProfile:
    """Examine a run with `hyperparameters` before its first step, with the same data and weights as training.

    `dataset` is the whole data set. Raises HyperparameterError if it is too small for the hyperparameters.
    """
    with threadpool_limits(1, user_api="blas"):
        return examine_prepared_start(hyperparameters, examine_data(hyperparameters, dataset))


def examine_prepared_start(hyperparameters: Hyperparameters, data: ExaminedData) -> StartProfile:
    """Examine a run before its first step, with data that `examine_data` has returned."""
    return start_profile(hyperparameters, data, measure_start(hyperparameters, data))


@dataclass(frozen=True, slots=True, eq=False)
class StartMeasurement:
    """The measurements of an initial network.

    They depend only on the data and on the hyperparameters in `network_fields`. `curvature` is the largest curvature
    λ_max of the cost, from `n_curvature_examples`. It is None if it is not finite or was not computed.
    `sign_step_ratio` is the largest ratio, over the layers, of the norm of a step that changes each parameter with a
    gradient by 1, to the norm of the weights.
    """

    telemetry: Telemetry
    ignored_cost: float
    curvature: float | None
    sign_step_ratio: float
    n_examples: int
    n_curvature_examples: int


@np.errstate(all="ignore")
def measure_start(hyperparameters: Hyperparameters, data: ExaminedData) -> StartMeasurement:
    """Measure the initial network of a run.

    Large networks are measured on fewer examples, and very large ones without their curvature, to limit the time.
    """
    start = _StartNetwork(hyperparameters, data)
    curvature = start.curvature()
    return StartMeasurement(
        telemetry=start.telemetry(),
        ignored_cost=cost_of_ignored_inputs(hyperparameters, data.train_targets),
        curvature=curvature,
        sign_step_ratio=start.sign_step_ratio(),
        n_examples=start.n_examples,
        n_curvature_examples=0 if curvature is None else start.n_curvature_examples,
    )


def network_fields(hyperparameters: Hyperparameters) -> Hyperparameters:
    """Return `hyperparameters` with fixed values of all fields that do not change the result of `measure_start`."""
    h = hyperparameters
    defaults = {name: field.default for name, field in type(h).model_fields.items() if name not in MEASURED_FIELDS}
    if h.optimizer == "sgd":  # the curvature of a larger network is measured
        defaults.update(optimizer="sgd")
    if h.reduction == "sum":  # the cost is then a sum over a batch
        defaults.update(batching=h.batching, batch_size=h.batch_size)
    return h.model_copy(update=defaults)


def start_profile(hyperparameters: Hyperparameters, data: ExaminedData, measurement: StartMeasurement) -> StartProfile:
    """Return the profile of a run from the measurements of its network and its data."""
    h, curvature = hyperparameters, None if hyperparameters.searches else measurement.curvature
    return StartProfile(
        telemetry=measurement.telemetry,
        ignored_cost=measurement.ignored_cost,
        data=data.profile_for(h),
        step_length=None if curvature is None else h.learning_rate * curvature,
        step_limit=step_limit(h),
        first_update_ratio=_first_update_ratio(h, measurement.sign_step_ratio),
        n_examples=measurement.n_examples,
        n_curvature_examples=measurement.n_curvature_examples if curvature is not None else 0,
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


def _first_update_ratio(h: Hyperparameters, sign_step_ratio: float) -> float | None:
    """Return the ratio of the first step to the weights. Adam's step is η g / |g|, RMSProp's η g / |g| / √(1 − ρ)."""
    if h.optimizer not in ("adam", "rmsprop"):
        return None
    return sign_step_ratio * h.learning_rate / (math.sqrt(1 - h.rho) if h.optimizer == "rmsprop" else 1)


class _StartNetwork:
    """The initial network of a run and the examples on which it is measured.

    The cost of a run is `_weight` times the mean loss, plus the penalty. The network has the cost divided by `_weight`,
    because a sum over the measured examples would depend on their number.
    """

    def __init__(self, h: Hyperparameters, data: ExaminedData) -> None:
        self._h = h
        self._data = data
        n_train, n_outputs = data.train_targets.shape
        self._weight = weight = h.batch_size_for(n_train) if h.reduction == "sum" else 1
        self._divided = h.model_copy(update={"reduction": "mean", "l1": h.l1 / weight, "l2": h.l2 / weight})
        self._network = network = Network.from_hyperparameters(
            self._divided, data.examples.inputs.shape[1], n_outputs, RandomStreams(h.seed).initialization
        )
        n_parameters, self._n_fixed = network.parameter_count, n_fixed_examples(n_train)
        self.n_examples = min(self._n_fixed, max(MIN_EXAMPLES, MAX_WORK // n_parameters))
        largest = MAX_CURVATURE_PARAMETERS_OF_SGD if h.optimizer == "sgd" else MAX_CURVATURE_PARAMETERS
        n_affordable = max(MIN_CURVATURE_EXAMPLES, MAX_GRADIENT_WORK // n_parameters)
        self.n_curvature_examples = min(len(data.examples), n_affordable) if n_parameters <= largest else 0

    def telemetry(self) -> Telemetry:
        """Return the measurements of the network on the fixed examples of the telemetry, or on the first of them.

        The gradient is that of all measured examples.
        """
        h, network, fixed = self._h, self._network, self._data.examples.first(self._n_fixed)
        examples = fixed.first(self.n_examples)
        layers, outputs = ExamplePass(h, network, examples).measure()
        network.forward(examples.inputs)
        network.backward(examples.targets)
        np.multiply(network.gradient, self._weight, out=network.gradient)
        return Telemetry(
            epoch=0,
            step=0,
            layers=tuple(
                LayerTelemetry(norms.n_units, norms.n_parameters, **norms.gradient(), **norms.weights(), **units)
                for norms, units in zip(LayerNorms.of_layers(network, l1=h.l1, l2=h.l2), layers, strict=True)
            ),
            first_cost=outputs["cost"],
            expected_first_cost=cost_before_learning(h, fixed.targets),
            **outputs,
        )

    def sign_step_ratio(self) -> float:
        """Return the ratio `sign_step_ratio` of the measurement, for the gradient of `telemetry`."""
        ratios = []
        for layer in self._network.layers:
            n_changed = np.count_nonzero(layer.weights_gradient) + np.count_nonzero(layer.biases_gradient)
            glorot = math.sqrt(2 * layer.weights.size / sum(layer.weights.shape))
            ratios.append(math.sqrt(n_changed) / max(float(np.linalg.norm(layer.weights)), glorot))
        return max(ratios)

    def curvature(self) -> float | None:
        """Return the largest curvature of the cost, in float64; None if it is not finite or takes too long."""
        n = self.n_curvature_examples
        if not n:
            return None
        network = self._network
        precise = Network(
            self._divided.model_copy(update={"dtype": "float64"}), network.n_features, network.n_outputs, max_rows=n
        )
        examples = self._data.examples.first(n)
        inputs, targets = examples.inputs.astype(np.float64), examples.targets.astype(np.float64)

        def gradient(_parameters: Float64Array) -> Float64Array:
            precise.forward(inputs)
            precise.backward(targets)
            return np.asarray(precise.gradient, np.float64)

        np.copyto(precise.parameters, network.parameters)
        curvature = largest_curvature(gradient, np.asarray(precise.parameters, np.float64))
        return None if curvature is None else self._weight * curvature
