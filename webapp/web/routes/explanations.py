"""Why a run read a test image as it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, render_template

from webapp.errors import ConflictError
from webapp.explanations.html_report import ExplanationPage
from webapp.threads import in_thread
from webapp.web.request_parsing import EpochQuery, Query, read_object, read_query
from webapp.web.services import services

T = TypeVar("T")

STYLE_SHEET = "css/explanations_report.css"

explanations = Blueprint("explanations", __name__, url_prefix="/api/runs/<number:run_id>")


@explanations.get("/explanations/<number:index>")
def explanation(run_id: int, index: int) -> dict[str, Any]:
    """What decided one test image: units, pixels, and where it would have to be."""
    return services().explanations.explain(run_id, index, read_query(EpochQuery).epoch).to_json()


@explanations.get("/explanations/<number:index>/examples")
def examples(run_id: int, index: int) -> dict[str, Any]:
    """The training images that are most like a test image, and those that pushed its answer most."""
    return services().explanations.examples(run_id, index, read_query(EpochQuery).epoch).to_json()


@explanations.get("/explanations/<number:index>/repair")
def repair(run_id: int, index: int) -> dict[str, Any]:
    """The smallest change after which a test image is read right."""
    return services().explanations.repair(run_id, index, read_query(EpochQuery).epoch).to_json()


@explanations.get("/explanations/<number:index>.html")
def page(run_id: int, index: int) -> Response:
    """The whole explanation as a page of its own, to keep or to print."""
    asked = services().explanations
    explained = asked.explain(run_id, index, read_query(EpochQuery).epoch)
    epoch = explained.answer.epoch  # of all parts: meanwhile there may be a later one
    run = services().runs.get(run_id)
    words = in_thread(
        ExplanationPage(
            run=run,
            dataset=services().library.load(run.dataset),
            explained=explained,
            exemplified=_or_why_not(asked.examples, run_id, index, epoch),
            repaired=None if explained.is_right else _or_why_not(asked.repair, run_id, index, epoch),
            style_sheet=(services().assets.static_dir / STYLE_SHEET).read_bytes(),
        ).words
    )
    response = Response(render_template("explanation_report.html", **words), mimetype="text/html")
    name = f"misfit-run-{run_id}-epoch-{explained.answer.epoch}-image-{index}.html"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@explanations.post("/probe")
def probe(run_id: int) -> dict[str, Any]:
    """What the run says of a test image that is changed."""
    read_query(Query)
    given = read_object(("index", "epoch", "pixels", "shift", "rotation", "thickness", "blur"))
    return services().explanations.probe(run_id, given).to_json()


def _or_why_not(ask: Callable[[int, int, int], T], run_id: int, index: int, epoch: int) -> T | str:
    """A part of the explanation or, where it cannot be told, a sentence."""
    try:
        return ask(run_id, index, epoch)
    except ConflictError as error:
        return str(error)
