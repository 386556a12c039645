"""Runs: create, list, control, describe, delete."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from webapp.errors import InvalidError
from webapp.web.request_parsing import Query, RunListParameters, read_object, read_query
from webapp.web.services import services

runs = Blueprint("runs", __name__, url_prefix="/api/runs")
queue = Blueprint("queue", __name__, url_prefix="/api/queue")


@runs.post("")
def create() -> tuple[Response, int]:
    """Queue a run."""
    read_query(Query)
    given = read_object(("name", "preset", "hyperparameters", "same_start_as", "changes"))
    _reject_null(given, "name", "must be text")
    _reject_null(given, "hyperparameters", "must be an object of names and values")
    _reject_null(given, "same_start_as", "must be the id of a stored run")
    _reject_null(given, "changes", "must be an object of names and values")
    return jsonify(services().runs.create(**given).to_json()), 201


@runs.get("")
def index() -> Response:
    """List the runs that contain every word of `query`. By default, list all runs, newest first."""
    records, total = services().runs.list(read_query(RunListParameters).run_list_query)
    return jsonify({"items": [record.to_json() for record in records], "total": total})


@queue.get("")
def show_queue() -> Response:
    """Return the runs that train and the runs that wait for a worker."""
    read_query(Query)
    return jsonify(services().runs.queue())


@runs.get("/<number:run_id>")
def show(run_id: int) -> Response:
    """Return one run."""
    read_query(Query)
    return jsonify(services().runs.get(run_id).to_json())


@runs.post("/<number:run_id>/stop")
def stop(run_id: int) -> Response:
    """End the run early."""
    read_query(Query)
    return jsonify(services().runs.stop(run_id).to_json())


@runs.post("/<number:run_id>/pause")
def pause(run_id: int) -> Response:
    """Pause the run."""
    read_query(Query)
    return jsonify(services().runs.pause(run_id).to_json())


@runs.post("/<number:run_id>/resume")
def resume(run_id: int) -> Response:
    """Continue the run."""
    read_query(Query)
    return jsonify(services().runs.resume(run_id).to_json())


@runs.patch("/<number:run_id>")
def describe(run_id: int) -> Response:
    """Change the run's name or notes."""
    read_query(Query)
    given = read_object(("name", "notes"))
    _reject_null(given, "name", "must be text")
    _reject_null(given, "notes", "must be text")
    return jsonify(services().runs.update(run_id, **given).to_json())


@runs.delete("/<number:run_id>")
def delete(run_id: int) -> tuple[str, int]:
    """Delete an ended run and its files."""
    read_query(Query)
    services().runs.delete(run_id)
    return "", 204


def _reject_null(given: dict[str, Any], name: str, message: str) -> None:
    """Raise InvalidError if the member `given[name]` is null. Only an omitted member has a default."""
    if name in given and given[name] is None:
        raise InvalidError({name: message})
