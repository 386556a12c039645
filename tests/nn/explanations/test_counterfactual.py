"""Counterfactuals, compared with a brute-force search in tiny networks, and classified by the network."""

from __future__ import annotations

import tracemalloc
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from nn.datasets.scaling import Scaling
from nn.explanations.counterfactual import PixelScaling, counterfactual_sizes, minimal_counterfactual
from nn.explanations.forward_pass import Float64Layer, Float64Network
from nn.model.activations import ACTIVATIONS

SCALING = PixelScaling(Scaling(np.full(1, 4.0), np.full(1, 0.08)), 16)


def network_of(seed: int, sizes: tuple[int, ...], activation: str = "relu", spread: float = 2.0) -> Float64Network:
    rng = np.random.default_rng(seed)
    names = [activation] * (len(sizes) - 2) + ["linear"]
    return Float64Network(
        [
            Float64Layer(rng.normal(0, spread, size), rng.normal(0, 1, size[1]), ACTIVATIONS[name])
            for size, name in zip(pairwise(sizes), names, strict=True)
        ]
    )


def balance(network: Float64Network, images: Any) -> None:
    """Set the output biases so that each class is predicted for some images."""
    network.layers[-1].biases[:] -= network.logits(SCALING.inputs(images)).mean(axis=0)


def labels_of(network: Float64Network, images: Any, scaling: PixelScaling = SCALING) -> Any:
    return network.logits(scaling.inputs(np.asarray(images))).argmax(axis=1)


def runners_up(network: Float64Network, images: Any, scaling: PixelScaling = SCALING) -> Any:
    return np.argsort(-network.logits(scaling.inputs(images)), axis=1)[:, 1]


@cache
def grid(n_pixels: int, n_steps: int) -> Any:
    """Return the points of a regular grid in the unit cube, (n_steps ** n_pixels, n_pixels), read-only."""
    axes = np.meshgrid(*[np.linspace(0, 1, n_steps)] * n_pixels, indexing="ij")
    points = np.stack(axes, axis=-1).reshape(-1, n_pixels)
    points.flags.writeable = False
    return points


def nearest_of_class(network: Float64Network, image: Any, label: int) -> Any:
    """Return the ten grid points of a class that are nearest to `image`. Tests pass them to the search as `guides`."""
    points = grid(len(image), {2: 25, 3: 13}[len(image)])
    points = points[labels_of(network, points) == label]
    return points[np.argsort(np.linalg.norm(points - image, axis=1))[:10]]


def brute_force(network: Float64Network, image: Any, label: int) -> float | None:
    """Return the distance to the nearest image of a class, or None if no grid point belongs to it.

    In each round, the search adds a finer grid around each of the 30 nearest points.
    """
    n_pixels = len(image)
    n_steps = {2: 201, 3: 41}[n_pixels]
    points, step = grid(n_pixels, n_steps), 1 / (n_steps - 1)
    around = grid(n_pixels, 7) * 2 - 1
    distances = np.zeros(0)
    for _ in range(12):
        points = points[labels_of(network, points) == label]
        if not len(points):
            return None
        # Different points have different distances from a random image, so equal distances mean the same point.
        distances, rows = np.unique(np.linalg.norm(points - image, axis=1), return_index=True)
        points = np.clip((points[rows[:30], np.newaxis] + step * around).reshape(-1, n_pixels), 0, 1)
        points = np.concatenate([points, grid(n_pixels, 2)[:1]])
        step /= 2
    return float(distances[0])


@pytest.mark.parametrize("n_pixels", [2, 3])
@pytest.mark.parametrize("hidden_sizes", [(4,), (8,), (6, 5)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_no_brute_force_search_finds_a_smaller_change(
    n_pixels: int, hidden_sizes: tuple[int, ...], activation: str
) -> None:
    n_compared = 0
    for seed in range(16 // n_pixels):
        network = network_of(seed, (n_pixels, *hidden_sizes, 3), activation)
        image = np.random.default_rng(100 + seed).random(n_pixels)
        label = int(runners_up(network, image[np.newaxis])[0])
        best = brute_force(network, image, label)
        guides = nearest_of_class(network, image, label)
        if best is not None and len(guides):
            counterfactual = minimal_counterfactual(network, SCALING, image, label, guides)
            assert counterfactual is not None
            assert counterfactual.size <= 1.01 * best, seed
            n_compared += 1
    assert n_compared > 1


@pytest.mark.parametrize("seed", range(8))
def test_without_active_bounds_the_distance_is_that_of_a_hyperplane(seed: int) -> None:
    """With two classes and no hidden layer, the distance to the boundary is (z₂ − z₁) / |∇(z₂ − z₁)|."""
    network = network_of(seed, (30, 2), spread=1.0)
    scaling = PixelScaling(
        Scaling(np.random.default_rng(seed).normal(8, 1, 30), np.random.default_rng(seed).uniform(0.1, 0.2, 30)), 16
    )
    image = np.random.default_rng(100 + seed).uniform(0.45, 0.55, 30)
    logits = network.logits(scaling.inputs(image[np.newaxis]))[0]
    label = int(logits.argmin())
    slope = (network.layers[0].weights[:, label] - network.layers[0].weights[:, 1 - label]) * scaling.scaling.scale * 16
    expected = (logits.max() - logits.min()) / np.linalg.norm(slope)
    counterfactual = minimal_counterfactual(network, scaling, image, label)
    assert counterfactual is not None
    assert counterfactual.size == pytest.approx(expected, rel=1e-6)
    np.testing.assert_allclose(counterfactual.change, expected * slope / np.linalg.norm(slope), atol=1e-6)


@pytest.mark.parametrize("hidden_sizes", [(), (12,), (12, 10), (10, 8, 8)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_network_classifies_the_counterfactual_as_the_label(hidden_sizes: tuple[int, ...], activation: str) -> None:
    network = network_of(3, (40, *hidden_sizes, 5), activation, spread=0.5)
    images = np.random.default_rng(4).integers(0, 17, (12, 40)) / 16
    balance(network, images)
    labels = runners_up(network, images)
    sizes = counterfactual_sizes(network, SCALING, images, labels)
    n_found = 0
    for image, label, size in zip(images, labels, sizes, strict=True):
        counterfactual = minimal_counterfactual(network, SCALING, image, int(label))
        if counterfactual is None:
            continue
        n_found += 1
        assert counterfactual.size == pytest.approx(size, rel=1e-6)
        assert counterfactual.size == pytest.approx(np.linalg.norm(counterfactual.change), rel=1e-12)
        changed = image + counterfactual.change
        assert changed.min() >= 0
        assert changed.max() <= 1
        logits = network.logits(SCALING.inputs(changed[np.newaxis]))[0]
        assert logits[label] == logits.max()
        shorter = network.logits(SCALING.inputs((image + 0.999 * counterfactual.change)[np.newaxis]))[0]
        assert shorter.argmax() != label
        assert counterfactual.image.dtype == np.uint8
        assert labels_of(network, [counterfactual.image / 255]) == [label]
    assert n_found >= 11


def test_guides_never_make_a_change_larger() -> None:
    network = network_of(1, (40, 12, 10, 5), "sigmoid", spread=1.5)
    images = np.random.default_rng(5).random((60, 40))
    predicted = labels_of(network, images)
    for image, label in zip(images[:12], runners_up(network, images[:12]), strict=True):
        alone = minimal_counterfactual(network, SCALING, image, int(label))
        guided = minimal_counterfactual(network, SCALING, image, int(label), images[predicted == label])
        assert guided is not None or not (predicted == label).any()
        if alone is not None and guided is not None:
            assert guided.size <= alone.size * (1 + 1e-6)


def network_with_a_flat_region() -> Float64Network:
    """Return a network that predicts class 1 if the first pixel exceeds ¾.

    The gradient is 0 if this pixel is below ½.
    """
    weights = np.array([[4.0, 0.0], [0.0, 0.0]])
    first = Float64Layer(weights, np.array([-2.0, 1.0]), ACTIVATIONS["relu"])
    return Float64Network([first, Float64Layer(np.array([[0.0, 1.0], [1.0, 0.0]]), np.zeros(2), ACTIVATIONS["linear"])])


@pytest.mark.parametrize("guides", [[], [[0.1, 0.1]], [[0.1, 0.1], [1.0, 0.9]]])
def test_a_change_is_found_where_the_gradient_is_zero(guides: list[list[float]]) -> None:
    network, scaling = network_with_a_flat_region(), PixelScaling(Scaling.identity(np.float64), 1)
    images = np.array([[0.25, 0.5], [0.1, 0.1]])
    counterfactual = minimal_counterfactual(network, scaling, images[0], 1, map(np.array, guides))
    assert counterfactual is not None
    np.testing.assert_allclose(counterfactual.change, [0.5, 0.0], atol=1e-8)
    sizes = counterfactual_sizes(network, scaling, images, np.array([1, 1]), map(np.array, guides))
    np.testing.assert_allclose(sizes, [0.5, 0.65], atol=1e-8)


def test_rounded_pixels_keep_the_label_between_two_boundaries() -> None:
    """Class 0 requires the first pixel above ½ and the second below ½ + 1/100."""
    weights = np.array([[0.0, -40.0, 0.0], [0.0, 0.0, 40.0]])
    network = Float64Network([Float64Layer(weights, np.array([0.0, 20.0, -20.4]), ACTIVATIONS["linear"])])
    scaling = PixelScaling(Scaling.identity(np.float64), 1)
    counterfactual = minimal_counterfactual(network, scaling, np.array([0.1, 0.9]), 0)
    assert counterfactual is not None
    np.testing.assert_allclose(counterfactual.change, [0.4, -0.39], atol=1e-8)
    assert labels_of(network, [counterfactual.image / 255], scaling) == [0]


def test_a_correct_image_needs_no_change() -> None:
    network = network_of(0, (40, 12, 5))
    images = np.random.default_rng(0).integers(0, 256, (3, 40)) / 255
    labels = labels_of(network, images)
    assert counterfactual_sizes(network, SCALING, images, labels).tolist() == [0, 0, 0]
    counterfactual = minimal_counterfactual(network, SCALING, images[0], int(labels[0]))
    assert counterfactual is not None
    assert counterfactual.size == 0
    assert not counterfactual.change.any()
    np.testing.assert_array_equal(counterfactual.image, np.round(images[0] * 255))


@pytest.mark.parametrize("weight", [0.0, np.nan, np.inf])
def test_a_constant_or_diverged_network_has_no_counterfactual(weight: float) -> None:
    """If all weights are 0, all logits are equal and the first class is predicted."""
    network = network_of(0, (10, 4, 3))
    for layer in network.layers:
        layer.weights[:] = weight
        layer.biases[:] = 0.0
    images = np.random.default_rng(0).random((2, 10))
    assert minimal_counterfactual(network, SCALING, images[0], 2, images[1:]) is None
    assert np.isnan(counterfactual_sizes(network, SCALING, images, np.array([1, 2]))).all()


def test_a_tie_needs_only_a_tiny_change() -> None:
    """Both logits are equal at first, so the first class is predicted."""
    network = Float64Network([Float64Layer(np.array([[1.0, 2.0]]), np.array([0.5, 0.0]), ACTIVATIONS["linear"])])
    scaling = PixelScaling(Scaling.identity(np.float64), 1)
    counterfactual = minimal_counterfactual(network, scaling, np.array([0.5]), 1)
    assert counterfactual is not None
    assert 0 < counterfactual.size < 1e-9
    assert counterfactual.image.tolist() == [128]


def test_no_images_have_no_sizes() -> None:
    assert counterfactual_sizes(network_of(0, (10, 3)), SCALING, np.zeros((0, 10)), np.zeros(0, int)).shape == (0,)


def test_many_images_need_little_memory_and_equal_each_alone() -> None:
    network = network_of(0, (784, 40, 10), spread=0.1)
    images = np.random.default_rng(1).random((60, 784))
    balance(network, images)
    labels = runners_up(network, images)
    tracemalloc.start()
    try:
        sizes = counterfactual_sizes(network, SCALING, images, labels)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000
    assert np.isfinite(sizes).all()
    alone = [counterfactual_sizes(network, SCALING, images[[index]], labels[[index]])[0] for index in range(0, 60, 12)]
    np.testing.assert_allclose(sizes[::12], alone, rtol=1e-6)
