"""The data sets: what there is, how to get it, and each image."""

from __future__ import annotations

import re
from typing import Any, cast

import numpy as np
from flask import Blueprint, Response, request
from numpy.typing import NDArray

from nn.datasets.catalog import CATALOG
from nn.datasets.dataset import Split
from webapp.datasets.library import VersionedDataset, split_of
from webapp.errors import InvalidError, NotFoundError
from webapp.images.png import draw_image, grey_levels
from webapp.web.request_parsing import Label, PageQuery, Query, read_query
from webapp.web.services import services

datasets = Blueprint("datasets", __name__, url_prefix="/api/datasets")

FACTS = (
    "name",
    "title",
    "description",
    "credit",
    "license",
    "homepage",
    "class_names",
    "target_names",
    "sketch",
    "train_size",
    "test_size",
    "download_bytes",
)
SHOWN_FEATURES = 20
MAX_AT_ONCE = 500
FOR_AN_HOUR = "private, max-age=3600"


class IndicesQuery(Query):
    """Which images of a split, by number."""

    indices: str = ""

    def numbers(self, n_images: int) -> NDArray[np.intp]:
        """The numbers, of which there are `n_images`. Raises InvalidError."""
        parts = self.indices.split(",")
        if len(parts) > MAX_AT_ONCE:
            raise InvalidError({"indices": f"must be at most {MAX_AT_ONCE} numbers"})
        if not all(re.fullmatch("[0-9]{1,19}", part) for part in parts):
            raise InvalidError({"indices": "must be whole numbers with commas between them, such as 1,2,3"})
        if max(map(int, parts)) >= n_images:
            raise InvalidError({"indices": f"must be less than {n_images} each"})
        return np.array(parts, np.intp)


class ClassQuery(PageQuery):
    """Which images of a split."""

    label: Label | None = None


@datasets.get("")
def index() -> dict[str, Any]:
    """Every data set, here or not."""
    read_query(Query)
    return {"items": [_item(name) for name in CATALOG], "total": len(CATALOG)}


@datasets.post("/<name>/fetch")
def fetch(name: str) -> tuple[dict[str, Any], int]:
    """Begin to download a data set; `dataset_progress` tells how it goes."""
    read_query(Query)
    _check_name(name)
    services().downloader.start(name)
    return _item(name), 202


@datasets.get("/<name>/<any(train, test):split>")
def images(name: str, split: str) -> dict[str, Any]:
    """The images of a split, of one class or of all."""
    _check_name(name)
    query = read_query(ClassQuery)
    n_classes = CATALOG[name].n_classes
    if query.label is not None and query.label >= n_classes:
        raise InvalidError({"label": f"must be less than {n_classes}" if n_classes else "must be left out: no classes"})
    found = services().library.images(name, split, label=query.label, offset=query.offset, limit=query.limit)
    rows = services().library.table_rows(name, split, found.indices, SHOWN_FEATURES)
    labels = found.labels.tolist() if n_classes else [None] * len(rows)
    items = zip(found.indices.tolist(), labels, rows, strict=True)
    return {"items": [{"index": index, "label": label, **row} for index, label, row in items], "total": found.total}


@datasets.get("/<name>/<any(train, test):split>/<number:index>.png")
def image(name: str, split: str, index: int) -> Response:
    """One image, 8-bit grey, in its own size."""
    _check_name(name)
    read_query(Query)
    shelf, pictures, shape = _pictures(name, split)
    if index >= len(pictures):
        raise NotFoundError(f"There is no image {index} in {split}; the last is {len(pictures) - 1}.")
    response = _kept(Response(mimetype="image/png"), shelf)
    if response.status_code == 200:
        response.data = draw_image(pictures.take(np.array([index]))[0], shape, shelf.dataset.pixel_max)
    return response


@datasets.get("/<name>/<any(train, test):split>/pixels")
def pixels(name: str, split: str) -> Response:
    """The pixels of some images, one after another, row by row, a byte each from 0 black to 255 white."""
    _check_name(name)
    query = read_query(IndicesQuery)
    shelf, pictures, _ = _pictures(name, split)
    indices = query.numbers(len(pictures))
    response = _kept(Response(mimetype="application/octet-stream"), shelf)
    if response.status_code == 200:
        response.data = grey_levels(pictures.take(indices), shelf.dataset.pixel_max).tobytes()
    return response


def _pictures(name: str, split: str) -> tuple[VersionedDataset, Split, tuple[int, int]]:
    shelf = services().library.shelf(name)
    shape = shelf.dataset.image_shape
    if shape is None:
        raise NotFoundError(f"{CATALOG[name].title} is a table of numbers, without images.")
    return shelf, split_of(shelf.dataset, split), shape


def _kept(response: Response, shelf: VersionedDataset) -> Response:
    """The response without its content; browsers keep what they have had of these images for an hour."""
    response.set_etag(shelf.version)
    response.headers["Cache-Control"] = FOR_AN_HOUR
    return cast(Response, response.make_conditional(request))


def _item(name: str) -> dict[str, Any]:
    spec = CATALOG[name]
    state = services().downloader.state(name)
    return {
        **{fact: getattr(spec, fact) for fact in FACTS},
        "kind": "images" if spec.image_shape else "table",
        "task": "regression" if spec.target_names else "classification",
        "image_shape": spec.image_shape,
        "pixel_max": spec.pixel_max if spec.image_shape else None,
        "n_features": spec.n_features,
        "n_outputs": spec.n_outputs,
        "feature_names": spec.feature_names[:SHOWN_FEATURES],
        "available": services().library.is_available(name),
        "fetch": state,
    }


def _check_name(name: str) -> None:
    if name not in CATALOG:
        raise NotFoundError(f"There is no data set named {name!r}; there are {', '.join(CATALOG)}.")
