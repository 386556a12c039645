"""Predictions of a run for the test images: lists, confusion matrix, calibration, learning dynamics."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify

from webapp.misclassified.listing import Listing
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
    response = jsonify(list_content(found, query.offset, query.limit))
    return versioned(response, version) if query.is_versioned else response


@misclassified.get("/predictions/<number:index>")
def prediction(run_id: int, index: int) -> Response:
    """Return the prediction for one test image."""
    query = read_query(EpochQuery)
    version = response_version(run_id)
    found = services().misclassified.find_one(run_id, index, query.epoch)
    return versioned(jsonify(image_content(found)), version)


@misclassified.get("/confusion_matrix")
def confusion_matrix(run_id: int) -> Response:
    """Return the counts of test images by true class (row) and predicted class (column)."""
    query = read_query(EpochQuery)
    version = response_version(run_id)
    return versioned(jsonify(matrix_content(run_id, query.epoch)), version)


@misclassified.get("/calibration")
def calibration(run_id: int) -> Response:
    """Return the calibration of the test predictions."""
    query = read_query(EpochQuery)
    version = response_version(run_id)
    epoch, found = services().misclassified.calibration(run_id, query.epoch)
    return versioned(jsonify({"epoch": epoch, **asdict(found)}), version)


@misclassified.get("/histories")
def histories(run_id: int) -> Response:
    """Return the number of test images in each category of learning dynamics."""
    query = read_query(EpochQuery)
    version = response_version(run_id)
    epoch, counts = services().misclassified.dynamics_counts(run_id, query.epoch)
    return versioned(jsonify({"epoch": epoch, "counts": counts}), version)


@misclassified.get("/histories/<number:index>")
def history(run_id: int, index: int) -> Response:
    """Return the predicted class of one test image after each epoch."""
    read_query(Query)
    true_label, predicted = services().misclassified.prediction_history(run_id, index)
    return jsonify({"index": index, "true_label": true_label, "predicted": predicted})


def list_content(found: Listing, offset: int, limit: int) -> dict[str, Any]:
    """Return one page of a list."""
    items = found.items(offset, offset + limit)
    images = found.images
    facts = {"total": found.total, "epoch": images.epoch, "flagged": found.flagged}
    return {**facts, "images_match": images.images_match, "items": items}


def image_content(found: Listing) -> dict[str, Any]:
    """Return the only image of a list."""
    return {"epoch": found.images.epoch, "images_match": found.images.images_match, **found.items()[0]}


def matrix_content(run_id: int, epoch: int | None) -> dict[str, Any]:
    """Return the confusion matrix after an epoch; by default, after the run's last epoch."""
    epoch, labels, matrix = services().misclassified.confusion_matrix(run_id, epoch)
    return {"epoch": epoch, "labels": labels, "matrix": matrix}
