"""Pixel attribution, compared with values computed by hand, plain loops, closed-form integrals and changed pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nn.array_types import Float64Array
from nn.explanations.forward_pass import Float64Network
from nn.explanations.pixel_attribution import PixelAttribution, pixel_attribution
from nn.model.activations import ACTIVATIONS
from tests.support.float64_networks import (
    N_PIXELS,
    PIECEWISE_LINEAR,
    SMOOTH,
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
BLACK = np.full(6, -0.25)


def attribution_of(case: Case) -> PixelAttribution:
    return pixel_attribution(forward(case.network, case.inputs), case.black, case.predicted, case.rival)


def gap_of(case: Case, inputs: Float64Array, network: Float64Network | None = None) -> float:
    return plain_gap(network or case.network, case.activation, inputs, case.predicted, case.rival)


def active_units(case: Case, inputs: Float64Array, network: Float64Network | None = None) -> list[bool]:
    """Return True for each hidden unit with a positive output."""
    *hidden, _ = plain_layers(network or case.network, case.activation, inputs)
    return [output > 0 for layer in hidden for output in layer]


def test_attribution_computed_by_hand() -> None:
    """Only the first of two ReLU units is active, so only its inputs contribute."""
    network = Float64Network([layer_of([[1, -1], [2, 1]], [0.5, -2], "relu"), layer_of([[3, 1], [5, 7]], [0.25, -1])])
    attribution = pixel_attribution(forward(network, np.array([1.0, 1.0])), np.zeros(2), 0, 1)
    assert (attribution.method, attribution.steps) == ("linear", None)
    np.testing.assert_array_equal(attribution.contributions, [2, 4])
    assert attribution.pixels == 6
    assert attribution.rest == 0.5 * (3 - 1) + 1.25
    assert attribution.error == 0


def test_leaky_relu_computed_by_hand() -> None:
    """The pre-activation is 1 − 3 = −2. It is negative, so the unit outputs 1/100 of the input and of the bias."""
    network = Float64Network([layer_of([[1]], [-3], "leaky_relu"), layer_of([[100, 0]], [0, 5])])
    attribution = pixel_attribution(forward(network, np.array([1.0])), np.zeros(1), 0, 1)
    assert attribution.contributions[0] == pytest.approx(1)
    assert attribution.rest == pytest.approx(-3 - 5)


def test_attribution_of_one_sigmoid_by_hand() -> None:
    """The inputs add 1 and 2 to the pre-activation, so they contribute 1/3 and 2/3 of σ(3) − σ(0)."""
    network = Float64Network([layer_of([[1], [2]], [0], "sigmoid"), layer_of([[4, 1]], [0.5, 0])])
    attribution = pixel_attribution(forward(network, np.ones(2)), np.zeros(2), 0, 1)
    rise = 3 * (0.9525741268224334 - 0.5)
    assert attribution.method == "integrated_gradients"
    np.testing.assert_allclose(attribution.contributions, [rise / 3, 2 * rise / 3], rtol=1e-12)
    assert attribution.rest == 3 * 0.5 + 0.5
    assert abs(attribution.error) < 1e-14


@given(case=cases())
def test_pixels_and_rest_sum_to_the_gap(case: Case) -> None:
    """With every activation, depth and scaling, contributions, rest and error add up exactly to the gap in float64."""
    attribution, gap = attribution_of(case), gap_of(case, case.inputs)
    rounding = 1e-14 * size_of_terms(case.network, case.inputs)
    assert attribution.contributions.shape == (N_PIXELS,)
    assert attribution.pixels == pytest.approx(attribution.contributions.sum(), rel=1e-12)
    assert attribution.pixels + attribution.rest + attribution.error == pytest.approx(gap, rel=0, abs=rounding)
    if case.network.is_piecewise_linear:
        assert abs(attribution.error) <= rounding
    else:
        assert abs(attribution.error) < 1e-3 * max(1.0, abs(gap - attribution.rest)) or attribution.steps == 512


@given(case=cases(PIECEWISE_LINEAR), feature=st.integers(0, N_PIXELS - 1), sign=st.sampled_from([1, -1]))
def test_a_small_pixel_change_changes_the_gap_by_its_contribution(case: Case, feature: int, sign: int) -> None:
    """Change one pixel by 1/1024 and evaluate the network again."""
    changed = case.inputs.copy()
    changed[feature] *= 1 + sign / 1024
    assume(active_units(case, changed) == active_units(case, case.inputs))
    expected = attribution_of(case).contributions[feature] * sign / 1024
    rounding = 1e-14 * size_of_terms(case.network, case.inputs)
    assert gap_of(case, changed) - gap_of(case, case.inputs) == pytest.approx(expected, rel=1e-9, abs=rounding)


@given(case=cases(PIECEWISE_LINEAR))
def test_the_rest_is_the_contribution_of_the_biases(case: Case) -> None:
    """Increase each bias by 1/1024 in turn and evaluate the network again."""
    total = 0.0
    for index, layer in enumerate(case.network.layers):
        for unit in range(layer.biases.size):
            biases = layer.biases.copy()
            biases[unit] *= 1 + 1 / 1024
            changed = with_parameters(case.network, index, biases=biases)
            assume(active_units(case, case.inputs, changed) == active_units(case, case.inputs))
            total += 1024 * (gap_of(case, case.inputs, changed) - gap_of(case, case.inputs))
    rounding = 1e-11 * size_of_terms(case.network, case.inputs)
    assert attribution_of(case).rest == pytest.approx(total, rel=1e-9, abs=rounding)


@pytest.mark.parametrize("hidden_sizes", [(), (5,), (4, 5)], ids=str)
def test_in_a_linear_network_a_black_pixel_loses_its_contribution(hidden_sizes: tuple[int, ...]) -> None:
    network = random_network(hidden_sizes, "linear")
    contributions = pixel_attribution(forward(network, IMAGE), BLACK, 2, 0).contributions
    for feature in range(6):
        without = np.where(np.arange(6) == feature, 0.0, IMAGE)
        difference = plain_gap(network, "linear", IMAGE, 2, 0) - plain_gap(network, "linear", without, 2, 0)
        assert contributions[feature] == pytest.approx(difference, abs=1e-13)


def test_only_biases_contribute_if_no_unit_is_active() -> None:
    network = random_network((5, 4), "relu")
    inactive = with_parameters(network, 0, biases=np.full(5, -1e3))
    attribution = pixel_attribution(forward(inactive, IMAGE), BLACK, 0, 1)
    np.testing.assert_array_equal(attribution.contributions, np.zeros(6))
    assert attribution.rest == plain_gap(inactive, "relu", IMAGE, 0, 1) != 0


@given(case=cases(SMOOTH))
def test_the_rest_of_integrated_gradients_is_the_gap_of_a_black_image(case: Case) -> None:
    assume(case.network.n_hidden_layers > 0)
    rounding = 1e-14 * size_of_terms(case.network, case.black)
    assert attribution_of(case).rest == pytest.approx(gap_of(case, case.black), rel=0, abs=rounding)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("activation", SMOOTH)
def test_one_hidden_layer_equals_the_integral_in_closed_form(activation: str, seed: int) -> None:
    """Between the black image and the image, the mean slope of the activation function is (a₁ − a₀) / (z₁ − z₀)."""
    network = random_network((7,), activation, seed=seed)
    hidden, outputs = network.layers
    before, after = (np.array(plain_layers(network, activation, image)[0]) for image in (BLACK, IMAGE))
    slopes = (after - before) / ((IMAGE - BLACK) @ hidden.weights)
    expected = [
        change * sum(weights * slopes * (outputs.weights[:, 2] - outputs.weights[:, 0]))
        for change, weights in zip(IMAGE - BLACK, hidden.weights, strict=True)
    ]
    np.testing.assert_allclose(
        pixel_attribution(forward(network, IMAGE), BLACK, 2, 0).contributions, expected, rtol=1e-10
    )


@pytest.mark.parametrize("hidden_sizes", [(5, 4), (4, 3, 5)], ids=str)
@pytest.mark.parametrize("activation", SMOOTH)
def test_deeper_networks_equal_an_integral_in_many_small_steps(hidden_sizes: tuple[int, ...], activation: str) -> None:
    """The integral uses midpoints, with gradients from finite differences."""
    network, n_steps, change = random_network(hidden_sizes, activation), 2000, 1e-5
    path = BLACK + (np.arange(n_steps)[:, np.newaxis] + 0.5) / n_steps * (IMAGE - BLACK)
    expected = []
    for feature, direction in enumerate(change * np.eye(6)):
        difference = network.logits(path + direction) - network.logits(path - direction)
        slopes = (difference[:, 1] - difference[:, 2]) / (2 * change)
        expected.append((IMAGE - BLACK)[feature] * slopes.mean())
    attribution = pixel_attribution(forward(network, IMAGE), BLACK, 1, 2)
    np.testing.assert_allclose(attribution.contributions, expected, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("activation", SMOOTH)
@pytest.mark.parametrize(("steepness", "steps"), [(1, {32}), (2000, {128, 256}), (1e6, {512})])
def test_steep_networks_take_more_steps_up_to_a_limit(activation: str, steepness: float, steps: set[int]) -> None:
    """With pixels of 0…255, the outputs change steeply. If the limit of the steps is too low, the error is reported."""
    network = random_network((6, 5), activation)
    steep = with_parameters(network, 0, weights=network.layers[0].weights * steepness)
    attribution = pixel_attribution(forward(steep, IMAGE), np.zeros(6), 0, 1)
    assert attribution.steps in steps
    gap = plain_gap(steep, activation, IMAGE, 0, 1)
    tolerance = 1e-3 * max(1.0, abs(gap - attribution.rest))
    assert (abs(attribution.error) < tolerance) == (steepness < 1e6)
    assert attribution.pixels + attribution.rest + attribution.error == pytest.approx(gap, abs=1e-12)


@pytest.mark.parametrize("activation", SMOOTH)
def test_the_pixels_of_a_black_image_do_not_contribute(activation: str) -> None:
    attribution = pixel_attribution(forward(random_network((5,), activation), BLACK), BLACK, 0, 1)
    np.testing.assert_array_equal(attribution.contributions, np.zeros(6))
    assert attribution.rest == pytest.approx(plain_gap(random_network((5,), activation), activation, BLACK, 0, 1))
    assert attribution.error == 0


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden_sizes", [(), (5,), (4, 5)], ids=str)
@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_a_diverged_network_has_attribution_of_nan(
    activation: str, hidden_sizes: tuple[int, ...], broken: float
) -> None:
    network = random_network(hidden_sizes, activation)
    weights = network.layers[-1].weights * broken
    attribution = pixel_attribution(
        forward(with_parameters(network, network.n_hidden_layers, weights=weights), IMAGE), BLACK, 0, 1
    )
    assert not np.isfinite(attribution.error)
    assert attribution.steps in {None, 32}
