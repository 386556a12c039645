"""What a run has learned, to look at and to take home."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from flask import Blueprint, Response, request, send_file
from numpy.typing import NDArray
from pydantic import Field

from nn.datasets.catalog import CATALOG
from nn.model.network import Network
from nn.storage.checkpoint import load_checkpoint
from webapp.errors import InvalidError, NotFoundError
from webapp.images.png import draw_weights
from webapp.threads import in_thread
from webapp.web.request_parsing import LARGEST_NUMBER, EpochQuery, Query, read_query
from webapp.web.services import services

FirstLayer = tuple[NDArray[Any], tuple[int, int]]

downloads = Blueprint("downloads", __name__, url_prefix="/api/runs/<number:run_id>")


class Which(Query):
    """Which checkpoint."""

    which: Literal["last", "best"] = "last"


class Unit(EpochQuery):
    """Which unit of the first layer; all of them where none is given. The last checkpoint's where no epoch is."""

    unit: Annotated[int, Field(ge=0, le=LARGEST_NUMBER)] | None = None


@downloads.get("/checkpoint.npz")
def checkpoint(run_id: int) -> Response:
    """The state after the last epoch or the best one, as NumPy reads it."""
    which = read_query(Which).which
    # Opened before it is measured: the worker puts a new file in its place after each epoch.
    file = services().runs.checkpoint_path(run_id, which).open("rb")
    name = f"misfit-run-{run_id}-{which}.npz"
    response = send_file(file, mimetype="application/octet-stream", as_attachment=True, download_name=name)
    response.content_length = os.fstat(file.fileno()).st_size
    return response


@downloads.get("/first_layer_weights.png")
def first_layer_weights(run_id: int) -> Response:
    """What each unit of the first layer looks for: orange where a bright pixel speaks against, blue where for it."""
    query = read_query(Unit)
    if not CATALOG[services().runs.get(run_id).dataset].image_shape:
        raise NotFoundError(f"Run {run_id} learns from a table: its weights make no pictures.")
    if query.epoch is None:
        path = services().runs.checkpoint_path(run_id)
        return _drawing(str(path.stat().st_mtime_ns), query.unit, lambda: _first_layer(path))
    trained = services().explanations.network(run_id, query.epoch)
    return _drawing(f"epoch-{trained.weights_epoch}", query.unit, lambda: (trained.first_weights, trained.shape))


def _drawing(version: str, unit: int | None, read: Callable[[], FirstLayer]) -> Response:
    """The weights that `read` gives, in a thread, unless the browser has this version of the picture."""
    response = Response(mimetype="image/png")
    response.set_etag(f"{version}-{unit}")
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    if response.status_code == 200:
        response.data = in_thread(_draw, read, unit)
    return response


def _draw(read: Callable[[], FirstLayer], unit: int | None) -> bytes:
    weights, shape = read()
    if unit is not None and unit >= weights.shape[1]:
        raise InvalidError({"unit": f"must be less than {weights.shape[1]}"})
    return draw_weights(weights, shape, unit)


def _first_layer(path: Path) -> FirstLayer:
    """The weights (n_features, n_units) between the pixels and the first units, and the shape of the pictures."""
    stored = load_checkpoint(path)
    h = stored.hyperparameters
    network = Network.from_parameters(h, h.n_features, h.dataset_spec.n_outputs, stored.parameters)
    return network.layers[0].weights, h.image_shape or (1, h.n_features)
