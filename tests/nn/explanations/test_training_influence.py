"""Training influence against explicit gradients and against real steps."""

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
    chosen,
    explained,
    influence_of,
    network_of,
    scaled,
    stored_of,
)


def gap_gradient(h: Hyperparameters, network: Network, image: Any) -> Any:
    """With linear outputs a and the loss ½ Σ (a − y)², backward goes through a − y: here the direction of the gap."""
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


def explicit_pushes(h: Hyperparameters, network: Network, split: Split) -> Any:
    """−∇loss · ∇gap of each training image, by its own backward pass, with the batch being that image alone."""
    network = Network.from_parameters(h.model_copy(update={"l1": 0.0, "l2": 0.0}), N_FEATURES, 3, network.parameters)
    wanted = gap_gradient(h, network, scaled(IMAGE * PIXEL_MAX))
    pushes = []
    for image, label in zip(stored_of(split), split.labels, strict=True):
        network.forward(scaled(image)[np.newaxis])
        network.backward(CODES[[label]])
        pushes.append(-network.gradient @ wanted)
    return np.array(pushes)


def check_largest(found: Examples, expected: Any, split: Split = PART) -> None:
    rows = np.arange(len(split)) if split.rows is None else split.rows
    order = np.argsort(-np.abs(expected), kind="stable")[:5]
    assert [push.index for push in found.influential] == rows[order].tolist()
    assert [push.label for push in found.influential] == split.labels[order].tolist()
    assert [push.influence for push in found.influential] == pytest.approx(expected[order].tolist(), rel=1e-9)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("hidden_sizes", [(), (5,), (5, 4), (4, 5, 6)])
@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_pushes_are_products_of_gradients(
    loss: str, hidden_sizes: tuple[int, ...], activation: str, tmp_path: Path
) -> None:
    h = chosen(loss=loss, hidden_sizes=hidden_sizes, activation=activation, batch_size=1)
    check_largest(explained(h, tmp_path), explicit_pushes(h, network_of(h), PART))


@pytest.mark.parametrize(
    "values",
    [
        {"activation": "tanh", "use_bias": False},
        {"activation": "leaky_relu", "loss": "squared_error", "output_activation": "tanh"},
        {"activation": "linear", "loss": "quadratic", "output_activation": "linear", "hidden_sizes": (4, 4)},
        {"l1": 0.1, "l2": 0.5, "dropout_rate": 0.5},
    ],
)
def test_so_they_are_without_biases_with_other_outputs_and_beside_penalties(
    values: dict[str, Any], tmp_path: Path
) -> None:
    h = chosen(batch_size=1, **values)
    check_largest(explained(h, tmp_path), explicit_pushes(h, network_of(h), PART))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_tiny_step_with_one_image_moves_the_gap_by_its_push(loss: str, tmp_path: Path) -> None:
    h = chosen(loss=loss, activation="tanh", batch_size=1)
    rate = 1e-6
    network = network_of(h)
    now = Float64Network.from_network(network)
    found = influence_of(h, [StoredNetwork(1, rate, lambda: now)], tmp_path).find_examples(IMAGE, PREDICTED, RIVAL, now)
    inputs = scaled(IMAGE * PIXEL_MAX)[np.newaxis]
    gap = now.logits(inputs) @ (CODES[PREDICTED] - CODES[RIVAL])
    for push in found.influential:
        stepping = Network.from_parameters(h, N_FEATURES, 3, network.parameters)
        stepping.forward(scaled(SPLIT.inputs[push.index])[np.newaxis])
        stepping.backward(CODES[[push.label]])
        stepping.parameters -= rate * stepping.gradient
        moved = Float64Network.from_network(stepping).logits(inputs) @ (CODES[PREDICTED] - CODES[RIVAL]) - gap
        assert moved[0] == pytest.approx(push.influence, rel=1e-3)


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
def test_checkpoints_add_up_by_learning_and_batches(values: dict[str, Any], weight: float, tmp_path: Path) -> None:
    h = chosen(**values)
    networks = [network_of(h, seed) for seed in range(3)]
    kept = [
        StoredNetwork(epoch, learning, partial(Float64Network.from_network, network))
        for network, epoch, learning in zip(networks, (1, 4, 6), (1.0, 0.75, 0.2), strict=True)
    ]
    found = influence_of(h, kept, tmp_path).find_examples(IMAGE, PREDICTED, RIVAL, kept[-1].load())
    alone = chosen(batch_size=1, reduction="sum")
    parts = [explicit_pushes(alone, network, PART) for network in networks]
    check_largest(found, weight * (parts[0] + 0.75 * parts[1] + 0.2 * parts[2]))
    assert found.checkpoints == (1, 4, 6)


def brute_force_hidden(network: Float64Network, split: Split) -> tuple[list[int], list[float]]:
    hidden = ForwardPass(network, scaled(stored_of(split))).activations[-1]
    query = ForwardPass(network, scaled(IMAGE * PIXEL_MAX)[np.newaxis]).activations[-1]
    distances = np.sqrt(((hidden - query) ** 2).sum(axis=1))
    order = np.argsort(distances, kind="stable")[:5]
    rows = np.arange(len(split)) if split.rows is None else split.rows
    return rows[order].tolist(), distances[order].tolist()


@pytest.mark.parametrize("hidden_sizes", [(5,), (5, 4)])
@pytest.mark.parametrize("activation", ["sigmoid", "leaky_relu", "tanh"])
def test_the_last_hidden_layer_of_the_network_asked_compares_images(
    hidden_sizes: tuple[int, ...], activation: str, tmp_path: Path
) -> None:
    h = chosen(hidden_sizes=hidden_sizes, activation=activation)
    kept = [StoredNetwork(1, 0.1, partial(Float64Network.from_network, network_of(h, 1)))]
    now = Float64Network.from_network(network_of(h, 2))
    found = influence_of(h, kept, tmp_path).find_examples(IMAGE, PREDICTED, RIVAL, now)
    indices, distances = brute_force_hidden(now, PART)
    assert found.by_hidden is not None
    assert [near.index for near in found.by_hidden] == indices
    assert [near.distance for near in found.by_hidden] == pytest.approx(distances, rel=1e-9)


def test_without_hidden_layers_there_are_no_neighbors_in_one(tmp_path: Path) -> None:
    assert explained(chosen(hidden_sizes=()), tmp_path).by_hidden is None


def test_an_image_that_is_there_is_nearest_at_no_distance(tmp_path: Path) -> None:
    now = Float64Network.from_network(network_of(chosen(activation="sigmoid")))
    influence = influence_of(chosen(activation="sigmoid"), [], tmp_path, SPLIT)
    found = influence.find_examples(SPLIT.inputs[77] / PIXEL_MAX, PREDICTED, RIVAL, now)
    assert found.by_hidden is not None
    assert [(near[0].index, near[0].distance) for near in (found.by_pixels, found.by_hidden)] == [(77, 0.0)] * 2
    assert found.influential == ()


def test_a_part_of_each_stored_image_is_like_images_that_are_no_more_than_that(tmp_path: Path) -> None:
    columns = np.array([1, 2, 4])
    cut = Split(np.ascontiguousarray(SPLIT.inputs[:, columns]), SPLIT.labels)
    scaling = Scaling(SCALING.offset[columns], SCALING.scale[columns])
    h = chosen()
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
