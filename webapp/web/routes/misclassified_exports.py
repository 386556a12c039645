"""Exports of the filtered list of test images: CSV, JSON, and a contact sheet."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response

from webapp.explanations.number_format import probability
from webapp.images.contact_sheet import Caption, draw_contact_sheet
from webapp.images.png import grey_levels
from webapp.misclassified.listing import ListedImage, Listing
from webapp.threads import in_thread, with_pauses
from webapp.web.request_parsing import FilterQuery, read_query
from webapp.web.services import services

misclassified_exports = Blueprint("misclassified_exports", __name__, url_prefix="/api/runs/<number:run_id>")

ROWS_PER_PART = 100
MAX_TILES = 1000
COLUMNS = (
    *("index", "true_label", "predicted_label", "true_class", "predicted_class", "confidence", "loss", "margin"),
    *("history", "learned_epoch", "change", "flagged", "person_label", "note", "suggested_label", "label_error_score"),
)
# A spreadsheet interprets a cell as a formula if it starts with one of these characters, or their full-width forms,
# after spaces and quotes. A cell also starts inside a text, after a line break, a tab or a semicolon: a spreadsheet
# that separates cells by semicolons or tabs ignores the quotes of a cell that starts after a comma.
BREAKS = r"\t\n\v\f\r\x85\u2028\u2029"
FORMULA_START = re.compile(rf'(?:^|(?<=[;{BREAKS}]))(?=(?:[^\S{BREAKS}]|")*[=+\-@＝＋－＠])|^(?= *[{BREAKS}])')


@misclassified_exports.get("/misclassified.csv")
def table(run_id: int) -> Response:
    """Return the list as CSV. No text of an annotation can run as a formula in a spreadsheet."""
    _, found = _find(run_id)
    return _attached(Response(_csv(found), mimetype="text/csv"), found, "csv")


@misclassified_exports.get("/misclassified.json")
def document(run_id: int) -> Response:
    """Return the list as JSON, with the data set, the run, the epoch, the filters and the order."""
    query, found = _find(run_id)
    images = found.images
    source = {"dataset": images.dataset.name, "split": "test", "class_names": images.dataset.class_names}
    run = {"id": run_id, "name": images.run.name}
    filters = query.model_dump(mode="json", exclude_none=True, exclude={"epoch"})
    facts = {**source, "images_match": images.images_match, "run": run, "epoch": images.epoch, "filters": filters}
    counts = {"total": found.total, "flagged": found.flagged}
    return _attached(Response(_json(facts | counts, found), mimetype="application/json"), found, "json")


@misclassified_exports.get("/misclassified.png")
def contact_sheet(run_id: int) -> Response:
    """Return the first images of the list as tiles with true class, predicted class and confidence."""
    _, found = _find(run_id)
    return _attached(Response(in_thread(_draw, found), mimetype="image/png"), found, "png")


def _find(run_id: int) -> tuple[FilterQuery, Listing]:
    query = read_query(FilterQuery)
    return query, services().misclassified.find(run_id, query.epoch, query.prediction_filter, query.sort, query.order)


def _attached(response: Response, found: Listing, kind: str) -> Response:
    name = f"misfit-run-{found.images.run.id}-epoch-{found.images.epoch}-images.{kind}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _parts(found: Listing) -> Iterator[list[ListedImage]]:
    return with_pauses(found.items(start, start + ROWS_PER_PART) for start in range(0, found.total, ROWS_PER_PART))


def _json(facts: dict[str, Any], found: Listing) -> Iterator[str]:
    yield json.dumps(facts, allow_nan=False)[:-1] + ', "items": ['
    comma = ""
    for part in _parts(found):
        yield comma + json.dumps(part, allow_nan=False)[1:-1]
        comma = ", "
    yield "]}"


def _csv(found: Listing) -> Iterator[str]:
    names = found.images.dataset.class_names
    match = found.images.images_match
    yield csv_lines([[*COLUMNS, *(f"probability of {name}" for name in names), "images_match"]])
    for part in _parts(found):
        yield csv_lines([*csv_cells(item, names), "" if match is None else int(match)] for item in part)


def csv_cells(item: ListedImage, names: tuple[str, ...]) -> list[Any]:
    """Return the cells of one image."""
    annotation = item["annotation"] or {"flagged": False, "label": None, "note": ""}
    classes = {"true_class": names[item["true_label"]], "predicted_class": names[item["predicted_label"]]}
    flagged, person_label, note = int(annotation["flagged"]), annotation["label"], annotation["note"]
    error = item["label_error"] or {"suggested_label": None, "score": None}
    suspicion = {"suggested_label": error["suggested_label"], "label_error_score": error["score"]}
    known = {**item, **classes, **suspicion, "flagged": flagged, "person_label": person_label, "note": note}
    probabilities: list[Any] = [*(item["probabilities"] or ("" for _ in names))]
    return [*(known[column] for column in COLUMNS), *probabilities]


def csv_lines(rows: Any) -> str:
    """Return rows as lines of CSV, in which no text can run as a formula."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([_safe(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def _safe(cell: Any) -> Any:
    """Put an apostrophe before each part of a text that a spreadsheet would interpret as a formula."""
    return FORMULA_START.sub("'", cell) if isinstance(cell, str) else cell


def _draw(found: Listing) -> bytes:
    dataset = found.images.dataset
    indices = found.indices[:MAX_TILES]
    names = dataset.class_names
    captions = [
        Caption(
            names[prediction.true_label],
            names[prediction.predicted_label],
            probability(math.nan if prediction.confidence is None else prediction.confidence, digits=2),
        )
        for prediction in found.classified.scores.image_predictions(indices.tolist())
    ]
    levels = grey_levels(dataset.test.take(indices), dataset.pixel_max)
    shown = (
        f"{found.total:,} images" if found.total <= MAX_TILES else f"the first {MAX_TILES:,} of {found.total:,} images"
    )
    heading = f"{dataset.name}, run {found.images.run.id}, epoch {found.images.epoch}: {shown}"
    if found.images.images_match is False:
        heading = f"NOT THE IMAGES THIS RUN WAS TESTED ON. {heading}"
    return draw_contact_sheet(levels, dataset.image_shape or (1, dataset.n_features), captions, heading)
