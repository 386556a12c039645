"""Telemetry as JSON values, in events and in a run's file."""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path
from typing import Any, cast

from typing_extensions import TypedDict  # before Python 3.12, pydantic rejects `typing.TypedDict`

from nn.diagnosis.telemetry import LayerTelemetry, Telemetry
from nn.storage.telemetry_history import TelemetryHistory

LAYER_FIELDS = tuple(field.name for field in fields(LayerTelemetry))
FIELDS = tuple(field.name for field in fields(Telemetry) if field.name != "layers")
# A measured number that is not finite is null, like a number that was not measured. These numbers are always measured.
MEASURED = ("gradient_norm", "weight_norm", "penalty_ratio")


class LayerTelemetryJson(TypedDict):
    """The measurements of one layer. A number that was not measured or is not finite is null."""

    n_units: int
    n_parameters: int
    gradient_norm: float | None
    weight_norm: float | None
    update_norm: float | None
    update_ratio: float | None
    update_cosine: float | None
    penalty_ratio: float | None
    sum_mean: float | None
    sum_std: float | None
    activation_mean: float | None
    activation_std: float | None
    saturated_fraction: float | None
    derivative_mean: float | None
    dead_fraction: float | None
    identical_fraction: float | None


class TelemetryJson(TypedDict):
    """The measurements at one moment of a run.

    `epoch` is the number of completed epochs. At a step of the first epoch, `epoch` is 0 and `step` the number of steps
    taken; after a completed epoch, `step` is null.
    """

    epoch: int
    step: int | None
    layers: list[LayerTelemetryJson]
    first_cost: float | None
    expected_first_cost: float | None
    cost: float | None
    accuracy: float | None
    predicted_counts: list[int] | None
    output_mean: float | None
    output_std: float | None
    lost_gradient: float | None


def to_json(telemetry: Telemetry) -> TelemetryJson:
    """Return `telemetry` as JSON values."""
    counts = telemetry.predicted_counts
    return {
        "epoch": telemetry.epoch,
        "step": telemetry.step,
        "layers": [_layer_to_json(layer) for layer in telemetry.layers],
        "first_cost": _number(telemetry.first_cost),
        "expected_first_cost": _number(telemetry.expected_first_cost),
        "cost": _number(telemetry.cost),
        "accuracy": telemetry.accuracy,
        "predicted_counts": None if counts is None else list(counts),
        "output_mean": _number(telemetry.output_mean),
        "output_std": _number(telemetry.output_std),
        "lost_gradient": _number(telemetry.lost_gradient),
    }


def from_json(values: TelemetryJson) -> Telemetry:
    """Return the telemetry of JSON values. NaN replaces a number that is always measured and was not finite."""
    counts = values["predicted_counts"]
    others = {name: values[name] for name in FIELDS if name not in {"predicted_counts", "first_cost"}}  # type: ignore[literal-required]
    first_cost = math.nan if values["first_cost"] is None else values["first_cost"]
    return Telemetry(
        layers=tuple(map(_layer_from_json, values["layers"])),
        predicted_counts=None if counts is None else tuple(counts),
        first_cost=first_cost,
        **others,
    )


def read_telemetry(path: Path, after: int = 0) -> tuple[Telemetry, ...]:
    """Return the stored telemetry of the epochs after `after`; with 0, also that of the steps of the first epoch.

    Return an empty tuple if the file does not exist, as in runs of earlier versions. Raises OSError.
    """
    return tuple(from_json(cast(TelemetryJson, record)) for record in TelemetryHistory.read(path, after))


def _layer_to_json(layer: LayerTelemetry) -> LayerTelemetryJson:
    values = {name: _number(getattr(layer, name)) for name in LAYER_FIELDS}
    return cast(LayerTelemetryJson, values)


def _layer_from_json(values: LayerTelemetryJson) -> LayerTelemetry:
    missing = {name: math.nan for name in MEASURED if values[name] is None}  # type: ignore[literal-required]
    return LayerTelemetry(**cast(dict[str, Any], {**values, **missing}))


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
