"""Outputs of runs on tables."""

from __future__ import annotations

from flask import Blueprint

from webapp.runs.outputs import Outputs, outputs_json
from webapp.web.request_parsing import EpochQuery, read_query
from webapp.web.services import services

outputs = Blueprint("outputs", __name__, url_prefix="/api/runs/<number:run_id>")


@outputs.get("/outputs")
def show(run_id: int) -> Outputs:
    """Return the plot of a run on a table after one epoch."""
    return outputs_json(services().results.outputs(run_id, read_query(EpochQuery).epoch))
