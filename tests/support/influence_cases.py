"""Small data set, networks and comparisons for tests of training influence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.datasets.dataset import Split
from nn.datasets.scaling import Scaling
from nn.explanations.forward_pass import Float64Network
from nn.explanations.training_images import TrainingImages
from nn.explanations.training_influence import Examples, InfluenceFinder, StoredNetwork
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network

PIXEL_MAX = 16
N_FEATURES = 6
CODES = np.eye(3)
RNG = np.random.default_rng(4)
SPLIT = Split(
    RNG.integers(0, PIXEL_MAX + 1, (1300, N_FEATURES), dtype=np.uint8), RNG.integers(0, 3, 1300, dtype=np.uint8)
)
PART = SPLIT.part(np.random.default_rng(5).permutation(1300)[:1100])
SCALING = Scaling(RNG.normal(5, 2, N_FEATURES), RNG.uniform(0.1, 0.3, N_FEATURES))
IMAGE = RNG.random(N_FEATURES)
PREDICTED, RIVAL = 2, 0


def hyperparameters(**values: Any) -> Hyperparameters:
    return Hyperparameters(**({"dtype": "float64", "hidden_sizes": (5,), "batch_size": 10} | values))


def network_of(h: Hyperparameters, seed: int = 0) -> Network:
    network = Network.from_hyperparameters(h, N_FEATURES, 3, np.random.default_rng(seed), max_rows=2000)
    network.parameters += 0.1 * np.random.default_rng(seed + 100).standard_normal(network.parameter_count)
    return network


def scaled(stored: Any) -> Any:
    return (np.asarray(stored, np.float64) - SCALING.offset) * SCALING.scale


def stored_images(split: Split) -> Any:
    return split.take(np.arange(len(split)))


def make_influence(
    h: Hyperparameters, stored: list[StoredNetwork], folder: Path, split: Split = PART
) -> InfluenceFinder:
    return InfluenceFinder(stored, TrainingImages(split, SCALING, PIXEL_MAX), h, CODES, folder)


def explain(h: Hyperparameters, folder: Path, split: Split = PART, network: Network | None = None) -> Examples:
    explained = Float64Network.from_network(network or network_of(h))
    return make_influence(h, [StoredNetwork(1, 1.0, lambda: explained)], folder, split).find_examples(
        IMAGE, PREDICTED, RIVAL, explained
    )


def assert_same_examples(found: Examples, expected: Examples) -> None:
    """Assert that the images are the same. Their distances and influences may differ by rounding errors.

    The rounding errors depend on the alignment of the arrays in memory.
    """
    assert found.checkpoints == expected.checkpoints
    assert (found.by_hidden is None) == (expected.by_hidden is None)
    for actual, reference in ((found.by_pixels, expected.by_pixels), (found.by_hidden or (), expected.by_hidden or ())):
        assert [(near.index, near.label) for near in actual] == [(near.index, near.label) for near in reference]
        assert [near.distance for near in actual] == pytest.approx([near.distance for near in reference], rel=1e-12)
    images = [(each.index, each.label) for each in found.influential]
    assert images == [(each.index, each.label) for each in expected.influential]
    influences = [each.influence for each in found.influential]
    assert influences == pytest.approx([each.influence for each in expected.influential], rel=1e-12)
