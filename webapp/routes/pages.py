"""The pages that a person opens."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from nn.datasets.catalog import CATALOG
from webapp.errors import NotFoundError
from webapp.services import services

pages = Blueprint("pages", __name__)


@pages.get("/")
def train() -> str:
    """Choose hyperparameters, start a run, watch it."""
    return render_template("train.html", page="train")


@pages.get("/runs")
def runs() -> str:
    """Every run, to sort, filter and compare."""
    return render_template("runs.html", page="runs")


@pages.get("/runs/<number:run_id>")
def run(run_id: int) -> str:
    """One run, live or finished."""
    return render_template("run.html", page="run", run_id=run_id, run=services().runs.get(run_id).to_json())


@pages.get("/runs/<number:run_id>/misclassified")
def misclassified(run_id: int) -> str | Response:
    """The test images that a run got wrong; what it says of a table is on its own page."""
    view = services().runs.get(run_id)
    if not CATALOG[view.dataset].image_shape:
        return redirect(url_for("pages.run", run_id=run_id, _anchor="outputs"))
    return render_template("misclassified.html", page="misclassified", run_id=run_id, run=view.to_json())


@pages.get("/datasets")
def datasets() -> Response:
    """The data page needs a data set; the one that is always there comes first."""
    return redirect(url_for("pages.dataset", name=next(iter(CATALOG))))


@pages.get("/datasets/<name>")
def dataset(name: str) -> str:
    """The images of one data set by class and split."""
    if name not in CATALOG:
        raise NotFoundError(f"There is no data set named {name}.")
    return render_template("dataset.html", page="dataset", dataset=CATALOG[name], datasets=list(CATALOG.values()))
