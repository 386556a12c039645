"""Training influence, compared with explicit gradients and with real training steps."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.datasets.dataset import Split
from nn.datasets.scaling import Scaling
from nn.explanations.forward_pass import Float64Network, ForwardPass
from nn.explanations.training_images import TrainingImages
from nn.explanations.training_influence import Examples, InfluenceFinder, StoredNetwork
from nn.hyperparameters.schema import Hyperparameters
from nn.model.losses import LOSSES
from nn.model.network import Network
from tests.support.influence_cases import (
    CODES,
    IMAGE,
    N_FEATURES,
    PART,
    PIXEL_MAX,
    PREDICTED,
    RIVAL,
    SCALING,
    SPLIT,
    assert_same_examples,
    explain,
    hyperparameters,
    make_influence,
    network_of,
    scaled,
    stored_images,
)


def gap_gradient(h: Hyperparameters, network: Network, image: Any) -> Any:
    """Return the gradient of the logit gap by backpropagation.

    The quadratic loss of linear outputs a and targets y has the gradient a − y. The targets are chosen so that this is
    the gradient of the gap.
    """
    linear = Network.from_parameters(
        h.model_copy(
            update={"loss": "quadratic", "output_activation": "linear", "reduction": "sum", "l1": 0.0, "l2": 0.0}
        ),
        N_FEATURES,
        3,
        network.parameters,
    )
    logits = linear.forward(image[np.newaxis]).copy()
    linear.backward(logits - (CODES[PREDICTED] - CODES[RIVAL]))
    return linear.gradient.copy()


def explicit_influences(h: Hyperparameters, network: Network, split: Split) -> Any:
    """Return −∇loss · ∇gap of each training image, from a backward pass with that image alone."""
    network = Network.from_parameters(h.model_copy(update={"l1": 0.0, "l2": 0.0}), N_FEATURES, 3, network.parameters)
    gradient_of_gap = gap_gradient(h, network, scaled(IMAGE * PIXEL_MAX))
    influences = []
    for image, label in zip(stored_images(split), split.labels, strict=True):
        network.forward(scaled(image)[np.newaxis])
        network.backward(CODES[[label]])
        influences.append(-network.gradient @ gradient_of_gap)
    return np.array(influences)


def assert_largest(found: Examples, expected: Any, split: Split = PART) -> None:
    rows = np.arange(len(split)) if split.rows is None else split.rows
    order = np.argsort(-np.abs(expected), kind="stable")[:5]
    assert [influence.index for influence in found.influential] == rows[order].tolist()
    assert [influence.label for influence in found.influential] == split.labels[order].tolist()
    assert [influence.influence for influence in found.influential] == pytest.approx(expected[order].tolist(), rel=1e-9)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden_sizes", [(), (5,), (5, 4), (4, 5, 6)])
@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_influences_are_products_of_gradients(
    loss: str, hidden_sizes: tuple[int, ...], activation: str, tmp_path: Path
) -> None:
    h = hyperparameters(loss=loss, hidden_sizes=hidden_sizes, activation=activation, batch_size=1)
    assert_largest(explain(h, tmp_path), explicit_influences(h, network_of(h), PART))


@pytest.mark.parametrize(
    "values",
    [
        {"activation": "tanh", "use_bias": False},
        {"activation": "leaky_relu", "loss": "squared_error", "output_activation": "tanh"},
        {"activation": "linear", "loss": "quadratic", "output_activation": "linear", "hidden_sizes": (4, 4)},
        {"l1": 0.1, "l2": 0.5, "dropout_rate": 0.5},
    ],
)
def test_influences_with_other_hyperparameters(values: dict[str, Any], tmp_path: Path) -> None:
    h = hyperparameters(batch_size=1, **values)
    assert_largest(explain(h, tmp_path), explicit_influences(h, network_of(h), PART))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_tiny_step_with_one_image_changes_the_gap_by_its_influence(loss: str, tmp_path: Path) -> None:
    h = hyperparameters(loss=loss, activation="tanh", batch_size=1)
    rate = 1e-6
    network = network_of(h)
    explained = Float64Network.from_network(network)
    found = make_influence(h, [StoredNetwork(1, rate, lambda: explained)], tmp_path).find_examples(
        IMAGE, PREDICTED, RIVAL, explained
    )
    inputs = scaled(IMAGE * PIXEL_MAX)[np.newaxis]
    gap = explained.logits(inputs) @ (CODES[PREDICTED] - CODES[RIVAL])
    for influence in found.influential:
        stepping = Network.from_parameters(h, N_FEATURES, 3, network.parameters)
        stepping.forward(scaled(SPLIT.inputs[influence.index])[np.newaxis])
        stepping.backward(CODES[[influence.label]])
        stepping.parameters -= rate * stepping.gradient
        difference = Float64Network.from_network(stepping).logits(inputs) @ (CODES[PREDICTED] - CODES[RIVAL]) - gap
        assert difference[0] == pytest.approx(influence.influence, rel=1e-3)


@pytest.mark.parametrize(
    ("values", "weight"),
    [
        ({}, 1 / 10),
        ({"reduction": "sum"}, 1.0),
        ({"batching": "full_batch"}, 1 / 1100),
        ({"batching": "full_batch", "reduction": "sum"}, 1.0),
        ({"sampling": "sliding_window"}, 1.0),
        ({"sampling": "with_replacement"}, 1 / 10),
        ({"batch_size": 5000}, 1 / 1100),
    ],
)
def test_influences_are_summed_over_checkpoints(values: dict[str, Any], weight: float, tmp_path: Path) -> None:
    h = hyperparameters(**values)
    networks = [network_of(h, seed) for seed in range(3)]
    stored = [
        StoredNetwork(epoch, learning_rate_sum, partial(Float64Network.from_network, network))
        for network, epoch, learning_rate_sum in zip(networks, (1, 4, 6), (1.0, 0.75, 0.2), strict=True)
    ]
    found = make_influence(h, stored, tmp_path).find_examples(IMAGE, PREDICTED, RIVAL, stored[-1].load())
    single_image = hyperparameters(batch_size=1, reduction="sum")
    parts = [explicit_influences(single_image, network, PART) for network in networks]
    assert_largest(found, weight * (parts[0] + 0.75 * parts[1] + 0.2 * parts[2]))
    assert found.checkpoints == (1, 4, 6)


def brute_force_hidden(network: Float64Network, split: Split) -> tuple[list[int], list[float]]:
    hidden = ForwardPass(network, scaled(stored_images(split))).activations[-1]
    query = ForwardPass(network, scaled(IMAGE * PIXEL_MAX)[np.newaxis]).activations[-1]
    distances = np.sqrt(((hidden - query) ** 2).sum(axis=1))
    order = np.argsort(distances, kind="stable")[:5]
    rows = np.arange(len(split)) if split.rows is None else split.rows
    return rows[order].tolist(), distances[order].tolist()


@pytest.mark.parametrize("hidden_sizes", [(5,), (5, 4)])
@pytest.mark.parametrize("activation", ["sigmoid", "leaky_relu", "tanh"])
def test_neighbors_use_the_last_hidden_layer_of_the_explained_network(
    hidden_sizes: tuple[int, ...], activation: str, tmp_path: Path
) -> None:
    h = hyperparameters(hidden_sizes=hidden_sizes, activation=activation)
    stored = [StoredNetwork(1, 0.1, partial(Float64Network.from_network, network_of(h, 1)))]
    explained = Float64Network.from_network(network_of(h, 2))
    found = make_influence(h, stored, tmp_path).find_examples(IMAGE, PREDICTED, RIVAL, explained)
    indices, distances = brute_force_hidden(explained, PART)
    assert found.by_hidden is not None
    assert [near.index for near in found.by_hidden] == indices
    assert [near.distance for near in found.by_hidden] == pytest.approx(distances, rel=1e-9)


def test_without_a_hidden_layer_there_are_no_hidden_neighbors(tmp_path: Path) -> None:
    assert explain(hyperparameters(hidden_sizes=()), tmp_path).by_hidden is None


def test_a_training_image_is_its_own_nearest_neighbor(tmp_path: Path) -> None:
    explained = Float64Network.from_network(network_of(hyperparameters(activation="sigmoid")))
    influence = make_influence(hyperparameters(activation="sigmoid"), [], tmp_path, SPLIT)
    found = influence.find_examples(SPLIT.inputs[77] / PIXEL_MAX, PREDICTED, RIVAL, explained)
    assert found.by_hidden is not None
    assert [(near[0].index, near[0].distance) for near in (found.by_pixels, found.by_hidden)] == [(77, 0.0)] * 2
    assert found.influential == ()


def test_columns_of_stored_images_equal_cropped_images(tmp_path: Path) -> None:
    columns = np.array([1, 2, 4])
    cut = Split(np.ascontiguousarray(SPLIT.inputs[:, columns]), SPLIT.labels)
    scaling = Scaling(SCALING.offset[columns], SCALING.scale[columns])
    h = hyperparameters()
    network = Float64Network.from_network(Network.from_hyperparameters(h, 3, 3, np.random.default_rng(0)))
    found = [
        InfluenceFinder([StoredNetwork(1, 1.0, lambda: network)], images, h, CODES, tmp_path / name).find_examples(
            IMAGE[columns], PREDICTED, RIVAL, network
        )
        for name, images in {
            "cut": TrainingImages(cut, scaling, PIXEL_MAX),
            "whole": TrainingImages(SPLIT, scaling, PIXEL_MAX, columns=columns),
        }.items()
    ]
    assert_same_examples(found[0], found[1])
