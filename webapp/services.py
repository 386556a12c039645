"""What the routes call; `create_app` puts it together and every request finds it here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from webapp.annotations import Annotations
    from webapp.assets import Assets
    from webapp.datasets import Library
    from webapp.explanations import Explanations
    from webapp.fetching import Fetcher
    from webapp.guesses import Guesses
    from webapp.mistakes import Mistakes
    from webapp.runs import Runs


@dataclass(frozen=True, slots=True)
class Services:
    """One of each, for the life of the server."""

    runs: Runs
    library: Library
    fetcher: Fetcher
    assets: Assets
    annotations: Annotations
    guesses: Guesses
    mistakes: Mistakes
    explanations: Explanations


def services() -> Services:
    """The services of the app that answers the current request."""
    return cast(Services, current_app.extensions["misfit"])
