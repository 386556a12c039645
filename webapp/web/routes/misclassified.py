"""What came of a run: its epochs, and what it said of the test images."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint

from nn.analysis.calibration import calibration
from nn.analysis.predictions import confusion_matrix
from nn.datasets.catalog import CATALOG
from webapp.threads import in_thread
from webapp.web.request_parsing import Choice, EpochQuery, Page, Query, read_query
from webapp.web.services import services

results = Blueprint("results", __name__, url_prefix="/api/runs/<number:run_id>")


class FilterPageQuery(Page, Choice):
    """Which part of a list of test images."""


@results.get("/misclassified")
def mistakes(run_id: int) -> dict[str, Any]:
    """The test images that the run got wrong or, where they are asked for, right."""
    query = read_query(FilterPageQuery)
    found = services().mistakes.find(run_id, query.epoch, query.selection, query.sort, query.order)
    items = found.items(query.offset, query.offset + query.limit)
    return {"total": found.total, "epoch": found.view.epoch, "flagged": found.flagged, "items": items}


@results.get("/predictions/<number:index>")
def one_prediction(run_id: int, index: int) -> dict[str, Any]:
    """What the run said of one test image, right or wrong."""
    query = read_query(EpochQuery)
    found = services().mistakes.one(run_id, index, query.epoch)
    return {"epoch": found.view.epoch, **found.items()[0]}


@results.get("/confusion_matrix")
def matrix(run_id: int) -> dict[str, Any]:
    """How many test images of each class (row) were taken for each class (column)."""
    query = read_query(EpochQuery)
    labels = CATALOG[services().runs.get(run_id).dataset].class_names
    view = services().mistakes.view(run_id, query.epoch)
    counts = confusion_matrix(view.figures.true_labels, view.figures.predicted, len(labels))
    return {"epoch": view.epoch, "labels": labels, "matrix": counts.tolist()}


@results.get("/calibration")
def sureness(run_id: int) -> dict[str, Any]:
    """Whether the run is as often right as it says that it is sure, and what is left when only sure answers count."""
    query = read_query(EpochQuery)
    view = services().mistakes.view(run_id, query.epoch)
    return {"epoch": view.epoch, **asdict(in_thread(calibration, view.figures))}


@results.get("/histories")
def histories(run_id: int) -> dict[str, Any]:
    """How many test images were learned early, learned late, forgotten, flicker, or were never right."""
    query = read_query(EpochQuery)
    view = services().mistakes.view(run_id, query.epoch)
    return {"epoch": view.epoch, "counts": view.learning.counts()}


@results.get("/histories/<number:index>")
def one_history(run_id: int, index: int) -> dict[str, Any]:
    """What the run took one test image for in each of its epochs."""
    read_query(Query)
    true_label, predicted = services().mistakes.answers(run_id, index)
    return {"index": index, "true_label": true_label, "predicted": predicted}
