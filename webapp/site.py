"""The Flask app: its addresses, its templates, and how it says that something is wrong."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, ValidationError

from webapp.errors import ApiError, MalformedError, MethodNotAllowedError, NotFoundError, TooLargeError
from webapp.routes.pages import pages
from webapp.routes.static import static
from webapp.services import Services

HOUSE = Path(__file__).resolve().parent.parent
LARGEST_ID = 2**63 - 1  # what SQLite can hold
ERRORS: dict[int, type[ApiError]] = {
    error.status: error for error in (MalformedError, NotFoundError, MethodNotAllowedError, TooLargeError)
}

log = logging.getLogger(__name__)


class NumberConverter(BaseConverter):
    """A number in an address: ASCII digits, no more than the store can hold; anything else is an unknown address."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Read the digits; werkzeug answers ValidationError with 404."""
        number = int(value)
        if number > LARGEST_ID:
            raise ValidationError
        return number


def create_site(services: Services) -> Flask:
    """The Flask app over these services, without sockets and without the guard in front."""
    site = Flask("webapp", template_folder=str(HOUSE / "templates"), static_folder=None)
    site.extensions["misfit"] = services
    site.url_map.converters["number"] = NumberConverter
    site.url_map.strict_slashes = False
    site.jinja_env.globals["asset"] = services.assets.url
    for blueprint in (pages, static):
        site.register_blueprint(blueprint)
    site.register_error_handler(ApiError, answer_error)
    site.register_error_handler(HTTPException, answer_http_exception)
    site.register_error_handler(Exception, answer_surprise)
    return site


def answer_error(error: ApiError) -> Response:
    """An error as JSON for programs, as a page for people."""
    if request.path.startswith(("/api/", "/static/")) or request.path == "/api":
        response = jsonify(error.to_json())
    else:
        response = Response(render_template("error.html", page="error", error=error, status=error.status))
    response.status_code = error.status
    response.headers["Cache-Control"] = "no-store"
    return response


def answer_http_exception(exception: HTTPException) -> Response | HTTPException:
    """What Flask and Werkzeug themselves refuse, in our own shape; redirections pass."""
    if exception.code is None or exception.code < 400:
        return exception
    kind = ERRORS.get(exception.code, MalformedError if exception.code < 500 else ApiError)
    response = answer_error(kind(exception.description or exception.name))
    response.headers.extend(
        (name, value) for name, value in exception.get_headers() if name.lower() in {"allow", "retry-after"}
    )
    return response


def answer_surprise(exception: Exception) -> Response:
    """A fault of ours: told to the log in full, to the client in one sentence."""
    log.error("%s %s failed", request.method, request.path, exc_info=exception)
    return answer_error(ApiError("Something went wrong in the server; its log says what."))
