"""Stored telemetry."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from webapp.web.request_parsing import Number, Query, read_query
from webapp.web.services import services

telemetry = Blueprint("telemetry", __name__, url_prefix="/api/runs/<number:run_id>/telemetry")


class TelemetryQuery(Query):
    """The last epoch whose telemetry the client already has."""

    after: Number = 0


@telemetry.get("")
def index(run_id: int) -> Response:
    """Return the stored telemetry of the epochs after `after`, and by default also that of the first steps."""
    query = read_query(TelemetryQuery)
    items = list(services().telemetry.items(run_id, query.after))
    return jsonify({"items": items, "total": len(items)})
