"""Guess first, then see: the guesses at the test images of a run, and their score."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint

from webapp.web.request_parsing import Query, read_object, read_query
from webapp.web.services import services

guesses = Blueprint("guesses", __name__, url_prefix="/api/runs/<number:run_id>/guesses")


@guesses.post("")
def guess(run_id: int) -> tuple[dict[str, Any], int]:
    """Guess one image; the answer tells what it is, and what the run said."""
    read_query(Query)
    given = read_object(("index", "label", "epoch"))
    answer = services().guesses.guess(run_id, given.get("index"), given.get("label"), given.get("epoch"))
    said = answer.guess
    return {
        "index": said.image_index,
        "label": said.label,
        "true_label": said.true_label,
        "predicted_label": said.predicted_label,
        "counted": answer.counted,
        "score": asdict(answer.score),
    }, 201


@guesses.get("")
def score(run_id: int) -> dict[str, Any]:
    """How the person and the network have done so far."""
    read_query(Query)
    return {"score": asdict(services().guesses.score(run_id))}


@guesses.delete("")
def forget(run_id: int) -> tuple[str, int]:
    """Begin anew."""
    read_query(Query)
    services().guesses.forget(run_id)
    return "", 204
