"""Published systems that train in seconds; `benchmarks/network/systems.py` runs all of them with several seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.array_types import FloatArray
from nn.datasets import load_dataset
from nn.presets.catalog import PRESETS
from nn.presets.published import SYSTEMS
from nn.training.events import EpochCompleted, StopReason, TrainingEvent
from nn.training.trainer import TrainingResult, train


def train_preset(
    name: str, folder: Path = Path(), cache: Path = Path(), **changes: Any
) -> tuple[TrainingResult, list[FloatArray]]:
    """Train a preset, and return the result. For a table, also return the outputs for its examples after each epoch."""
    h = PRESETS[name].hyperparameters.model_copy(update=changes)
    dataset = load_dataset(h.dataset, datasets_dir=folder, cache_dir=cache)
    outputs: list[FloatArray] = []

    def store_outputs(event: TrainingEvent) -> None:
        if isinstance(event, EpochCompleted) and event.grid_outputs is not None and dataset.output_grid is not None:
            outputs.append(event.grid_outputs[dataset.output_grid.n_drawn :, 0].copy())

    return train(h, dataset, on_event=store_outputs), outputs


def cost(result: TrainingResult, epoch: int) -> float:
    return result.history[epoch - 1].train_cost or 0


def test_each_system_has_a_source_and_results() -> None:
    assert [preset.title.split(" · ")[0] for preset in SYSTEMS] == [
        "1a",
        "1b",
        "2",
        "3",
        "4a",
        "4b",
        "5",
        "6",
        "7",
        "8",
    ]
    for preset in SYSTEMS:
        assert preset.source
        assert preset.published or preset.checked or preset.id == "cs231n_two_layer"  # its source reports no result
        assert preset.reached
        assert len(preset.note) > 100


def test_2_without_a_bias_the_output_at_the_origin_stays_at_one_half() -> None:
    result, outputs = train_preset("or_gate_perceptron")
    assert len(outputs) == 50
    assert {float(outputs_of_epoch[0]) for outputs_of_epoch in outputs} == {0.5}
    assert (outputs[-1][1:] > 0.5).all()
    assert result.history[-1].train_accuracy == 1.0  # ½ at the origin counts as class 0
    assert result.network.parameter_count == 2


@pytest.mark.parametrize("seed", range(3))
def test_2_with_a_bias_all_four_become_correct(seed: int) -> None:
    result, outputs = train_preset("or_gate_perceptron", use_bias=True, epochs=500, seed=seed)
    assert outputs[-1][0] < 0.5
    assert (outputs[-1][1:] > 0.5).all()
    assert result.history[-1].train_accuracy == 1.0


def test_xor_needs_a_hidden_layer() -> None:
    with_hidden_layer, _ = train_preset("xor_gate")
    without_hidden_layer, _ = train_preset("xor_gate", hidden_sizes=())
    assert with_hidden_layer.history[-1].train_accuracy == 1.0
    assert (without_hidden_layer.history[-1].train_accuracy or 0) < 1.0


def test_3_the_first_costs_of_tiny_weights_are_log_10(mnist_dir: Path, tmp_path: Path) -> None:
    result, _ = train_preset("cs231n_two_layer", mnist_dir, tmp_path, epochs=1, learning_rate=1e-9)
    assert cost(result, 1) == pytest.approx(np.log(10), rel=1e-3)
    learned, _ = train_preset("cs231n_two_layer", mnist_dir, tmp_path, epochs=2)
    assert (learned.history[-1].test_accuracy or 0) > 0.9
    assert learned.history[1].learning_rate == pytest.approx(0.95e-3)


def test_4_unscaled_run_diverges() -> None:
    result, _ = train_preset("squares_unscaled")
    assert [f"{cost(result, epoch):.4g}" for epoch in (1, 11, 21)] == ["25.45", "2.104e+11", "1.782e+21"]
    assert result.stop_reason is StopReason.DIVERGED


def test_4_standardized_losses_are_the_published_ones() -> None:
    result, outputs = train_preset("squares_standardized")
    assert [f"{cost(result, epoch):.7f}" for epoch in (1, 11, 21)] == ["0.2575580", "0.0799487", "0.0283290"]
    assert result.stop_reason is StopReason.COMPLETED
    mean_square = np.square(outputs[20] - np.square(np.arange(1, 6))).mean()  # not standardized, after 21 steps
    assert mean_square / (374 / 4) == pytest.approx(cost(result, 22), rel=1e-9)


def test_5_conjugate_gradient_learns_the_digits(mnist_dir: Path, tmp_path: Path) -> None:
    result, _ = train_preset("exercise_5", mnist_dir, tmp_path, epochs=21)
    assert 6.4 < cost(result, 1) < 7.6
    assert 0.55 < cost(result, 21) < 0.8
    assert (result.history[20].train_accuracy or 0) > 0.89
    assert result.history[20].gradient_evaluations < 70


@pytest.mark.parametrize("seed", range(3))
def test_6_network_memorizes_random_numbers(seed: int) -> None:
    result, _ = train_preset("two_layer_regression", seed=seed)
    assert 1e7 < cost(result, 1) < 6e7
    assert 50 < cost(result, 101) < 3000
    assert cost(result, 501) < 1e-3
    assert all(epoch.train_accuracy is None for epoch in result.history)


@pytest.mark.parametrize("seed", range(3))
def test_8_sliding_windows_learn_the_digits(seed: int) -> None:
    result, _ = train_preset("digits_notebook", seed=seed)
    assert result.history[-1].gradient_evaluations == 28_760
    assert 0.78 < (result.history[-1].test_accuracy or 0) < 0.93
