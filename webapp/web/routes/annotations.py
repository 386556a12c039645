"""Annotations of the images of a data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint

from webapp.annotations.service import Annotation
from webapp.misclassified.listing import annotation_json
from webapp.web.request_parsing import Query, read_object, read_query
from webapp.web.services import services

annotation_routes = Blueprint(
    "annotations", __name__, url_prefix="/api/datasets/<name>/<any(train, test):split>/annotations"
)


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


def _items(annotations: Mapping[int, Annotation]) -> list[dict[str, Any]]:
    return [{"index": index, **annotation_json(annotation)} for index, annotation in annotations.items()]
