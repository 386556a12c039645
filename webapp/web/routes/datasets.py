"""Data sets: their facts, downloads, examples and images."""

from __future__ import annotations

import re
from typing import Any, cast

from flask import Blueprint, Response, request

from nn.datasets.spec import DatasetSpec
from webapp.datasets.library import SHOWN_FEATURES
from webapp.errors import InvalidError, NotFoundError
from webapp.web.request_parsing import Number, PageQuery, Query, read_query
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
    "download_bytes",
    "kind",
    "task",
    "image_shape",
    "n_features",
    "n_outputs",
)
MAX_AT_ONCE = 500
CACHED = "private, no-cache"


class IndicesQuery(Query):
    """Indices of images of a split."""

    indices: str = ""

    def parse(self, n_images: int) -> list[int]:
        """Return the indices. Raises InvalidError if an index is not a number below `n_images`."""
        parts = self.indices.split(",")
        if len(parts) > MAX_AT_ONCE:
            raise InvalidError({"indices": f"must be at most {MAX_AT_ONCE} numbers"})
        if not all(re.fullmatch("[0-9]{1,19}", part) for part in parts):
            raise InvalidError({"indices": "must be whole numbers with commas between them, such as 1,2,3"})
        numbers = [int(part) for part in parts]
        if max(numbers) >= n_images:
            raise InvalidError({"indices": f"must be less than {n_images} each"})
        return numbers


class ClassQuery(PageQuery):
    """A page of the examples of one class, or of all classes."""

    label: Number | None = None


@datasets.get("")
def index() -> dict[str, Any]:
    """List all data sets, including those whose files are missing."""
    read_query(Query)
    items = [dataset_info(spec) for spec in services().library.datasets]
    return {"items": items, "total": len(items)}


@datasets.post("/<name>/fetch")
def fetch(name: str) -> tuple[dict[str, Any], int]:
    """Start the download of a data set; `dataset_progress` events report its progress."""
    read_query(Query)
    spec = services().library.spec(name)
    services().downloader.start(name)
    return dataset_info(spec), 202


@datasets.get("/<name>/<any(train, test):split>")
def examples(name: str, split: str) -> dict[str, Any]:
    """List the examples of a split. A query parameter selects one class."""
    library = services().library
    library.spec(name)
    query = read_query(ClassQuery)
    return library.examples(name, split, label=query.label, offset=query.offset, limit=query.limit)._asdict()


@datasets.get("/<name>/<any(train, test):split>/<number:index>.png")
def image(name: str, split: str, index: int) -> Response:
    """Return one image as an 8-bit gray PNG in its original size."""
    services().library.spec(name)
    read_query(Query)
    images = services().library.images(name, split)
    if index >= len(images):
        raise NotFoundError(f"There is no image {index} in {split}; the last index is {len(images) - 1}.")
    response = _cached(Response(mimetype="image/png"), images.version)
    if response.status_code == 200:
        response.data = images.png(index)
    return response


@datasets.get("/<name>/<any(train, test):split>/pixels")
def pixels(name: str, split: str) -> Response:
    """Return one byte for each pixel of the images, from 0 (black) to 255 (white), image by image and row by row."""
    services().library.spec(name)
    query = read_query(IndicesQuery)
    images = services().library.images(name, split)
    indices = query.parse(len(images))
    response = _cached(Response(mimetype="application/octet-stream"), images.version)
    if response.status_code == 200:
        response.data = images.gray_levels(indices)
    return response


def _cached(response: Response, version: str) -> Response:
    """Let browsers cache the response, but ask each time, because other files can replace those of the data set.

    The status is 304 if the browser has already cached this version.
    """
    response.set_etag(version)
    response.headers["Cache-Control"] = CACHED
    return cast(Response, response.make_conditional(request))


def dataset_info(spec: DatasetSpec) -> dict[str, Any]:
    """Return the facts, and whether the files of the data set exist."""
    train_size, test_size = services().library.sizes(spec.name)
    return {
        **{fact: getattr(spec, fact) for fact in FACTS},
        "train_size": train_size,
        "test_size": test_size,
        "sketch": spec.output_plot,
        "pixel_max": spec.pixel_max if spec.kind == "images" else None,
        "feature_names": spec.feature_names[:SHOWN_FEATURES],
        "available": services().library.is_available(spec.name),
        "file_warning": services().library.file_warning(spec.name),
        "fetch": services().downloader.state(spec.name),
    }
