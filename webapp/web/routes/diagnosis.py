"""Diagnosis of a run, the telemetry that it uses, the trials that show a cause, and the start of a configuration."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from nn.diagnosis.finding_json import diagnosis_to_json
from webapp.errors import InvalidError
from webapp.web.request_parsing import EpochQuery, Number, Query, read_object, read_query
from webapp.web.response_versions import diagnosis_version, versioned
from webapp.web.services import services

diagnosis = Blueprint("diagnosis", __name__, url_prefix="/api/runs/<number:run_id>")
preflight = Blueprint("preflight", __name__, url_prefix="/api/preflight")


class TelemetryQuery(Query):
    """The last epoch whose telemetry the client already has."""

    after: Number = 0


@diagnosis.get("/telemetry")
def telemetry(run_id: int) -> Response:
    """Return the stored telemetry of the epochs after `after`, and by default also that of the first steps."""
    query = read_query(TelemetryQuery)
    items = services().telemetry.items(run_id, query.after)
    return jsonify({"items": items, "total": len(items)})


@diagnosis.get("/diagnosis")
def show(run_id: int) -> Response:
    """Return the diagnosis of a run until one epoch."""
    query = read_query(EpochQuery)
    version = diagnosis_version(run_id)
    response = jsonify(diagnosis_to_json(services().diagnoses.diagnose(run_id, query.epoch)))
    return versioned(response, version) if version else response


@diagnosis.get("/trials")
def trials(run_id: int) -> Response:
    """Return the trials of a run."""
    read_query(Query)
    return jsonify(services().trials.get(run_id))


@diagnosis.post("/trials")
def start_trials(run_id: int) -> tuple[Response, int]:
    """Queue the trials of a run."""
    read_query(Query)
    given = read_object(("epochs",))
    if "epochs" in given and given["epochs"] is None:
        raise InvalidError({"epochs": "must be a whole number; leave it out for the usual length"})
    return jsonify(services().trials.start(run_id, **given)), 202


@diagnosis.delete("/trials")
def stop_trials(run_id: int) -> Response:
    """Stop the trials of a run."""
    read_query(Query)
    return jsonify(services().trials.stop(run_id))


@preflight.post("")
def examine() -> Response:
    """Examine a configuration before its first step, without starting a run."""
    read_query(Query)
    return jsonify(services().preflight.examine(**read_object(("preset", "hyperparameters"))))
