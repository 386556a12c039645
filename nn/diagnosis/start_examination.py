"""Examination of a run before its first step: its data, its initial network, and its step length."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits

from nn.array_types import Float64Array
from nn.datasets.dataset import Dataset
from nn.diagnosis.cost_levels import cost_before_learning, cost_of_ignored_inputs
from nn.diagnosis.examination.curvature import largest_curvature
from nn.diagnosis.examination.data import ExaminedData, examine_data
from nn.diagnosis.measurement.example_pass import ExamplePass
from nn.diagnosis.measurement.layer_norms import LayerNorms
from nn.diagnosis.start_profile import StartProfile
from nn.diagnosis.telemetry import LayerTelemetry, Telemetry
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
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
    """The initial network of a run and the examples on which it is measured.

    The cost of a run is `_weight` times the mean loss, plus the penalty. The network has the cost divided by `_weight`,
    because a sum over the measured examples would depend on their number.
    """

    def __init__(self, h: Hyperparameters, data: ExaminedData) -> None:
        self._h = h
        self._data = data
        dataset = data.prepared.dataset
        self._weight = weight = h.batch_size_for(len(dataset.train)) if h.reduction == "sum" else 1
        self._divided = h.model_copy(update={"reduction": "mean", "l1": h.l1 / weight, "l2": h.l2 / weight})
        self._network = network = Network.from_hyperparameters(
            self._divided, dataset.n_features, dataset.n_outputs, RandomStreams(h.seed).initialization
        )
        n_parameters, n_available = network.parameter_count, len(data.examples)
        self.n_examples = min(n_available, max(MIN_EXAMPLES, MAX_WORK // n_parameters))
        self.n_curvature_examples = (
            0
            if n_parameters > MAX_CURVATURE_PARAMETERS
            else min(n_available, max(MIN_EXAMPLES, MAX_GRADIENT_WORK // n_parameters))
        )

    def telemetry(self) -> Telemetry:
        """Return the measurements of the network. The gradient is that of all measured examples."""
        h, network, examples = self._h, self._network, self._data.examples.first(self.n_examples)
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
            expected_first_cost=cost_before_learning(h, examples.targets),
            **outputs,
        )

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

        def gradient(parameters: Float64Array) -> Float64Array:
            precise.parameters[:] = parameters
            precise.forward(inputs)
            precise.backward(targets)
            return precise.gradient.astype(np.float64)

        curvature = largest_curvature(gradient, network.parameters.astype(np.float64))
        return None if curvature is None else self._weight * curvature
