"""Weights of runs: checkpoints as NumPy files, and the first layer as an image."""

from __future__ import annotations

import os
from typing import Any, Literal

from flask import Blueprint, Response, request, send_file

from webapp.web.request_parsing import EpochQuery, Number, Query, read_query
from webapp.web.services import services

weights = Blueprint("weights", __name__, url_prefix="/api/runs/<number:run_id>")


class CheckpointQuery(Query):
    """The choice between the last checkpoint and the best checkpoint."""

    which: Literal["last", "best"] = "last"


class UnitQuery(EpochQuery):
    """A unit of the first layer and an epoch. The defaults are all units and the epoch of the last checkpoint."""

    unit: Number | None = None


@weights.get("/checkpoints")
def checkpoints(run_id: int) -> dict[str, Any]:
    """List the checkpoints that can be downloaded."""
    read_query(Query)
    items = services().results.checkpoints(run_id)
    return {"items": items, "total": len(items)}


@weights.get("/checkpoint.npz")
def checkpoint(run_id: int) -> Response:
    """Return a checkpoint as a NumPy file."""
    which = read_query(CheckpointQuery).which
    # The response has the size of the open file, because the worker can replace the file at its path at any time.
    file = services().results.open_checkpoint(run_id, which)
    name = f"misfit-run-{run_id}-{which}.npz"
    response = send_file(file, mimetype="application/octet-stream", as_attachment=True, download_name=name)
    response.content_length = os.fstat(file.fileno()).st_size
    return response


@weights.get("/first_layer_weights.png")
def first_layer_weights(run_id: int) -> Response:
    """Return an image of the first-layer weights. Negative weights are orange, positive weights blue.

    The status is 304 if the ETag of the request matches.
    """
    query = read_query(UnitQuery)
    found = services().first_layers.find(run_id, query.epoch)
    response = Response(mimetype="image/png")
    response.set_etag(f"{found.version}-{query.unit}")
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    if response.status_code == 200:
        response.data = found.draw(query.unit)
    return response
