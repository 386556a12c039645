"""The test images that are listed, with all that is known of each, to take home: as a table, as JSON, as pictures."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import gevent
from flask import Blueprint, Response

from webapp.images.contact_sheet import Caption, draw_contact_sheet
from webapp.images.png import grey_levels
from webapp.misclassified.service import Listing
from webapp.threads import in_thread
from webapp.web.request_parsing import Choice, read_query
from webapp.web.services import services

exports = Blueprint("exports", __name__, url_prefix="/api/runs/<number:run_id>")

ROWS_AT_ONCE = 100
PAUSE = 0.001  # seconds, in which others are answered; with 0 gevent would not look for any
TILES = 1000
COLUMNS = (
    *("index", "true_label", "predicted_label", "true_class", "predicted_class", "confidence", "loss", "margin"),
    *("history", "learned_epoch", "change", "flagged", "person_label", "note"),
)
# What makes a spreadsheet take a cell for a formula, full-width forms included, or skip to the next sign.
BEGINNINGS_OF_FORMULAS = tuple("=+-@\t\r\n＝＋－＠")


@exports.get("/misclassified.csv")
def table(run_id: int) -> Response:
    """The list as a table. No cell can be run as a formula: what people type may begin with = and the like."""
    _, found = _find(run_id)
    return _attached(Response(_csv(found), mimetype="text/csv"), found, "csv")


@exports.get("/misclassified.json")
def document(run_id: int) -> Response:
    """The list with where it comes from, and what it was filtered and sorted by."""
    query, found = _find(run_id)
    images = found.images
    source = {"dataset": images.dataset.name, "split": "test", "class_names": images.dataset.class_names}
    run = {"id": run_id, "name": images.run.name}
    filters = query.model_dump(mode="json", exclude_none=True, exclude={"epoch"})
    facts = {**source, "run": run, "epoch": images.epoch, "filters": filters}
    counts = {"total": found.total, "flagged": found.flagged}
    return _attached(Response(_json(facts | counts, found), mimetype="application/json"), found, "json")


@exports.get("/misclassified.png")
def contact_sheet(run_id: int) -> Response:
    """The first images of the list as tiles, each with what it is, what it was taken for, and how surely."""
    _, found = _find(run_id)
    return _attached(Response(in_thread(_draw, found), mimetype="image/png"), found, "png")


def _find(run_id: int) -> tuple[Choice, Listing]:
    query = read_query(Choice)
    return query, services().mistakes.find(run_id, query.epoch, query.selection, query.sort, query.order)


def _attached(response: Response, found: Listing, kind: str) -> Response:
    name = f"misfit-run-{found.images.run.id}-epoch-{found.images.epoch}-images.{kind}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _parts(found: Listing) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, found.total, ROWS_AT_ONCE):
        yield found.items(start, start + ROWS_AT_ONCE)
        gevent.sleep(PAUSE)


def _json(facts: dict[str, Any], found: Listing) -> Iterator[str]:
    yield json.dumps(facts, allow_nan=False)[:-1] + ', "items": ['
    comma = ""
    for part in _parts(found):
        yield comma + json.dumps(part, allow_nan=False)[1:-1]
        comma = ", "
    yield "]}"


def _csv(found: Listing) -> Iterator[str]:
    names = found.images.dataset.class_names
    yield _rows([[*COLUMNS, *(f"probability of {name}" for name in names)]])
    for part in _parts(found):
        yield _rows(_cells(item, names) for item in part)


def _cells(item: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    said = item["annotation"] or {"flagged": False, "label": None, "note": ""}
    classes = {"true_class": names[item["true_label"]], "predicted_class": names[item["predicted_label"]]}
    known = {**item, **classes, "flagged": int(said["flagged"]), "person_label": said["label"], "note": said["note"]}
    return [*(known[column] for column in COLUMNS), *(item["probabilities"] or [None] * len(names))]


def _rows(rows: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([_safe(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _safe(cell: Any) -> Any:
    """Text after an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(BEGINNINGS_OF_FORMULAS) else cell


def _draw(found: Listing) -> bytes:
    dataset = found.images.dataset
    indices = found.indices[:TILES]
    names = dataset.class_names
    captions = [
        Caption(names[one.true_label], names[one.predicted_label], one.confidence)
        for one in found.view.figures.of(indices.tolist())
    ]
    levels = grey_levels(dataset.test.take(indices), dataset.pixel_max)
    shown = f"{found.total:,} images" if found.total <= TILES else f"the first {TILES:,} of {found.total:,} images"
    heading = f"{dataset.name}, run {found.images.run.id}, epoch {found.images.epoch}: {shown}"
    return draw_contact_sheet(levels, dataset.image_shape or (1, dataset.n_features), captions, heading)
