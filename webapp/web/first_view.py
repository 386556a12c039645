"""The data of the first view of the page of misclassified images.

The page contains it as JSON, so that its scripts need no request before they show this view.
"""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from flask import json
from pydantic import Field, ValidationError

from nn.errors import DatasetError
from webapp.errors import ServiceError
from webapp.storage.run_record import RunRecord
from webapp.web.request_parsing import FilterPageQuery, Number
from webapp.web.response_versions import response_version
from webapp.web.routes.datasets import dataset_info
from webapp.web.routes.misclassified import image_content, list_content, matrix_content
from webapp.web.services import services

log = logging.getLogger(__name__)

PAGE_SIZE = 48  # images on a page of the list
MAX_EPOCHS = 1000  # scripts request the metrics of further epochs
# In JSON, these characters occur only in strings; escaped, they cannot end the element or begin a character reference.
ESCAPES = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"})
PLACE = "<!-- first view -->"  # the place of the data in the template


class PageState(FilterPageQuery):
    """The query parameters of the page that affect its data."""

    limit: Annotated[int, Field(ge=1, le=PAGE_SIZE)] = PAGE_SIZE
    image: Number | None = None


def with_first_view(page: str, run: RunRecord, query: Mapping[str, str]) -> Iterator[str]:
    """Yield the page with the data of its first view.

    The data comes last, so the browser loads scripts and styles while the server collects it.
    """
    before, _, after = page.partition(PLACE)
    yield before
    yield json.dumps(first_view(run, query), separators=(",", ":")).translate(ESCAPES)
    yield after


def first_view(run: RunRecord, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the data set, the metrics of the epochs, and the responses to the first requests of the scripts.

    `responses` is None if the scripts must request them: because the query is invalid, because no epoch is complete,
    because they would take long, or because of an error. Otherwise, its member `query` names the list that it contains.
    """
    found: dict[str, Any] = {"dataset": dataset_info(run.dataset_spec), "epochs": [], "version": "", "responses": None}
    try:
        # A later epoch would not match `responses`; the socket sends it.
        if n_epochs := min(run.epochs_completed, MAX_EPOCHS):
            found["epochs"] = services().results.epochs(run.id, limit=n_epochs)
        known = {name: value for name, value in query.items() if value and name in PageState.model_fields}
        state = PageState.model_validate(known)
        if run.epochs_completed and state.is_versioned:
            return {**found, "version": response_version(run.id), "responses": _responses(run, state)}
    except (ValidationError, ServiceError, DatasetError):
        pass  # the scripts request the data, and show the error
    except Exception:  # the first part of the page is already sent, so an error page is too late
        log.exception("The first view of run %d failed", run.id)
    return found


def _responses(run: RunRecord, state: PageState) -> dict[str, Any]:
    epoch = min(state.epoch or run.epochs_completed, run.epochs_completed)
    service = services().misclassified
    found = service.find(run.id, epoch, state.prediction_filter, state.sort, state.order)
    images = list_content(found, state.offset, state.limit)
    shown = [item["index"] for item in images["items"]]
    other = None if state.image is None or state.image in shown else service.find_one(run.id, state.image, epoch)
    image = image_content(other) if other else None
    if image:
        shown.append(image["index"])
    pixels = services().library.images(run.dataset, "test").gray_levels(shown)
    return {
        "query": {**state.model_dump(mode="json", exclude_defaults=True, exclude={"image"}), "epoch": epoch},
        "limit": state.limit,
        "list": images,
        "matrix": matrix_content(run.id, epoch),
        "image": image,
        "pixels": {"indices": shown, "bytes": b64encode(pixels).decode()},
    }
