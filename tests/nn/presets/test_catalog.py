"""Each preset reaches the result that its note describes."""

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


def train_preset(name: str, folder: Path = Path(), cache: Path = Path(), **changes: Any) -> TrainingResult:
    h = PRESETS[name].hyperparameters.model_copy(update=changes)
    dataset = load_dataset(h.dataset, datasets_dir=folder, cache_dir=cache)
    return train(h, dataset, on_event=lambda _event: None)


def costs(result: TrainingResult) -> list[float]:
    return [epoch.train_cost or 0 for epoch in result.history]


def accuracy(result: TrainingResult) -> float:
    return result.history[-1].test_accuracy or 0


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_valid_and_described(name: str) -> None:
    preset = PRESETS[name]
    assert preset.id == name
    assert preset.title
    assert preset.note.endswith((".", "?"))
    assert preset.published is None or preset.source
    assert Hyperparameters.parse(preset.hyperparameters.model_dump(mode="json")) == preset.hyperparameters
    assert estimate_memory(preset.hyperparameters).total_bytes < 300_000_000


def test_preset_titles_are_unique() -> None:
    assert len({preset.title for preset in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize("seed", range(5))
def test_digits_quick_reaches_96_percent_test_accuracy(seed: int) -> None:
    assert accuracy(train_preset("digits_quick", seed=seed)) >= 0.96


def test_digits_perceptron_reaches_94_percent_test_accuracy() -> None:
    assert accuracy(train_preset("digits_perceptron")) >= 0.94


def test_deep_sigmoid_learns_only_with_relu() -> None:
    stuck = train_preset("deep_sigmoid")
    assert min(costs(stuck)) > 2.29  # log 10 ≈ 2.30
    assert accuracy(stuck) < 0.15
    assert accuracy(train_preset("deep_sigmoid", activation="relu")) > 0.9


def test_all_the_same_learns_only_with_different_weights() -> None:
    stuck = train_preset("all_the_same")
    first, *_, last = stuck.network.layers
    assert not first.weights.any()
    assert not last.weights.any()
    assert last.biases.any()
    assert min(costs(stuck)) > 2.29  # log 10 ≈ 2.30
    assert accuracy(stuck) < 0.15
    equal = train_preset("all_the_same", initializer_scale=0.1)
    assert np.ptp(equal.network.layers[0].weights, axis=1).max() < 1e-6  # all units have the same weights
    assert costs(equal)[-1] < 2.0
    assert accuracy(equal) < 0.5
    assert accuracy(train_preset("all_the_same", initializer="he")) > 0.95
    assert accuracy(train_preset("all_the_same", hidden_sizes=())) > 0.9


def test_too_hot_diverges_but_learns_at_a_rate_of_017() -> None:
    diverged = train_preset("too_hot")
    assert diverged.stop_reason is StopReason.DIVERGED
    assert len(diverged.history) > 8
    ratios = np.diff(np.log(costs(diverged)))[-5:]
    assert np.ptp(ratios) < 0.05  # the cost grows exponentially
    slower = train_preset("too_hot", learning_rate=0.17)
    assert slower.stop_reason is StopReason.COMPLETED
    assert accuracy(slower) > 0.75


def test_mnist_modern_reaches_97_5_percent_after_10_epochs(mnist_dir: Path, tmp_path: Path) -> None:
    result = train_preset("mnist_modern", mnist_dir, tmp_path)
    assert len(result.history) == 10
    assert accuracy(result) >= 0.975


def test_nielsen_never_predicts_a_class_with_seed_22_except_with_cross_entropy(mnist_dir: Path, tmp_path: Path) -> None:
    dataset = load_dataset("mnist", datasets_dir=mnist_dir, cache_dir=tmp_path)

    def smallest_predicted_count(**changes: Any) -> int:
        """Train for one epoch, and return how many images are predicted as the class that is predicted least often."""
        counts: list[int] = []

        def count_predictions(event: TrainingEvent) -> None:
            if isinstance(event, EpochCompleted) and event.predictions:
                counts.extend(np.bincount(event.predictions.predicted, minlength=10).tolist())

        h = PRESETS["nielsen_chapter_1"].hyperparameters.model_copy(update={"seed": 22, "epochs": 1, **changes})
        train(h, dataset, on_event=count_predictions)
        return min(counts)

    assert smallest_predicted_count() < 20
    assert smallest_predicted_count(loss="binary_cross_entropy", learning_rate=0.5) > 500


def test_fashion_modern_uses_fashion_mnist() -> None:
    assert PRESETS["fashion_modern"].hyperparameters.dataset_spec.title == "Fashion-MNIST"
