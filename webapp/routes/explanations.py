"""Why a run read a test image as it did."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from webapp.routes.incoming import OfEpoch, Query, read_object, read_query
from webapp.services import services

explanations = Blueprint("explanations", __name__, url_prefix="/api/runs/<number:run_id>")


@explanations.get("/explanations/<number:index>")
def explanation(run_id: int, index: int) -> dict[str, Any]:
    """What decided one test image: units, pixels, and where it would have to be."""
    return services().explanations.explain(run_id, index, read_query(OfEpoch).epoch).to_json()


@explanations.get("/explanations/<number:index>/examples")
def examples(run_id: int, index: int) -> dict[str, Any]:
    """The training images that are most like a test image, and those that pushed its answer most."""
    return services().explanations.examples(run_id, index, read_query(OfEpoch).epoch).to_json()


@explanations.post("/probe")
def probe(run_id: int) -> dict[str, Any]:
    """What the run says of a test image that is changed."""
    read_query(Query)
    given = read_object(("index", "epoch", "pixels", "shift", "rotation", "thickness", "blur"))
    return services().explanations.probe(run_id, given).to_json()
