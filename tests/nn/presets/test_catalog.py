"""Each preset does what its note says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.datasets import load_dataset
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS
from nn.training.events import EpochCompleted, StopReason, TrainingEvent
from nn.training.memory_estimate import estimate_memory
from nn.training.trainer import TrainingResult, train


def trained(name: str, folder: Path = Path(), cache: Path = Path(), **changed: Any) -> TrainingResult:
    h = PRESETS[name].hyperparameters.model_copy(update=changed)
    dataset = load_dataset(h.dataset, datasets_dir=folder, cache_dir=cache)
    return train(h, dataset, on_event=lambda _event: None)


def costs(result: TrainingResult) -> list[float]:
    return [epoch.train_cost or 0 for epoch in result.history]


def accuracy(result: TrainingResult) -> float:
    return result.history[-1].test_accuracy or 0


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_trained_and_told(name: str) -> None:
    preset = PRESETS[name]
    assert preset.id == name
    assert preset.title
    assert preset.note.endswith((".", "?"))
    assert preset.published is None or preset.source
    assert Hyperparameters.parse(preset.hyperparameters.model_dump(mode="json")) == preset.hyperparameters
    assert estimate_memory(preset.hyperparameters).total_bytes < 300_000_000


def test_titles_tell_presets_apart() -> None:
    assert len({preset.title for preset in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize("seed", range(5))
def test_digits_quick_reads_96_percent_of_the_test_images(seed: int) -> None:
    assert accuracy(trained("digits_quick", seed=seed)) >= 0.96


def test_without_a_hidden_layer_most_digits_are_read() -> None:
    assert accuracy(trained("digits_perceptron")) >= 0.94


def test_deep_sigmoid_does_not_learn_until_it_is_relu() -> None:
    stuck = trained("deep_sigmoid")
    assert min(costs(stuck)) > 2.29  # log 10 ≈ 2.30
    assert accuracy(stuck) < 0.15
    assert accuracy(trained("deep_sigmoid", activation="relu")) > 0.9


def test_too_hot_climbs_until_it_has_diverged_and_learns_at_017() -> None:
    hot = trained("too_hot")
    assert hot.stop_reason is StopReason.DIVERGED
    assert len(hot.history) > 8
    ratios = np.diff(np.log(costs(hot)))[-5:]
    assert np.ptp(ratios) < 0.05  # a straight line on a logarithmic axis
    learning = trained("too_hot", learning_rate=0.17)
    assert learning.stop_reason is StopReason.COMPLETED
    assert accuracy(learning) > 0.75


def test_mnist_modern_reads_97_5_percent_after_10_epochs(mnist_dir: Path, tmp_path: Path) -> None:
    result = trained("mnist_modern", mnist_dir, tmp_path)
    assert len(result.history) == 10
    assert accuracy(result) >= 0.975


def test_nielsen_loses_a_class_with_seed_22_and_not_with_cross_entropy(mnist_dir: Path, tmp_path: Path) -> None:
    dataset = load_dataset("mnist", datasets_dir=mnist_dir, cache_dir=tmp_path)

    def fewest_of_a_class(**changed: Any) -> int:
        """How often the network predicts the class that it predicts least, after one epoch."""
        counts: list[int] = []

        def count(event: TrainingEvent) -> None:
            if isinstance(event, EpochCompleted) and event.predictions:
                counts.extend(np.bincount(event.predictions.predicted, minlength=10).tolist())

        h = PRESETS["nielsen_chapter_1"].hyperparameters.model_copy(update={"seed": 22, "epochs": 1, **changed})
        train(h, dataset, on_event=count)
        return min(counts)

    assert fewest_of_a_class() < 20
    assert fewest_of_a_class(loss="binary_cross_entropy", learning_rate=0.5) > 500


def test_fashion_modern_is_of_fashion() -> None:
    assert PRESETS["fashion_modern"].hyperparameters.dataset_spec.title == "Fashion-MNIST"
