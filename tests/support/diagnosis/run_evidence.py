"""Evidence of runs for tests: made up with chosen numbers, or recorded during a real training run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.datasets import Dataset
from nn.diagnosis.evidence import Curves, RunEnd, RunEvidence
from nn.diagnosis.start_examination import examine_start
from nn.diagnosis.start_profile import DataProfile, StartProfile
from nn.diagnosis.telemetry import LayerTelemetry, Telemetry
from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import EpochCompleted, EpochResultJson, StopReason, TrainingEvent
from nn.training.trainer import train

LN_10 = float(np.log(10))
STUCK = (LN_10,) * 11
"""The mean losses of ten epochs in which a network of ten balanced classes learns nothing."""
LEARNS_WELL = tuple(LN_10 * 0.5**epoch for epoch in range(11))

USUAL_LAYER = LayerTelemetry(
    n_units=64,
    n_parameters=4160,
    gradient_norm=0.1,
    weight_norm=11.0,
    update_norm=0.011,
    update_ratio=0.001,
    update_cosine=0.1,
    sum_mean=0.0,
    sum_std=1.0,
    activation_mean=0.5,
    activation_std=0.6,
    saturated_fraction=0.0,
    derivative_mean=0.5,
    dead_fraction=0.0,
    identical_fraction=0.0,
)
USUAL_DATA = DataProfile(
    n_train=1294,
    n_validation=144,
    n_test=359,
    n_inputs=64,
    class_counts=(130,) * 10,
    input_mean_square=0.25,
    largest_input=1.0,
    n_constant_inputs=3,
    n_duplicate_inputs=0,
    neighbor_agreement=0.98,
    chance_agreement=0.1,
    test_neighbor_agreement=0.98,
    shared_examples=0.0,
    batch_entropy=1.0,
    validation_shift=0.05,
    validation_spread=1.0,
    test_shift=0.05,
    test_spread=1.0,
)


def make_evidence(
    losses: Sequence[float] = STUCK,
    *,
    train_accuracy: float | Sequence[float] = 0.1,
    held_out_accuracy: float | None = None,
    layer: Mapping[str, Any] | None = None,
    layers: Sequence[Mapping[str, Any]] | None = None,
    first_layers: Sequence[Mapping[str, Any]] | None = None,
    data: Mapping[str, Any] | None = None,
    start: Mapping[str, Any] | None = None,
    telemetry: Mapping[str, Any] | None = None,
    confusion: NDArray[np.intp] | None = None,
    end: RunEnd = "finished",
    **changes: Any,
) -> RunEvidence:
    """Return the evidence of a run on the 8×8 digits whose mean losses are `losses`, before and after each epoch.

    `changes` are the hyperparameters that differ from the defaults. The other arguments replace numbers of an ordinary
    run: `layer` those of each layer, `layers` those of one layer each, `first_layers` those before the first step.
    """
    n_epochs = len(losses) - 1
    h = Hyperparameters.parse({"epochs": max(n_epochs, 1), **changes})
    accuracies = np.broadcast_to(np.asarray(train_accuracy, float), n_epochs).copy()
    held_out = accuracies.copy() if held_out_accuracy is None else np.full(n_epochs, held_out_accuracy)
    is_regression = h.dataset_spec.task == "regression"
    nothing = np.full(n_epochs, np.nan)
    costs = np.array(losses[1:], float)
    curves = Curves(
        train_cost=costs,
        train_accuracy=nothing if is_regression else accuracies,
        validation_cost=costs,
        validation_accuracy=nothing if is_regression else held_out,
        test_cost=costs,
        test_accuracy=nothing if is_regression else held_out,
        learning_rate=np.full(n_epochs, h.learning_rate),
    )
    usual = replace(USUAL_LAYER, **(layer or {}))
    n_layers = len(h.hidden_sizes) + 1
    now = tuple(replace(usual, **each) for each in (layers or [{}] * n_layers))
    before = tuple(replace(usual, **each) for each in (first_layers or layers or [{}] * n_layers))
    n_classes = max(h.dataset_spec.n_classes, 1)
    moment = Telemetry(
        epoch=0,
        layers=now,
        first_cost=losses[0],
        expected_first_cost=LN_10,
        predicted_counts=(100,) * n_classes,
        output_mean=0.1,
        output_std=0.05,
    )
    moments = [
        replace(
            moment,
            **{
                "epoch": epoch,
                "cost": float(losses[epoch]),
                "accuracy": None if is_regression else float(accuracies[epoch - 1]),
                **(telemetry or {}),
            },
        )
        for epoch in range(1, n_epochs + 1)
    ]
    profile = StartProfile(
        **{
            "telemetry": replace(moment, step=0, layers=before, cost=losses[0]),
            "ignored_cost": LN_10,
            "data": replace(USUAL_DATA, **(data or {})),
            "step_length": 0.5,
            "step_limit": 2.0 if h.optimizer == "sgd" else None,
            **(start or {}),
        }
    )
    return RunEvidence(h, curves, tuple(moments), profile, end, confusion)


def record_evidence(
    dataset: Dataset, defect: Callable[[Dataset], Dataset] | None = None, /, **changes: Any
) -> list[RunEvidence]:
    """Train on `dataset`, damaged by `defect`, and return the evidence after each epoch."""
    h = Hyperparameters.parse(changes)
    data = defect(dataset) if defect is not None else dataset
    start = examine_start(h, data)
    results: list[EpochResultJson] = []
    moments: list[Telemetry] = []
    confusions: list[NDArray[np.intp]] = []

    def on_event(event: TrainingEvent) -> None:
        if isinstance(event, EpochCompleted):
            results.append(event.result.to_json())
            moments.extend(event.telemetry)
            if event.predictions is not None and data.n_classes:
                counts = np.zeros((data.n_classes, data.n_classes), np.intp)
                np.add.at(counts, (data.test.labels, event.predictions.predicted), 1)
                confusions.append(counts)

    reason = train(h, data, on_event=on_event).stop_reason
    end: RunEnd = "diverged" if reason == StopReason.DIVERGED else "finished"
    return [
        RunEvidence(
            h,
            Curves.from_results(results[:epoch]),
            tuple(each for each in moments if each.epoch <= epoch),
            start,
            end if epoch == len(results) else "running",
            confusions[epoch - 1] if confusions else None,
        )
        for epoch in range(1, len(results) + 1)
    ]
