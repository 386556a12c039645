"""Static files, compressed once and cached by browsers permanently."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Response, request, send_file

from webapp.errors import NotFoundError
from webapp.threads import in_thread
from webapp.web.services import services

static_files = Blueprint("static", __name__)

PERMANENTLY = "public, max-age=31536000, immutable"


@static_files.get("/static/<version>/<path:name>")
def file(version: str, name: str) -> Response:
    """Return a file. For an outdated version in the URL, return the current file and forbid caching."""
    assets = services().assets
    asset = assets.find(name)
    if asset is None:
        raise NotFoundError(f"There is no file {name}.")
    path = asset.path
    if asset.compressible and request.accept_encodings["gzip"] > 0:
        compressed = assets.compressed_path(name, asset)
        if not compressed.exists():
            with suppress(OSError):  # if the disk is full, the response is not compressed
                in_thread(assets.compress, name, asset)
        if compressed.exists():
            path = compressed
    gzipped = path is not asset.path
    response = send_file(path, mimetype=asset.content_type, etag=asset.digest(name) + ("-gzip" if gzipped else ""))
    response.headers["Content-Type"] = asset.content_type
    response.headers["Cache-Control"] = PERMANENTLY if version == assets.version() else "no-store"
    if asset.compressible:
        response.vary.add("Accept-Encoding")
    if gzipped:
        response.headers["Content-Encoding"] = "gzip"
    return response
