"""Explanations of the prediction for one test image."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, render_template

from webapp.errors import ConflictError
from webapp.explanations.html_report import ExplanationReport
from webapp.threads import in_thread
from webapp.web.request_parsing import EpochQuery, Query, read_object, read_query
from webapp.web.response_versions import response_version, versioned
from webapp.web.services import services

T = TypeVar("T")

STYLE_SHEETS = ("css/core/tokens.css", "css/explanations/report.css")

explanations = Blueprint("explanations", __name__, url_prefix="/api/runs/<number:run_id>")


@explanations.get("/explanations/<number:index>")
def explanation(run_id: int, index: int) -> Response:
    """Return the logit gap, the pixel attribution and the shift sensitivity."""
    query = read_query(EpochQuery)
    version = response_version(run_id)
    return _cached(services().explanations.explain(run_id, index, query.epoch).to_json(), version)


@explanations.get("/explanations/<number:index>/examples")
def examples(run_id: int, index: int) -> dict[str, Any]:
    """Return the nearest and the most influential training images."""
    return services().explanations.examples(run_id, index, read_query(EpochQuery).epoch).to_json()


@explanations.get("/explanations/<number:index>/repair")
def counterfactual(run_id: int, index: int) -> Response:
    """Return the counterfactual: the smallest change found that corrects the prediction."""
    query = read_query(EpochQuery)
    version = response_version(run_id)
    return _cached(services().explanations.counterfactual(run_id, index, query.epoch).to_json(), version)


@explanations.get("/explanations/<number:index>.html")
def report(run_id: int, index: int) -> Response:
    """Return the whole explanation as one HTML file."""
    service = services().explanations
    explanation = service.explain(run_id, index, read_query(EpochQuery).epoch)
    epoch = explanation.prediction.epoch  # the same for all parts, because the run may complete another epoch meanwhile
    run = services().runs.get(run_id)
    static_dir = services().assets.static_dir
    counterfactual = None if explanation.is_correct else _or_message(service.counterfactual, run_id, index, epoch)
    context = in_thread(
        ExplanationReport(
            run=run,
            dataset=services().library.load(run.dataset),
            explanation=explanation,
            examples=_or_message(service.examples, run_id, index, epoch),
            counterfactual=counterfactual,
            style_sheet=b"\n".join((static_dir / name).read_bytes() for name in STYLE_SHEETS),
        ).context
    )
    response = Response(render_template("explanation_report.html", **context), mimetype="text/html")
    name = f"misfit-run-{run_id}-epoch-{epoch}-image-{index}.html"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@explanations.post("/probe")
def probe(run_id: int) -> dict[str, Any]:
    """Return the prediction for an edited test image."""
    read_query(Query)
    given = read_object(("index", "epoch", "pixels", "shift", "rotation", "thickness", "blur"))
    return services().explanations.probe(run_id, given).to_json()


def _cached(content: dict[str, Any], version: str) -> Response:
    """Let the browser cache the response, unless a run in progress may still store the weights of its epoch."""
    response = jsonify(content)
    return versioned(response, version) if content["weights_epoch"] == content["epoch"] else response


def _or_message(compute: Callable[[int, int, int], T], run_id: int, index: int, epoch: int) -> T | str:
    """Return a part of the explanation, or the message of the error that prevents it."""
    try:
        return compute(run_id, index, epoch)
    except ConflictError as error:
        return str(error)
