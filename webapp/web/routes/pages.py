"""HTML pages."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, stream_with_context, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from webapp.web.first_view import with_first_view
from webapp.web.lab_example import load_example
from webapp.web.services import services

pages = Blueprint("pages", __name__)


@pages.get("/")
def train() -> str:
    """Show the form, and the run that the form started."""
    return render_template("train.html", page="train")


@pages.get("/runs")
def runs() -> str:
    """Show all runs."""
    return render_template("runs.html", page="runs")


@pages.get("/runs/<number:run_id>")
def one_run(run_id: int) -> str:
    """Show one run."""
    run = services().runs.get(run_id)
    match = services().results.images_match(run)
    live = not run.has_ended
    return render_template("run.html", page="run", run_id=run_id, run=run.to_json(), live=live, images_match=match)


@pages.get("/runs/<number:run_id>/misclassified")
def misclassified(run_id: int) -> Response:
    """Show the misclassified images of a run; redirect a run on a table to its outputs."""
    run = services().runs.get(run_id)
    if run.dataset_spec.kind == "table":
        return redirect(url_for("pages.one_run", run_id=run_id, _anchor="outputs"))
    match = services().results.images_match(run)
    page = render_template(
        "misclassified.html", page="misclassified", run_id=run_id, run=run.to_json(), images_match=match
    )
    return FlaskResponse(stream_with_context(with_first_view(page, run, request.args)))


@pages.get("/datasets")
def datasets() -> Response:
    """Redirect to the first data set."""
    return redirect(url_for("pages.dataset", name=services().library.datasets.names[0]))


@pages.get("/datasets/<name>")
def dataset(name: str) -> str:
    """Show the images or rows of one data set."""
    library = services().library
    spec, sizes, warning = library.spec(name), library.sizes(name), library.file_warning(name)
    return render_template(
        "dataset.html", page="dataset", dataset=spec, sizes=sizes, datasets=library.datasets, file_warning=warning
    )


@pages.get("/lab")
def lab() -> str:
    """Show a documented bug; in guess mode, one that the address does not name."""
    bugs = services().lab.bugs()
    chosen = request.args.get("bug")
    selected = chosen if chosen in {bug["id"] for bug in bugs} else bugs[0]["id"]
    guess = request.args.get("mode") == "guess"
    return render_template("lab.html", page="lab", bugs=bugs, selected=selected, guess=guess, example=load_example())
