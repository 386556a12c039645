"""The pages that a person opens."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response

from webapp.storage.run_record import RunRecord
from webapp.web.request_parsing import FilterQuery, PageQuery
from webapp.web.services import services

pages = Blueprint("pages", __name__)

LISTED = 48  # images on a page of the list


class View(PageQuery, FilterQuery):
    """The part of a misclassified page's address that its list depends on."""

    image: int | None = None


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
    if view.dataset_spec.kind == "table":
        return redirect(url_for("pages.run", run_id=run_id, _anchor="outputs"))
    return render_template(
        "misclassified.html", page="misclassified", run_id=run_id, run=view.to_json(), asked_first=_asked_first(view)
    )


@pages.get("/datasets")
def datasets() -> Response:
    """The data page needs a data set; the one that is always there comes first."""
    return redirect(url_for("pages.dataset", name=services().library.datasets.names[0]))


@pages.get("/datasets/<name>")
def dataset(name: str) -> str:
    """The images of one data set by class and split."""
    library = services().library
    return render_template("dataset.html", page="dataset", dataset=library.spec(name), datasets=library.datasets)


def _asked_first(run: RunRecord) -> list[str]:
    """What the scripts of the misclassified page ask for first, so that the browser can ask before it has read them.

    The addresses are written as static/js/misclassified/view_state.js writes them.
    """
    addresses = ["/api/datasets", f"/api/runs/{run.id}/epochs"]
    try:
        view = View.model_validate({name: value for name, value in request.args.items() if name in View.model_fields})
    except ValidationError:
        return addresses
    n_classes = run.dataset_spec.n_classes
    epoch = min(view.epoch or run.epochs_completed, run.epochs_completed)
    if epoch == 0 or any(label is not None and label >= n_classes for label in (view.true, view.predicted)):
        return addresses
    said = view.model_dump(mode="json", exclude_defaults=True)
    listed = {"epoch": epoch, "limit": LISTED} | {
        name: _written(said[name]) for name in (*FilterQuery.model_fields, "offset") if name in said and name != "epoch"
    }
    what = [f"misclassified?{urlencode(listed)}", f"confusion_matrix?epoch={epoch}"]
    if view.image is not None:
        what += [f"predictions/{view.image}?epoch={epoch}"]
    return [f"/api/runs/{run.id}/{one}" for one in what] + addresses


def _written(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)
