"""What a network says where there are no pictures: a boundary, a curve, or what is predicted against what is true."""

from __future__ import annotations

from typing import Any

import numpy as np
from flask import Blueprint
from numpy.typing import NDArray

from nn.datasets.catalog import CATALOG
from nn.datasets.dataset import Dataset
from nn.datasets.output_grid import OutputGrid
from webapp.web.request_parsing import EpochQuery, read_query
from webapp.web.services import services

outputs = Blueprint("outputs", __name__, url_prefix="/api/runs/<number:run_id>")


@outputs.get("/outputs")
def index(run_id: int) -> dict[str, Any]:
    """What is drawn of a run on a table, after one epoch."""
    query = read_query(EpochQuery)
    found = services().runs.sketch(run_id, query.epoch)
    sketch = found.sketch
    drawing = {"boundary": _boundary, "curve": _curve, "scatter": _scatter}[sketch.kind]
    spec = CATALOG[found.dataset.name]
    names = {"feature_names": spec.feature_names[: len(sketch.axes)], "target_names": spec.target_names}
    return {"epoch": found.epoch, "kind": sketch.kind, **names, **drawing(found.dataset, sketch, found.outputs)}


def _boundary(dataset: Dataset, sketch: OutputGrid, said: NDArray[np.float32]) -> dict[str, Any]:
    x, y = sketch.axes
    plane, of_examples = said[: sketch.n_drawn, 0], said[sketch.n_drawn :, 0]
    examples = zip(dataset.train.inputs.tolist(), dataset.train.labels.tolist(), of_examples, strict=True)
    points = [
        {"inputs": inputs, "label": label, "predicted": int(output > 0.5), "output": _number(output)}
        for inputs, label, output in examples
    ]
    rows = [_numbers(row) for row in plane.reshape(len(y), len(x))]
    return {"x": x.tolist(), "y": y.tolist(), "outputs": rows, "points": points}


def _curve(dataset: Dataset, sketch: OutputGrid, said: NDArray[np.float32]) -> dict[str, Any]:
    curve, of_examples = said[: sketch.n_drawn, 0], said[sketch.n_drawn :, 0]
    examples = zip(dataset.train.inputs[:, 0].tolist(), _targets(dataset)[:, 0].tolist(), of_examples, strict=True)
    points = [{"x": x, "target": target, "output": _number(output)} for x, target, output in examples]
    return {"x": sketch.axes[0].tolist(), "outputs": _numbers(curve), "points": points}


def _scatter(dataset: Dataset, _sketch: OutputGrid, said: NDArray[np.float32]) -> dict[str, Any]:
    return {"true": _numbers(_targets(dataset).ravel()), "predicted": _numbers(said.ravel())}


def _targets(dataset: Dataset) -> NDArray[np.float64]:
    return np.empty((len(dataset.train), 0)) if dataset.train.targets is None else dataset.train.targets


def _numbers(values: NDArray[np.floating[Any]]) -> list[float | None]:
    return [_number(value) for value in values]


def _number(value: np.floating[Any]) -> float | None:
    """With the digits that 32 bits have; `None` where it is not finite."""
    return float(f"{value:.6g}") if np.isfinite(value) else None
