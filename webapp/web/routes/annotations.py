"""What people say of the images of a data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import Blueprint

from webapp.annotations.service import Annotation
from webapp.web.request_parsing import Query, read_object, read_query
from webapp.web.services import services

annotation_routes = Blueprint(
    "annotations", __name__, url_prefix="/api/datasets/<name>/<any(train, test):split>/annotations"
)


@annotation_routes.get("")
def index(name: str, split: str) -> dict[str, Any]:
    """Every image of which something is said."""
    read_query(Query)
    items = _items(services().annotations.of(name, split))
    return {"items": items, "total": len(items)}


@annotation_routes.patch("")
def change(name: str, split: str) -> dict[str, Any]:
    """Flag images, say which class they are, or note something; what is left out stays."""
    read_query(Query)
    given = read_object(("indices", "flagged", "label", "note"))
    indices = given.pop("indices", None)
    return {"items": _items(services().annotations.change(name, split, indices, given))}


def _items(said: Mapping[int, Annotation]) -> list[dict[str, Any]]:
    return [{"index": index, **asdict(annotation)} for index, annotation in said.items()]
