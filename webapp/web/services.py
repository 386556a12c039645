"""The services that routes call. `create_app` creates them; `services()` returns them during a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from webapp.annotations.guesses import Guesses
    from webapp.annotations.service import Annotations
    from webapp.datasets.downloads import Downloader
    from webapp.datasets.library import DatasetLibrary
    from webapp.diagnosis.preflight import Preflight
    from webapp.diagnosis.service import RunDiagnoses
    from webapp.diagnosis.telemetry import StoredTelemetry
    from webapp.diagnosis.trials import RunTrials
    from webapp.explanations.service import Explanations
    from webapp.lab.service import Lab
    from webapp.misclassified.service import MisclassifiedImages
    from webapp.runs.first_layer import FirstLayers
    from webapp.runs.results import RunResults
    from webapp.runs.service import Runs
    from webapp.web.static_assets import StaticAssets


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One instance of each service, for the lifetime of the server."""

    annotations: Annotations
    assets: StaticAssets
    diagnoses: RunDiagnoses
    downloader: Downloader
    explanations: Explanations
    first_layers: FirstLayers
    guesses: Guesses
    lab: Lab
    library: DatasetLibrary
    misclassified: MisclassifiedImages
    preflight: Preflight
    results: RunResults
    runs: Runs
    store_id: str
    telemetry: StoredTelemetry
    trials: RunTrials


def services() -> Services:
    """Return the services of the app that handles the current request."""
    return cast(Services, current_app.extensions["misfit"])
