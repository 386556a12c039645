"""The Flask app: its addresses, its templates, and how it says that something is wrong."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Flask, Response, json, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, ValidationError

from nn.errors import CheckpointError, DatasetError
from webapp.errors import ApiError, ConflictError, MalformedError, MethodNotAllowedError, NotFoundError, TooLargeError
from webapp.web.json_limits import LARGEST_BODY
from webapp.web.routes.annotations import annotation_routes
from webapp.web.routes.datasets import datasets
from webapp.web.routes.epochs import epochs
from webapp.web.routes.explanations import explanations
from webapp.web.routes.glossary import glossary
from webapp.web.routes.guesses import guesses
from webapp.web.routes.hyperparameters import choices
from webapp.web.routes.misclassified import results
from webapp.web.routes.misclassified_exports import exports
from webapp.web.routes.outputs import outputs
from webapp.web.routes.pages import pages
from webapp.web.routes.runs import runs
from webapp.web.routes.static_files import static
from webapp.web.routes.weights import downloads
from webapp.web.services import services

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent
LARGEST_ID = 2**63 - 1  # what SQLite can hold
KINDS: dict[int, type[ApiError]] = {
    kind.status: kind for kind in (MalformedError, NotFoundError, MethodNotAllowedError, TooLargeError)
}
PASSED_ON = {"allow", "retry-after"}  # headers that belong to an error of HTTP

log = logging.getLogger(__name__)


class NumberConverter(BaseConverter):
    """A number in an address: ASCII digits, no more than the store can hold; anything else is an unknown address."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Read the digits; Werkzeug answers ValidationError with 404."""
        number = int(value)
        if number > LARGEST_ID:
            raise ValidationError
        return number


def create_flask_app() -> Flask:
    """The Flask app, without sockets and without the guard; it finds its services in `extensions["misfit"]`."""
    site = Flask("webapp", template_folder=str(PROJECT_ROOT / "templates"), static_folder=None)
    site.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY + 1  # one more than is allowed, so that it can be told
    site.json.sort_keys = False  # type: ignore[attr-defined]
    site.url_map.converters["number"] = NumberConverter
    site.url_map.strict_slashes = False
    site.url_map.merge_slashes = False
    site.jinja_env.globals["asset"] = _asset
    site.jinja_env.globals["modules"] = _modules
    for blueprint in (
        pages,
        glossary,
        static,
        choices,
        datasets,
        runs,
        epochs,
        results,
        exports,
        outputs,
        downloads,
        annotation_routes,
        guesses,
        explanations,
    ):
        site.register_blueprint(blueprint)
    site.register_error_handler(ApiError, answer_error)
    site.register_error_handler(DatasetError, answer_unreadable)
    site.register_error_handler(CheckpointError, answer_unreadable)
    site.register_error_handler(HTTPException, answer_http_exception)
    site.register_error_handler(Exception, answer_surprise)
    site.after_request(_forbid_keeping)
    return site


def answer_error(error: ApiError) -> Response:
    """An error as JSON for programs, as a page for people."""
    if request.path == "/api" or request.path.startswith(("/api/", "/static/")):
        response = Response(json.dumps(error.to_json()), mimetype="application/json")
    else:
        response = Response(render_template("error.html", page="error", error=error, status=error.status))
    response.status_code = error.status
    return response


def answer_unreadable(error: DatasetError | CheckpointError) -> Response:
    """Files that are missing or damaged: nothing that the request could do better, and no fault of ours."""
    return answer_error(ConflictError(str(error)))


def answer_http_exception(exception: HTTPException) -> Response | HTTPException:
    """What Flask and Werkzeug themselves refuse, in our own shape; redirections pass."""
    if exception.code is None or exception.code < 400:
        return exception
    kind = KINDS.get(exception.code, MalformedError if exception.code < 500 else ApiError)
    response = answer_error(kind(_in_our_words(exception)))
    response.headers.extend((name, value) for name, value in exception.get_headers() if name.lower() in PASSED_ON)
    return response


def answer_surprise(exception: Exception) -> Response:
    """A fault of ours: told to the log in full, to the client in one sentence."""
    log.error("%s %s failed", request.method, request.path, exc_info=exception)
    return answer_error(ApiError("Something went wrong in the server; its log says what."))


def _in_our_words(exception: HTTPException) -> str:
    words = {
        404: f"There is nothing at {request.path}.",
        405: f"{request.method} is not possible at this address.",
        413: f"The body is larger than {LARGEST_BODY:,} bytes.",
    }
    return words.get(exception.code or 500) or exception.description or exception.name


def _asset(name: str) -> str:
    return services().assets.url(name)


def _modules(*entries: str) -> list[str]:
    assets = services().assets
    return [assets.url(name) for name in dict.fromkeys(name for entry in entries for name in assets.modules(entry))]


def _forbid_keeping(response: Response) -> Response:
    """What does not say how long it may be kept may not be kept."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
