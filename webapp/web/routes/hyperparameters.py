"""The schema of hyperparameters, and presets."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from nn.presets.catalog import PRESETS
from webapp.web.hyperparameter_form import form_schema, preset_json
from webapp.web.request_parsing import Query, read_query
from webapp.web.services import services

hyperparameters = Blueprint("hyperparameters", __name__, url_prefix="/api")


@hyperparameters.get("/hyperparameters")
def schema() -> Response:
    """Return the schema of the form."""
    read_query(Query)
    return jsonify(form_schema(services().library.datasets))


@hyperparameters.get("/presets")
def presets() -> Response:
    """List the presets."""
    read_query(Query)
    return jsonify({"items": [preset_json(preset) for preset in PRESETS.values()], "total": len(PRESETS)})
