"""Metrics of all epochs as JSON and as CSV. Responses are streamed, because a run can have ten thousand epochs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress

from flask import Blueprint, Response

from webapp.errors import NotFoundError
from webapp.runs.results import METRICS, EpochResults, RunResults
from webapp.threads import with_pauses
from webapp.web.request_parsing import Number, Query, read_query
from webapp.web.services import services

epochs = Blueprint("epochs", __name__, url_prefix="/api/runs/<number:run_id>")

EPOCHS_PER_PART = 100


class EpochsQuery(Query):
    """The last epoch that the client already has."""

    after: Number = 0


@epochs.get("/epochs")
def index(run_id: int) -> Response:
    """Return the metrics of the stored epochs after `after`."""
    query = read_query(EpochsQuery)
    services().runs.get(run_id)
    return Response(_json(services().results, run_id, query.after), mimetype="application/json")


@epochs.get("/epochs.csv")
def table(run_id: int) -> Response:
    """Return the metrics as CSV. Each cell is a number or empty, so no cell can run as a formula in a spreadsheet."""
    read_query(Query)
    services().runs.get(run_id)
    response = Response(_csv(services().results, run_id), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="misfit-run-{run_id}.csv"'
    return response


def _parts(results: RunResults, run_id: int, after: int) -> Iterator[EpochResults]:
    while part := results.epochs(run_id, after, EPOCHS_PER_PART):
        yield part
        after = part[-1]["epoch"]


def _json(results: RunResults, run_id: int, after: int) -> Iterator[str]:
    total = 0
    yield '{"items":['
    with suppress(NotFoundError):  # the response ends if the run is deleted meanwhile
        for part in with_pauses(_parts(results, run_id, after)):
            text = json.dumps(part, allow_nan=False, separators=(",", ":"))
            yield ("," if total else "") + text[1:-1]
            total += len(part)
    yield f'],"total":{total}}}'


def _csv(results: RunResults, run_id: int) -> Iterator[str]:
    yield ",".join(METRICS) + "\r\n"
    try:
        for part in with_pauses(_parts(results, run_id, 0)):
            buffer = io.StringIO()
            csv.DictWriter(buffer, METRICS, extrasaction="ignore").writerows(part)
            yield buffer.getvalue()
    except NotFoundError:  # without this line, the file would look complete
        yield f"Run {run_id} was deleted during the export. Its later epochs are missing.\r\n"
