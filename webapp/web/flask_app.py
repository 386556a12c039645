"""The Flask app: its routes, templates and error responses."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, json, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, ValidationError

from nn.errors import CheckpointError, DatasetError
from webapp.errors import DatabaseBusyError, ServiceError, is_disk_full
from webapp.threads import retry_while
from webapp.validation import LARGEST_INTEGER
from webapp.web.glossary import term_address, term_names
from webapp.web.http_errors import SERVER_ERROR, HttpError, other_server, system_error, too_large
from webapp.web.json_limits import LARGEST_BODY
from webapp.web.routes.annotations import annotation_routes, guesses
from webapp.web.routes.datasets import datasets
from webapp.web.routes.diagnosis import diagnosis, preflight
from webapp.web.routes.epochs import epochs
from webapp.web.routes.explanations import explanations
from webapp.web.routes.glossary import glossary
from webapp.web.routes.hyperparameters import hyperparameters
from webapp.web.routes.lab import lab
from webapp.web.routes.misclassified import misclassified
from webapp.web.routes.misclassified_exports import misclassified_exports
from webapp.web.routes.outputs import outputs
from webapp.web.routes.pages import pages
from webapp.web.routes.runs import queue, runs
from webapp.web.routes.static_files import static_files
from webapp.web.routes.weights import weights
from webapp.web.services import services

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

PROJECT_ROOT = Path(__file__).resolve().parent.parent.parent
STORE_HEADER = "Misfit-Store"
PASSED_ON = {"allow", "retry-after"}  # headers that an error response copies from the HTTP error of Werkzeug
SECONDS_TO_WAIT = 2.0  # for a database that another program has locked
RETRY_AFTER = {503: "5"}  # seconds, by status

log = logging.getLogger(__name__)


class NumberConverter(BaseConverter):
    """A number in a URL: ASCII digits, up to the largest integer of SQLite. Any other text matches no route."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Parse the digits. Werkzeug turns ValidationError into 404."""
        number = int(value)
        if number > LARGEST_INTEGER:
            raise ValidationError
        return number


class PatientFlask(Flask):
    """Flask app that repeats a request for up to SECONDS_TO_WAIT while another program has the database locked.

    A request can be repeated because it changes nothing before it changes the database, in a single transaction.
    """

    def dispatch_request(self) -> ResponseReturnValue:
        """Call the view function of the request."""
        return retry_while(DatabaseBusyError, super().dispatch_request, seconds=SECONDS_TO_WAIT)


def create_flask_app() -> Flask:
    """Return the Flask app, without Socket.IO and `RequestGuard`.

    Its routes use the services in `extensions["misfit"]`.
    """
    app = PatientFlask("webapp", template_folder=str(PROJECT_ROOT / "templates"), static_folder=None)
    # One byte more than allowed, so that request parsing can detect a body that is too large.
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY + 1
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.converters["number"] = NumberConverter
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.jinja_env.globals["asset"] = _asset
    app.jinja_env.globals["store_id"] = lambda: services().store_id
    app.jinja_env.globals["modules"] = _modules
    app.jinja_env.globals["glossary_terms"] = term_names
    app.jinja_env.globals["term_address"] = term_address
    for blueprint in (
        annotation_routes,
        datasets,
        diagnosis,
        epochs,
        explanations,
        glossary,
        guesses,
        hyperparameters,
        lab,
        misclassified,
        misclassified_exports,
        outputs,
        pages,
        preflight,
        queue,
        runs,
        static_files,
        weights,
    ):
        app.register_blueprint(blueprint)
    app.register_error_handler(HttpError, error_response)
    app.register_error_handler(ServiceError, lambda error: error_response(HttpError.from_service_error(error)))
    app.register_error_handler(DatasetError, dataset_error_response)
    app.register_error_handler(CheckpointError, lambda error: error_response(HttpError(409, str(error))))
    app.register_error_handler(HTTPException, http_exception_response)
    app.register_error_handler(Exception, unexpected_error_response)
    app.before_request(_check_store)
    app.after_request(_complete_headers)
    return app


def error_response(error: HttpError) -> Response:
    """Return the error as JSON for scripts, and as a page for people."""
    if request.path == "/api" or request.path.startswith(("/api/", "/static/")):
        response = Response(json.dumps(error.to_json()), mimetype="application/json")
    else:
        response = Response(render_template("error.html", page="error", error=error, status=error.status))
    response.status_code = error.status
    if error.status in RETRY_AFTER:
        response.headers["Retry-After"] = RETRY_AFTER[error.status]
    return response


def http_exception_response(exception: HTTPException) -> Response | HTTPException:
    """Return an error of Flask or Werkzeug in the format of this API, with the same status.

    Return redirections unchanged.
    """
    if exception.code is None or exception.code < 400:
        return exception
    response = error_response(HttpError(exception.code, _message_of(exception)))
    response.headers.extend((name, value) for name, value in exception.get_headers() if name.lower() in PASSED_ON)
    return response


def dataset_error_response(error: DatasetError) -> Response:
    """Return the message of the error, which can report a full disk."""
    if is_disk_full(error):
        return error_response(HttpError(507, f"The disk is full: {error}"))
    return error_response(HttpError(409, str(error)))


def unexpected_error_response(exception: Exception) -> Response:
    """Log an unexpected error in full, and return a general message.

    A full disk and missing file descriptors are not errors of this program.
    """
    if isinstance(exception, OSError) and (error := system_error(exception)):
        return error_response(error)
    log.error("%s %s failed", request.method, request.path, exc_info=exception)
    return error_response(HttpError(500, SERVER_ERROR))


def _message_of(exception: HTTPException) -> str:
    messages = {
        404: f"There is no page or resource at {request.path}.",
        405: f"{request.method} is not allowed at this address.",
        413: too_large(LARGEST_BODY).message,
    }
    return messages.get(exception.code or 500) or exception.description or exception.name


def _check_store() -> None:
    """Reject a request of a page that shows the runs of another database, in which the same ids are other runs."""
    store_id = request.headers.get(STORE_HEADER)
    if store_id is not None and store_id != services().store_id:
        raise other_server()


def _asset(name: str) -> str:
    return services().assets.url(name)


def _modules(*entries: str) -> list[str]:
    assets = services().assets
    return [assets.url(name) for name in dict.fromkeys(name for entry in entries for name in assets.modules(entry))]


def _complete_headers(response: Response) -> Response:
    """Name the database, and forbid caching if the response has no Cache-Control header."""
    response.headers[STORE_HEADER] = services().store_id
    response.headers.setdefault("Cache-Control", "no-store")
    return response
