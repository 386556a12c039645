"""Runs as JSON: start, list, steer, describe, delete."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from webapp.errors import InvalidError
from webapp.web.request_parsing import Page, Query, read_object, read_query
from webapp.web.services import services

runs = Blueprint("runs", __name__, url_prefix="/api/runs")


@runs.post("")
def create() -> tuple[Response, int]:
    """Queue a run."""
    read_query(Query)
    given = read_object(("name", "preset", "hyperparameters"))
    _refuse_null(given, "name", "must be text")
    _refuse_null(given, "hyperparameters", "must be an object of names and values")
    run = services().runs.create(**given)
    return jsonify(run.to_json()), 201


@runs.get("")
def index() -> dict[str, Any]:
    """Every run, newest first."""
    page = read_query(Page)
    views, total = services().runs.list(page.offset, page.limit)
    return {"items": [view.to_json() for view in views], "total": total}


@runs.get("/<number:run_id>")
def show(run_id: int) -> dict[str, Any]:
    """One run as it stands."""
    read_query(Query)
    return services().runs.get(run_id).to_json()


@runs.post("/<number:run_id>/stop")
def stop(run_id: int) -> dict[str, Any]:
    """End the run early."""
    read_query(Query)
    return services().runs.stop(run_id).to_json()


@runs.post("/<number:run_id>/pause")
def pause(run_id: int) -> dict[str, Any]:
    """Hold the run."""
    read_query(Query)
    return services().runs.pause(run_id).to_json()


@runs.post("/<number:run_id>/resume")
def resume(run_id: int) -> dict[str, Any]:
    """Let the run go on."""
    read_query(Query)
    return services().runs.resume(run_id).to_json()


@runs.patch("/<number:run_id>")
def describe(run_id: int) -> dict[str, Any]:
    """Change the run's name or notes."""
    read_query(Query)
    given = read_object(("name", "notes"))
    _refuse_null(given, "name", "must be text")
    _refuse_null(given, "notes", "must be text")
    return services().runs.update(run_id, **given).to_json()


@runs.delete("/<number:run_id>")
def delete(run_id: int) -> tuple[str, int]:
    """Forget an ended run and its files."""
    read_query(Query)
    services().runs.delete(run_id)
    return "", 204


def _refuse_null(given: dict[str, Any], name: str, message: str) -> None:
    """What is left out has a default; what is given as null is a mistake."""
    if name in given and given[name] is None:
        raise InvalidError({name: message})
