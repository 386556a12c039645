"""Logit gap, compared with values computed by hand, plain loops, and networks with one unit removed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from nn.explanations.forward_pass import Float64Network
from nn.explanations.logit_gap import LogitGap, logit_gap
from nn.model.activations import ACTIVATIONS
from tests.support.float64_networks import (
    Case,
    cases,
    forward,
    layer_of,
    plain_gap,
    plain_layers,
    random_network,
    size_of_terms,
    with_parameters,
)

IMAGE = np.random.default_rng(1).standard_normal(6)


def total(gap: LogitGap) -> float:
    return sum(unit.contribution for unit in gap.units) + gap.other_units + gap.biases


def test_a_gap_computed_by_hand() -> None:
    """The activations are 3.5, 0 and 1, the weight differences are −2, 2 and −3, and the bias difference is 1.25."""
    network = Float64Network(
        [
            layer_of([[1, -1, 0], [2, 1, 1]], [0.5, -2, 0], "relu"),
            layer_of([[1, 3, 9], [7, 5, 9], [2, 5, 9]], [0.25, -1, 9]),
        ]
    )
    gap = logit_gap(forward(network, np.array([1.0, 1.0])), 0, 1)
    assert gap.value == 3.5 + 2 + 0.25 - (10.5 + 5 - 1) == -8.75
    assert [(unit.unit, unit.activation, unit.weight_difference, unit.contribution) for unit in gap.units] == [
        (0, 3.5, -2.0, -7.0),
        (2, 1.0, -3.0, -3.0),
        (1, 0.0, 2.0, 0.0),
    ]
    assert [unit.image.tolist() for unit in gap.units] == [[1, 2], [0, 1], [-1, 1]]
    assert (gap.n_units, gap.other_units, gap.biases, gap.error, gap.image_kind) == (3, 0.0, 1.25, 0.0, "weights")

    largest = logit_gap(forward(network, np.array([1.0, 1.0])), 0, 1, n_largest=1)
    assert [unit.unit for unit in largest.units] == [0]
    assert (largest.n_units, largest.other_units, largest.biases, largest.error) == (3, -3.0, 1.25, 0.0)


@given(case=cases())
def test_contributions_sum_to_the_gap(case: Case) -> None:
    """For each activation, depth and scaling, the contributions add up to the gap, except for the rounding `error`."""
    gap = logit_gap(forward(case.network, case.inputs), case.predicted, case.rival, n_largest=4)
    rounding = 1e-14 * size_of_terms(case.network, case.inputs)
    expected = plain_gap(case.network, case.activation, case.inputs, case.predicted, case.rival)
    assert gap.value == pytest.approx(expected, rel=0, abs=rounding)
    assert total(gap) == pytest.approx(expected, rel=0, abs=rounding)
    assert gap.error == gap.value - total(gap)
    assert abs(gap.error) <= rounding


@given(case=cases())
def test_each_unit_equals_plain_loops(case: Case) -> None:
    gap = logit_gap(forward(case.network, case.inputs), case.predicted, case.rival, n_largest=3)
    if not case.network.n_hidden_layers:
        assert (gap.units, gap.n_units, gap.image_kind) == ((), 0, None)
        return
    last = case.network.layers[-1]
    outputs = plain_layers(case.network, case.activation, case.inputs)[-2]
    rounding = 1e-14 * size_of_terms(case.network, case.inputs)
    contributions = [
        (last.weights[unit, case.predicted] - last.weights[unit, case.rival]) * output
        for unit, output in enumerate(outputs)
    ]
    assert gap.n_units == len(contributions)
    assert len(gap.units) == min(3, len(contributions))
    for unit in gap.units:
        assert unit.activation == pytest.approx(outputs[unit.unit], rel=1e-12, abs=rounding)
        assert unit.contribution == unit.weight_difference * unit.activation
        assert unit.contribution == pytest.approx(contributions[unit.unit], rel=1e-12, abs=rounding)
    magnitudes = [abs(unit.contribution) for unit in gap.units]
    assert magnitudes == sorted(magnitudes, reverse=True)
    shown = {unit.unit for unit in gap.units}
    others = [value for unit, value in enumerate(contributions) if unit not in shown]
    assert all(abs(value) <= magnitudes[-1] + rounding for value in others)
    assert gap.other_units == pytest.approx(sum(others), rel=1e-12, abs=rounding)
    assert gap.biases == last.biases[case.predicted] - last.biases[case.rival]


@pytest.mark.parametrize("hidden_sizes", [(5,), (4, 5), (3, 4, 5)], ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_removing_a_unit_changes_the_gap_by_its_contribution(hidden_sizes: tuple[int, ...], activation: str) -> None:
    network = random_network(hidden_sizes, activation)
    gap = logit_gap(forward(network, IMAGE), 2, 1)
    assert {unit.unit for unit in gap.units} == set(range(5))
    for unit in gap.units:
        weights = network.layers[-1].weights.copy()
        weights[unit.unit] = 0.0
        without = with_parameters(network, network.n_hidden_layers, weights=weights).logits(IMAGE[np.newaxis])[0]
        assert gap.value - (without[2] - without[1]) == pytest.approx(unit.contribution, abs=1e-13)


def test_equal_contributions_are_ordered_by_unit() -> None:
    """The contributions are ±1 for the first four units and 2 for the last unit."""
    weights = [[1, 0], [0, 1], [1, 0], [0, 1], [2, 0]]
    network = Float64Network([layer_of([[1] * 5], [0] * 5, "relu"), layer_of(weights, [0, 0])])
    gap = logit_gap(forward(network, np.ones(1)), 0, 1, n_largest=3)
    assert [(unit.unit, unit.contribution) for unit in gap.units] == [(4, 2.0), (0, 1.0), (1, -1.0)]
    assert (gap.other_units, gap.value) == (0.0, 2.0)


def test_twelve_units_are_listed_by_default() -> None:
    network = random_network((20,))
    assert len(logit_gap(forward(network, IMAGE), 0, 1).units) == 12
    assert len(logit_gap(forward(network, IMAGE), 0, 1, n_largest=50).units) == 20
    none = logit_gap(forward(network, IMAGE), 0, 1, n_largest=0)
    assert none.units == ()
    assert none.other_units + none.biases + none.error == none.value


def test_unit_images_of_one_hidden_layer_are_its_weights() -> None:
    network = random_network((5,), "sigmoid")
    for unit in logit_gap(forward(network, IMAGE), 0, 1).units:
        np.testing.assert_array_equal(unit.image, [row[unit.unit] for row in network.layers[0].weights])


@pytest.mark.parametrize("hidden_sizes", [(4, 5), (3, 4, 5)], ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_unit_images_of_deeper_networks_are_input_gradients(hidden_sizes: tuple[int, ...], activation: str) -> None:
    """Compare with finite differences of the unit's output, computed by plain loops."""
    network, step = random_network(hidden_sizes, activation), 1e-6
    gap = logit_gap(forward(network, IMAGE), 0, 1)
    assert gap.image_kind == "gradients"
    for feature, change in enumerate(step * np.eye(6)):
        higher, lower = (plain_layers(network, activation, IMAGE + sign * change)[-2] for sign in (1, -1))
        for unit in gap.units:
            difference = (higher[unit.unit] - lower[unit.unit]) / (2 * step)
            assert unit.image[feature] == pytest.approx(difference, rel=1e-6, abs=1e-8)


def test_without_a_hidden_layer_inputs_contribute_directly() -> None:
    network = Float64Network([layer_of([[2, 1], [3, 7]], [0.5, 0.25])])
    gap = logit_gap(forward(network, np.array([3.0, 1.0])), 0, 1)
    assert (gap.value, gap.other_units, gap.biases, gap.error) == (-0.75, -1.0, 0.25, 0.0)
    assert (gap.units, gap.n_units, gap.image_kind) == ((), 0, None)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden_sizes", [(), (5,), (4, 5)], ids=str)
def test_a_diverged_network_has_a_gap_of_nan(activation: str, hidden_sizes: tuple[int, ...]) -> None:
    network = random_network(hidden_sizes, activation)
    weights = network.layers[-1].weights * np.nan
    gap = logit_gap(forward(with_parameters(network, network.n_hidden_layers, weights=weights), IMAGE), 0, 1)
    assert np.isnan(gap.value)
    assert len(gap.units) == gap.n_units
