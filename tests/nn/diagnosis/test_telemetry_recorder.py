"""Telemetry of a small network whose numbers are computed by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from nn.diagnosis.measurement.cost_model import RunCosts
from nn.diagnosis.measurement.fixed_examples import FixedExamples
from nn.diagnosis.measurement.schedule import TelemetrySchedule
from nn.diagnosis.telemetry import Telemetry
from nn.diagnosis.telemetry_recorder import TelemetryRecorder
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network

EXAMPLES = FixedExamples(
    inputs=np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0]]),
    targets=np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]),
    labels=np.array([0, 1, 0, 0]),
    n_classes=2,
)
FREE = RunCosts(steps=3, epoch=1e9, norms=1.0, examples=1.0)  # so cheap that everything is measured


def small_network(**values: Any) -> tuple[Hyperparameters, Network]:
    """Return a network of two inputs, two hidden units and two outputs, with all parameters 0."""
    h = Hyperparameters.parse({"hidden_sizes": (2,), "dtype": "float64", "epochs": 5, "dropout_rate": 0.0} | values)
    return h, Network(h, 2, 2)


def record(h: Hyperparameters, network: Network, costs: RunCosts = FREE) -> TelemetryRecorder:
    return TelemetryRecorder(h, network, EXAMPLES, TelemetrySchedule(h.epochs, costs))


def measure(h: Hyperparameters, network: Network) -> Telemetry:
    """Return the measurements of an unchanged network after epoch 2."""
    recorder = record(h, network)
    recorder.begin_epoch(2)
    (moment,) = recorder.after_epoch(is_last=False)
    return moment


def test_norms_of_a_step_by_hand() -> None:
    h, network = small_network(l2=0.5)
    first, last = network.layers
    first.weights[:], first.biases[:] = [[2.0, 0.0], [0.0, 1.0]], [2.0, 4.0]
    recorder = record(h, network)
    assert recorder.begin_epoch(2) == {2, 3}
    first.weights_gradient[:] = [[5.0, 0.0], [0.0, 0.5]]  # the penalty's part is [[1, 0], [0, 0.5]]
    first.biases_gradient[:] = [0.0, 3.0]
    recorder.before_step(2)
    first.biases[0] -= 1.0
    recorder.after_step()
    recorder.before_step(3)
    first.biases[:] += [-3.0, 4.0]
    last.weights[0, 1] = 2.0
    recorder.after_step()
    (moment,) = recorder.after_epoch(is_last=False)

    assert (moment.epoch, moment.step) == (2, None)
    hidden, outputs = moment.layers
    assert (hidden.n_units, hidden.n_parameters) == (2, 6)
    assert hidden.gradient_norm == pytest.approx(math.sqrt(25.0 + 0.25 + 9.0))
    assert hidden.penalty_ratio == pytest.approx(math.sqrt(1.25) / 5.0)
    assert hidden.weight_norm == pytest.approx(math.sqrt(4.0 + 1.0 + 4.0 + 64.0))
    assert hidden.update_norm == pytest.approx(5.0)
    assert hidden.update_ratio == pytest.approx(5.0 / math.sqrt(73.0))
    assert hidden.update_cosine == pytest.approx(3.0 / 5.0)  # of (−1, 0) and (−3, 4)
    assert (outputs.gradient_norm, outputs.update_norm, outputs.weight_norm) == (0.0, 2.0, 2.0)
    assert outputs.update_cosine is None  # the step before was 0
    assert outputs.penalty_ratio == 0.0


def test_units_and_outputs_of_a_relu_network_by_hand() -> None:
    h, network = small_network()
    first, last = network.layers
    first.weights[:] = [[1.0, -1.0], [2.0, -3.0]]  # sums (1, −1), (2, −3), (3, −4), (0, 0): the second unit is dead
    last.weights[0, 1] = 1000.0  # the outputs are class 1 for the first three examples, and equal for the last
    moment = measure(h, network)
    hidden, outputs = moment.layers
    sums = np.array([1, -1, 2, -3, 3, -4, 0, 0])
    assert hidden.sum_mean == pytest.approx(sums.mean())
    assert hidden.sum_std == pytest.approx(sums.std())
    assert hidden.activation_mean == pytest.approx(6 / 8)
    assert hidden.activation_std == pytest.approx(np.maximum(sums, 0).std())
    assert hidden.derivative_mean == 3 / 8  # of the eight activations, three are positive
    assert (hidden.saturated_fraction, hidden.dead_fraction, hidden.identical_fraction) == (0.0, 0.5, 0.0)
    assert (outputs.dead_fraction, outputs.derivative_mean) == (0.0, 1.0)
    assert moment.predicted_counts == (1, 3)
    assert moment.accuracy == 2 / 4
    assert moment.cost == pytest.approx((1000.0 + 0.0 + 3000.0 + math.log(2.0)) / 4)
    assert moment.output_mean == pytest.approx(0.5)
    assert moment.output_std == pytest.approx(np.std([1.0, 1.0, 1.0, 0.5]))
    assert moment.lost_gradient is None
    assert moment.first_cost == moment.cost
    assert moment.expected_first_cost == pytest.approx(math.log(2.0))


@pytest.mark.parametrize(("activation", "largest_sum"), [("sigmoid", 3.6369), ("tanh", 1.81845)])
def test_a_unit_is_saturated_where_its_derivative_is_a_tenth_of_the_largest(
    activation: str, largest_sum: float
) -> None:
    h, network = small_network(activation=activation)
    network.layers[0].biases[:] = [largest_sum * 0.999, -largest_sum * 1.001]
    (hidden, _) = measure(h, network).layers
    assert hidden.saturated_fraction == 0.5
    assert hidden.derivative_mean == pytest.approx(0.1, rel=0.01)
    assert hidden.dead_fraction == 0.0


def test_lost_gradient_of_saturated_wrong_outputs_by_hand() -> None:
    h, network = small_network(hidden_sizes=(), loss="quadratic", output_activation="sigmoid")
    network.layers[0].biases[:] = [0.0, 4.0]  # class 1 for every example: three are wrong, with a − y = (−½, σ(4))
    saturated = 1.0 / (1.0 + math.exp(-4.0))
    kept = math.hypot(0.5 * 0.25, saturated * saturated * (1.0 - saturated))
    moment = measure(h, network)
    assert moment.lost_gradient == pytest.approx(1.0 - kept / math.hypot(0.5, saturated))
    assert moment.layers[0].saturated_fraction == 0.5
    assert moment.output_mean == pytest.approx((0.5 + saturated) / 2)
    assert moment.output_std == 0.0


def test_units_are_identical_only_if_weights_and_biases_are_equal() -> None:
    h, network = small_network(hidden_sizes=(4,))
    weights, biases = network.layers[0].weights, network.layers[0].biases
    weights[:] = [[1.0, 1.0, 1.0, 2.0], [3.0, 3.0, 3.0, 6.0]]
    biases[:] = [0.5, 0.5, 0.6, 1.0]
    assert measure(h, network).layers[0].identical_fraction == 0.5
    weights[0, 1] += 1e-5
    assert measure(h, network).layers[0].identical_fraction == 0.5  # 1 − cosine is about 10⁻¹²
    weights[0, 1] += 0.1
    assert measure(h, network).layers[0].identical_fraction == 0.0
    weights.fill(0.0)
    biases.fill(0.0)
    assert measure(h, network).layers[0].identical_fraction == 1.0


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e300, 1e-300])
def test_numbers_beyond_the_range_of_squares_are_measured(value: float) -> None:
    h, network = small_network()
    network.parameters.fill(value)
    network.gradient.fill(value)
    with np.errstate(all="ignore"):
        hidden = measure(h, network).layers[0]
    expected = value * math.sqrt(6.0)
    assert hidden.gradient_norm == pytest.approx(expected, nan_ok=True)
    assert hidden.weight_norm == pytest.approx(expected, nan_ok=True)


def test_the_first_epoch_is_measured_before_the_first_step_and_at_some_steps() -> None:
    h, network = small_network(initializer="constant")
    recorder = record(h, network, RunCosts(steps=10, epoch=1e9, norms=1.0, examples=1.0))
    watched = recorder.begin_epoch(1)
    assert watched == {1, 2, 3, 4, 5, 7, 8, 9, 10}
    network.gradient[:] = 1.0
    for step in sorted(watched):
        recorder.before_step(step)
        network.parameters -= 0.1
        recorder.after_step()
    moments = recorder.after_epoch(is_last=False)
    assert [(moment.epoch, moment.step) for moment in moments] == [
        *((0, step) for step in (0, 1, 2, 4, 5, 8)),
        (1, None),
    ]
    start, first, second, *_ = (moment.layers[0] for moment in moments)
    assert (start.update_norm, start.update_cosine) == (None, None)
    assert start.gradient_norm == first.gradient_norm == pytest.approx(math.sqrt(6.0))
    assert first.update_norm == pytest.approx(0.1 * math.sqrt(6.0))
    assert first.update_cosine is None
    assert second.update_cosine == pytest.approx(1.0)


def test_an_epoch_that_ends_early_has_no_update() -> None:
    h, network = small_network()
    recorder = record(h, network)
    recorder.begin_epoch(1)
    recorder.before_step(1)
    recorder.after_step()
    *_, moment = recorder.after_epoch(is_last=True)
    assert (moment.epoch, moment.step, moment.layers[0].update_norm) == (1, None, None)
    assert moment.cost is not None


def test_an_expensive_measurement_is_taken_rarely_and_at_the_end() -> None:
    h, network = small_network(epochs=100)
    recorder = record(h, network, RunCosts(steps=3, epoch=1000.0, norms=60.0, examples=150.0))
    moments: list[Telemetry] = []
    for epoch in range(1, 101):
        recorder.begin_epoch(epoch)
        moments += recorder.after_epoch(is_last=epoch == 100)
    assert [moment.epoch for moment in moments] == [1, 2, *range(15, 91, 15), 100]
    assert [moment.epoch for moment in moments if moment.cost is not None] == [1, 2, 30, 60, 90, 100]
