"""Annotations of the images of a data set; guess mode: guesses for the test images of a run, and their score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint

from webapp.annotations.service import Annotation
from webapp.misclassified.listing import annotation_json
from webapp.web.request_parsing import Query, read_object, read_query
from webapp.web.services import services

annotation_routes = Blueprint(
    "annotations", __name__, url_prefix="/api/datasets/<name>/<any(train, test):split>/annotations"
)
guesses = Blueprint("guesses", __name__, url_prefix="/api/runs/<number:run_id>/guesses")


@annotation_routes.get("")
def index(name: str, split: str) -> dict[str, Any]:
    """List the annotated images of a split."""
    read_query(Query)
    items = _items(services().annotations.of_split(name, split))
    return {"items": items, "total": len(items)}


@annotation_routes.patch("")
def change(name: str, split: str) -> dict[str, Any]:
    """Change flags, labels or notes of images; omitted members stay unchanged."""
    read_query(Query)
    given = read_object(("indices", "flagged", "label", "note"))
    indices = given.pop("indices", None)
    return {"items": _items(services().annotations.change(name, split, indices, given))}


@guesses.post("")
def guess(run_id: int) -> tuple[dict[str, Any], int]:
    """Store a guess for one image, and return the true label, the prediction and the score."""
    read_query(Query)
    given = read_object(("index", "label", "epoch"))
    outcome = services().guesses.guess(run_id, given.get("index"), given.get("label"), given.get("epoch"))
    stored = outcome.guess
    return {
        "index": stored.image_index,
        "label": stored.label,
        "true_label": stored.true_label,
        "predicted_label": stored.predicted_label,
        "counted": outcome.counted,
        "score": asdict(outcome.score),
    }, 201


@guesses.get("")
def score(run_id: int) -> dict[str, Any]:
    """Return the score of the person and of the network."""
    read_query(Query)
    return {"score": asdict(services().guesses.score(run_id))}


@guesses.delete("")
def reset(run_id: int) -> tuple[str, int]:
    """Reset the score."""
    read_query(Query)
    services().guesses.delete(run_id)
    return "", 204


def _items(annotations: Mapping[int, Annotation]) -> list[dict[str, Any]]:
    return [{"index": index, **annotation_json(annotation)} for index, annotation in annotations.items()]
