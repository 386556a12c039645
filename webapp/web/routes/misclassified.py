"""Predictions of a run for the test images: lists, confusion matrix, calibration, learning dynamics."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from webapp.web.request_parsing import EpochQuery, FilterPageQuery, Query, read_query
from webapp.web.response_versions import response_version, versioned
from webapp.web.services import services

misclassified = Blueprint("misclassified", __name__, url_prefix="/api/runs/<number:run_id>")


@misclassified.get("/misclassified")
def index(run_id: int) -> Response:
    """List the test images that match the filter; by default, all misclassified test images."""
    query = read_query(FilterPageQuery)
    version = response_version(run_id)
    found = services().misclassified.find(run_id, query.epoch, query.prediction_filter, query.sort, query.order)
    items = found.items(query.offset, query.offset + query.limit)
    response = jsonify({"total": found.total, "epoch": found.images.epoch, "flagged": found.flagged, "items": items})
    # While a run is in progress, the sizes of changes may depend on weights that are stored later.
    return response if query.sort == "change" else versioned(response, version)


@misclassified.get("/predictions/<number:index>")
def prediction(run_id: int, index: int) -> Response:
    """Return the prediction for one test image."""
    query = read_query(EpochQuery)
    version = response_version(run_id)
    found = services().misclassified.find_one(run_id, index, query.epoch)
    return versioned(jsonify({"epoch": found.images.epoch, **found.items()[0]}), version)


@misclassified.get("/confusion_matrix")
def confusion_matrix(run_id: int) -> Response:
    """Return the counts of test images by true class (row) and predicted class (column)."""
    epoch, labels, matrix = services().misclassified.confusion_matrix(run_id, read_query(EpochQuery).epoch)
    return versioned(jsonify({"epoch": epoch, "labels": labels, "matrix": matrix}), response_version(run_id))


@misclassified.get("/calibration")
def calibration(run_id: int) -> Response:
    """Return the calibration of the test predictions."""
    epoch, found = services().misclassified.calibration(run_id, read_query(EpochQuery).epoch)
    return versioned(jsonify({"epoch": epoch, **asdict(found)}), response_version(run_id))


@misclassified.get("/histories")
def histories(run_id: int) -> Response:
    """Return the number of test images in each category of learning dynamics."""
    epoch, counts = services().misclassified.dynamics_counts(run_id, read_query(EpochQuery).epoch)
    return versioned(jsonify({"epoch": epoch, "counts": counts}), response_version(run_id))


@misclassified.get("/histories/<number:index>")
def history(run_id: int, index: int) -> Response:
    """Return the predicted class of one test image after each epoch."""
    read_query(Query)
    true_label, predicted = services().misclassified.prediction_history(run_id, index)
    return jsonify({"index": index, "true_label": true_label, "predicted": predicted})
