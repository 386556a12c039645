"""The figures of every epoch, as JSON and as a table; sent in parts, since there may be ten thousand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from typing import Any

import gevent
from flask import Blueprint, Response

from nn.training.events import EpochResult
from webapp.errors import NotFoundError
from webapp.runs.service import Runs
from webapp.web.request_parsing import Number, Query, read_query
from webapp.web.services import services

epochs = Blueprint("epochs", __name__, url_prefix="/api/runs/<number:run_id>")

EPOCHS_AT_ONCE = 100
PAUSE = 0.001  # seconds, in which others are answered; with 0 gevent would not look for any
COLUMNS = [field.name for field in fields(EpochResult)]


class After(Query):
    """From which epoch on."""

    after: Number = 0


@epochs.get("/epochs")
def index(run_id: int) -> Response:
    """The stored EpochResults with epoch > after."""
    query = read_query(After)
    runs = services().runs
    runs.get(run_id)
    return Response(_json(runs, run_id, query.after), mimetype="application/json")


@epochs.get("/epochs.csv")
def table(run_id: int) -> Response:
    """The EpochResults as a table; every cell is a number or empty, so that no spreadsheet runs one as a formula."""
    read_query(Query)
    runs = services().runs
    runs.get(run_id)
    response = Response(_csv(runs, run_id), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="misfit-run-{run_id}.csv"'
    return response


def _parts(runs: Runs, run_id: int, after: int) -> Iterator[list[dict[str, Any]]]:
    with suppress(NotFoundError):  # deleted meanwhile: what was sent stands
        while part := runs.epochs(run_id, after, EPOCHS_AT_ONCE):
            yield part
            after = part[-1]["epoch"]
            gevent.sleep(PAUSE)


def _json(runs: Runs, run_id: int, after: int) -> Iterator[str]:
    total = 0
    yield '{"items":['
    for part in _parts(runs, run_id, after):
        text = json.dumps(part, allow_nan=False, separators=(",", ":"))
        yield ("," if total else "") + text[1:-1]
        total += len(part)
    yield f'],"total":{total}}}'


def _csv(runs: Runs, run_id: int) -> Iterator[str]:
    yield ",".join(COLUMNS) + "\r\n"
    for part in _parts(runs, run_id, 0):
        buffer = io.StringIO()
        csv.writer(buffer).writerows([result[name] for name in COLUMNS] for result in part)
        yield buffer.getvalue()
