"""What the routes call; `create_app` puts it together and every request finds it here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from webapp.annotations.guesses import Guesses
    from webapp.annotations.service import Annotations
    from webapp.datasets.downloads import Downloader
    from webapp.datasets.library import DatasetLibrary
    from webapp.explanations.service import Explanations
    from webapp.misclassified.service import MisclassifiedImages
    from webapp.runs.service import Runs
    from webapp.web.static_assets import StaticAssets


@dataclass(frozen=True, slots=True)
class Services:
    """One of each, for the life of the server."""

    runs: Runs
    library: DatasetLibrary
    downloader: Downloader
    assets: StaticAssets
    annotations: Annotations
    guesses: Guesses
    mistakes: MisclassifiedImages
    explanations: Explanations


def services() -> Services:
    """The services of the app that answers the current request."""
    return cast(Services, current_app.extensions["misfit"])
