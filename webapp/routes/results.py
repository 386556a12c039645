"""What came of a run: its epochs, and what it said of the test images."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from nn.datasets.catalog import CATALOG
from nn.predictions import ImagePrediction, SortKey, SortOrder, confusion_matrix, misclassified, prediction
from webapp.errors import InvalidError, NotFoundError
from webapp.routes.incoming import Label, OfEpoch, Page, read_query
from webapp.services import services

results = Blueprint("results", __name__, url_prefix="/api/runs/<number:run_id>")


class Mistakes(Page, OfEpoch):
    """Which of the images that were got wrong, and in which order."""

    true: Label | None = None
    predicted: Label | None = None
    sort: SortKey = "confidence"
    order: SortOrder = "desc"


@results.get("/misclassified")
def mistakes(run_id: int) -> dict[str, Any]:
    """The test images that the run got wrong."""
    query = read_query(Mistakes)
    _check_labels(run_id, true=query.true, predicted=query.predicted)
    found = services().runs.predictions(run_id, query.epoch)
    total, items = misclassified(
        found.predictions,
        found.true_labels,
        true=query.true,
        predicted=query.predicted,
        sort=query.sort,
        order=query.order,
        offset=query.offset,
        limit=query.limit,
    )
    return {"total": total, "epoch": found.epoch, "items": [_item(item) for item in items]}


@results.get("/predictions/<number:index>")
def one_prediction(run_id: int, index: int) -> dict[str, Any]:
    """What the run said of one test image, right or wrong."""
    query = read_query(OfEpoch)
    found = services().runs.predictions(run_id, query.epoch)
    try:
        item = prediction(found.predictions, found.true_labels, index)
    except IndexError as error:
        raise NotFoundError(f"In the test set {error}.") from None
    return {"epoch": found.epoch, **_item(item)}


@results.get("/confusion_matrix")
def matrix(run_id: int) -> dict[str, Any]:
    """How many test images of each class (row) were taken for each class (column)."""
    query = read_query(OfEpoch)
    labels = CATALOG[services().runs.get(run_id).dataset].class_names
    found = services().runs.predictions(run_id, query.epoch)
    counts = confusion_matrix(found.true_labels, found.predictions.predicted, len(labels))
    return {"epoch": found.epoch, "labels": labels, "matrix": counts.tolist()}


def _check_labels(run_id: int, **labels: int | None) -> None:
    if all(label is None for label in labels.values()):
        return
    spec = CATALOG[services().runs.get(run_id).dataset]
    n_classes = spec.n_classes
    if not spec.image_shape:
        return  # there is nothing to filter, which the answer says
    wrong = [name for name, label in labels.items() if label is not None and label >= n_classes]
    if wrong:
        raise InvalidError(dict.fromkeys(wrong, f"must be less than {n_classes}"))


def _item(item: ImagePrediction) -> dict[str, Any]:
    """The figures with the digits that they have: outputs are kept in 16 bits, losses in 32."""
    return {name: _rounded(value) for name, value in item.to_json().items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value
