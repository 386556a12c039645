"""Plots of runs on tables: a decision boundary, a fitted curve, or predictions against true values."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from nn.datasets.dataset import Dataset
from webapp.json_numbers import probability_number, six_digits
from webapp.runs.results import EpochOutputs


class BoundaryPoint(TypedDict):
    """A training example of a classifier."""

    inputs: list[float]
    label: int
    predicted: int
    output: float | None


class BoundaryOutputs(TypedDict):
    """A decision boundary: `outputs[j][i]` is the probability of class 1 at (`x[i]`, `y[j]`)."""

    epoch: int
    kind: Literal["boundary"]
    x: list[float]
    y: list[float]
    outputs: list[list[float | None]]
    points: list[BoundaryPoint]
    feature_names: list[str]
    target_names: list[str]


class CurvePoint(TypedDict):
    """A training example of a regression on one input."""

    x: float
    target: float
    output: float | None


class CurveOutputs(TypedDict):
    """A fitted curve."""

    epoch: int
    kind: Literal["curve"]
    x: list[float]
    outputs: list[float | None]
    points: list[CurvePoint]
    feature_names: list[str]
    target_names: list[str]


class ScatterOutputs(TypedDict):
    """Predictions against true values, for every target of every training example."""

    epoch: int
    kind: Literal["scatter"]
    true: list[float]
    predicted: list[float | None]
    feature_names: list[str]
    target_names: list[str]


Outputs = BoundaryOutputs | CurveOutputs | ScatterOutputs


def outputs_json(found: EpochOutputs) -> Outputs:
    """Return the plot of an epoch. Values have six significant digits. A value that is not finite is None."""
    match found.spec.output_plot:
        case "boundary":
            return _boundary(found)
        case "curve":
            return _curve(found)
        case _:
            return _scatter(found)


def _boundary(found: EpochOutputs) -> BoundaryOutputs:
    x, y = found.grid.axes
    train, n_drawn = found.dataset.train, found.grid.n_drawn
    examples = zip(train.inputs.tolist(), train.labels.tolist(), found.outputs[n_drawn:, 0], strict=True)
    return {
        "epoch": found.epoch,
        "kind": "boundary",
        "x": x.tolist(),
        "y": y.tolist(),
        "outputs": [list(map(probability_number, row)) for row in found.outputs[:n_drawn, 0].reshape(len(y), len(x))],
        "points": [
            {"inputs": inputs, "label": label, "predicted": int(output > 0.5), "output": probability_number(output)}
            for inputs, label, output in examples
        ],
        "feature_names": _feature_names(found),
        "target_names": _target_names(found),
    }


def _curve(found: EpochOutputs) -> CurveOutputs:
    n_drawn = found.grid.n_drawn
    inputs, targets = found.dataset.train.inputs[:, 0].tolist(), _targets(found.dataset)[:, 0].tolist()
    examples = zip(inputs, targets, found.outputs[n_drawn:, 0], strict=True)
    return {
        "epoch": found.epoch,
        "kind": "curve",
        "x": found.grid.axes[0].tolist(),
        "outputs": list(map(six_digits, found.outputs[:n_drawn, 0])),
        "points": [{"x": x, "target": target, "output": six_digits(output)} for x, target, output in examples],
        "feature_names": _feature_names(found),
        "target_names": _target_names(found),
    }


def _scatter(found: EpochOutputs) -> ScatterOutputs:
    return {
        "epoch": found.epoch,
        "kind": "scatter",
        "true": [float(f"{target:.6g}") for target in _targets(found.dataset).ravel()],
        "predicted": list(map(six_digits, found.outputs.ravel())),
        "feature_names": _feature_names(found),
        "target_names": _target_names(found),
    }


def _feature_names(found: EpochOutputs) -> list[str]:
    return list(found.spec.feature_names[: len(found.grid.axes)])


def _target_names(found: EpochOutputs) -> list[str]:
    return list(found.spec.target_names)


def _targets(dataset: Dataset) -> NDArray[np.float64]:
    return np.empty((len(dataset.train), 0)) if dataset.train.targets is None else dataset.train.targets
