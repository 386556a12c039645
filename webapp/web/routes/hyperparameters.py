"""The schema of hyperparameters, presets, and the validation of hyperparameters."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from nn.presets.catalog import PRESETS
from webapp.web.hyperparameter_form import form_schema, preset_json
from webapp.web.request_parsing import Query, read_object, read_query
from webapp.web.services import services

hyperparameters = Blueprint("hyperparameters", __name__, url_prefix="/api")


@hyperparameters.get("/hyperparameters")
def schema() -> Response:
    """Return the schema of the form."""
    read_query(Query)
    return jsonify(form_schema(services().library.datasets))


@hyperparameters.post("/hyperparameters/check")
def check() -> Response:
    """Validate hyperparameters, and estimate what a run with them would need."""
    read_query(Query)
    return jsonify(services().runs.check(**read_object(("preset", "hyperparameters"))))


@hyperparameters.get("/presets")
def presets() -> Response:
    """List the presets."""
    read_query(Query)
    return jsonify({"items": [preset_json(preset) for preset in PRESETS.values()], "total": len(PRESETS)})
