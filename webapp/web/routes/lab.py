"""The bug lab: the documented bugs, experiments with them, and guesses."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from webapp.web.request_parsing import Query, read_object, read_query
from webapp.web.services import services

lab = Blueprint("lab", __name__, url_prefix="/api/lab")


@lab.get("/bugs")
def bugs() -> Response:
    """List the documented bugs, in the order in which to teach them."""
    read_query(Query)
    items = services().lab.bugs()
    return jsonify({"items": items, "total": len(items)})


@lab.post("/runs")
def create() -> tuple[Response, int]:
    """Train the right and the wrong network, and check the gradient of the wrong one."""
    read_query(Query)
    return jsonify(
        services().lab.create(read_object(("bug", "bugs", "layer", "hyperparameters", "seed", "hidden")))
    ), 201


@lab.get("/runs/<run_id>")
def show(run_id: str) -> Response:
    """Return an experiment."""
    read_query(Query)
    return jsonify(services().lab.get(run_id))


@lab.post("/runs/<run_id>/guess")
def guess(run_id: str) -> Response:
    """Compare a guess with the bugs of an experiment."""
    read_query(Query)
    return jsonify(services().lab.guess(run_id, read_object(("bug", "layer"))))
