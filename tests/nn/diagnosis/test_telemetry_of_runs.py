"""Telemetry of training runs: it changes nothing, and every kind of run has it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from nn.datasets import load_dataset
from nn.diagnosis.telemetry import Telemetry
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS
from nn.storage.checkpoint import Checkpoint
from nn.training.events import EpochCompleted, TrainingEvent
from nn.training.trainer import train
from tests.support.datasets.small_dataset import small_dataset
from tests.support.event_recorder import SMALL, Recording, choices, record, without_times

SEARCHES: dict[str, Any] = {"batching": "full_batch", "dropout_rate": 0.0, "dtype": "float64", "epochs": 4}


def moments_of(recording: Recording) -> list[Telemetry]:
    return [moment for event in recording.epochs for moment in event.telemetry]


def assert_telemetry_changes_nothing(values: dict[str, Any]) -> None:
    """Train with and without telemetry, and compare every array of every checkpoint bit for bit."""
    h = Hyperparameters.parse({"hidden_sizes": (8,), "epochs": 3, "batch_size": 16} | values)
    states: dict[bool, list[Any]] = {}
    for telemetry in (True, False):
        states[telemetry] = []

        def remember(event: TrainingEvent, found: list[Any] = states[telemetry]) -> None:
            if isinstance(event, EpochCompleted):
                found.append(_bits(event.checkpoint))

        result = train(h, SMALL, on_event=remember, telemetry=telemetry)
        states[telemetry].append(without_times(result.history))
    assert states[True] == states[False]


def _bits(checkpoint: Checkpoint) -> dict[str, Any]:
    arrays = {"parameters": checkpoint.parameters, **checkpoint.optimizer_state}
    return {
        "arrays": {name: array.tobytes() for name, array in arrays.items()},
        "steps": checkpoint.optimizer_steps,
        "random_state": checkpoint.random_state,
        "first_cost": checkpoint.first_cost,
    }


@settings(max_examples=30)
@given(chosen=choices())
def test_training_is_the_same_bit_for_bit_with_and_without_telemetry(chosen: dict[str, Any]) -> None:
    assert_telemetry_changes_nothing(chosen)


@pytest.mark.parametrize("optimizer", ["conjugate_gradient", "lbfgs"])
def test_a_line_search_is_the_same_with_and_without_telemetry(optimizer: str) -> None:
    assert_telemetry_changes_nothing({"optimizer": optimizer, **SEARCHES})


@pytest.mark.parametrize("optimizer", ["conjugate_gradient", "lbfgs"])
def test_the_update_of_a_line_search_is_the_difference_of_its_iterates(optimizer: str) -> None:
    _, recording = record(optimizer=optimizer, **SEARCHES)
    start, *moments = moments_of(recording)
    assert (start.epoch, start.step) == (0, 0)
    assert [moment.epoch for moment in moments] == [1, 2, 4]
    weights = dict(enumerate(recording.weights, start=1))
    for moment in moments[1:]:
        last = weights[moment.epoch] - weights[moment.epoch - 1]
        squares = sum((layer.update_norm or 0.0) ** 2 for layer in moment.layers)
        assert squares == pytest.approx(float(last @ last), rel=1e-9)
        assert all(layer.update_cosine is not None for layer in moment.layers)


@pytest.mark.parametrize(
    "values",
    [
        {"hidden_sizes": ()},
        {"use_bias": False, "activation": "tanh"},
        {"dtype": "float64", "l1": 1e-3, "l2": 1e-3},
        {"batching": "full_batch"},
        {"sampling": "sliding_window", "batch_size": 4},
        {"loss": "quadratic", "output_activation": "sigmoid", "dropout_rate": 0.5},
        {"reduction": "sum", "optimizer": "sgd", "learning_rate": 1e9},
    ],
    ids=" ".join,
)
def test_every_kind_of_run_has_telemetry(values: dict[str, Any]) -> None:
    _, recording = record(**values)
    moments = moments_of(recording)
    h = Hyperparameters.parse(values)
    assert (moments[0].epoch, moments[0].step) == (0, 0)
    ends = [moment for moment in moments if moment.step is None]
    assert ends[0].epoch == 1
    assert ends[-1].epoch == len(recording.epochs)
    for moment in moments:
        assert len(moment.layers) == len(h.model_copy(update={"hidden_sizes": (8,)} | values).hidden_sizes) + 1
    for moment in (moments[0], ends[0], ends[-1]):
        assert moment.predicted_counts is not None
        assert moment.accuracy is not None


def test_a_run_without_telemetry_has_none() -> None:
    found: list[TrainingEvent] = []
    train(Hyperparameters.parse({"epochs": 2}), SMALL, on_event=found.append, telemetry=False)
    assert [event.telemetry for event in found if isinstance(event, EpochCompleted)] == [(), ()]


@pytest.mark.parametrize("values", [{"dropout_rate": 0.5, "epochs": 4}, {"optimizer": "lbfgs", **SEARCHES}])
@pytest.mark.parametrize("n_epochs", [1, 2, 3])
def test_a_resumed_run_continues_the_telemetry(values: dict[str, Any], n_epochs: int) -> None:
    checkpoints: list[Checkpoint] = []
    _, whole = record(**values)

    def collect(event: TrainingEvent) -> None:
        if isinstance(event, EpochCompleted):
            checkpoints.append(deepcopy(event.checkpoint))

    train(Hyperparameters.parse({"hidden_sizes": (8,), "batch_size": 16} | values), SMALL, on_event=collect)
    _, rest = record(resume_from=checkpoints[n_epochs - 1], **values)
    expected = [moment for moment in moments_of(whole) if moment.epoch > n_epochs]
    assert list(map(_without_cosines, moments_of(rest))) == list(map(_without_cosines, expected))


def _without_cosines(moment: Telemetry) -> Telemetry:
    """Return `moment` without the cosines, which are not known after a resumption in the middle of two steps."""
    return replace(moment, layers=tuple(replace(layer, update_cosine=None) for layer in moment.layers))


@pytest.mark.parametrize(
    "name", [name for name, preset in PRESETS.items() if "mnist" not in preset.hyperparameters.dataset]
)
def test_every_preset_on_included_data_has_telemetry(name: str, tmp_path: Path) -> None:
    h = PRESETS[name].hyperparameters.model_copy(update={"epochs": 2})
    dataset = load_dataset(h.dataset, datasets_dir=tmp_path, cache_dir=tmp_path)
    recording = Recording()
    train(h, dataset, on_event=recording)
    moments = moments_of(recording)
    assert moments[0].step == 0
    assert moments[0].cost == moments[0].first_cost
    assert [moment.epoch for moment in moments if moment.step is None] == list(range(1, len(recording.epochs) + 1))


def test_the_fixed_examples_are_of_all_classes_also_if_the_classes_alternate() -> None:
    """Every eighth row of this data set is of class 0, which is the class that this network predicts."""
    dataset = small_dataset(1600, n_classes=4)
    values: dict[str, Any] = {"hidden_sizes": (), "initializer": "constant", "initializer_scale": 0.0, "epochs": 1}
    _, recording = record(dataset, validation_fraction=0.0, **values)
    start = moments_of(recording)[0]
    assert start.predicted_counts == (200, 0, 0, 0)
    assert start.accuracy == pytest.approx(0.25, abs=0.1)
