"""Diagnosis of a run."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from nn.diagnosis.finding_json import diagnosis_to_json
from webapp.web.request_parsing import EpochQuery, read_query
from webapp.web.response_versions import diagnosis_version, versioned
from webapp.web.services import services

diagnosis = Blueprint("diagnosis", __name__, url_prefix="/api/runs/<number:run_id>")


@diagnosis.get("/diagnosis")
def show(run_id: int) -> Response:
    """Return the diagnosis of a run until one epoch."""
    query = read_query(EpochQuery)
    version = diagnosis_version(run_id)
    response = jsonify(diagnosis_to_json(services().diagnoses.diagnose(run_id, query.epoch)))
    return versioned(response, version) if version else response
