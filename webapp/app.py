"""The composition root: it creates every part of the server and connects them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask
from flask_socketio import SocketIO
from threadpoolctl import threadpool_limits

from nn.datasets import DatasetRegistry, built_in_registry
from webapp.annotations.guesses import Guesses
from webapp.annotations.service import Annotations
from webapp.config import Config
from webapp.datasets.downloads import Downloader
from webapp.datasets.library import DatasetLibrary
from webapp.diagnosis.evidence import StoredEvidence
from webapp.diagnosis.live import LiveDiagnoses
from webapp.diagnosis.preflight import Preflight
from webapp.diagnosis.service import RunDiagnoses
from webapp.diagnosis.telemetry import StoredTelemetry
from webapp.diagnosis.trials import RunTrials
from webapp.execution.scheduler import Scheduler
from webapp.execution.trial_queue import TrialQueue
from webapp.execution.worker_process import LocalEngine
from webapp.explanations.service import Explanations
from webapp.lab.service import Lab
from webapp.misclassified.service import MisclassifiedImages
from webapp.realtime.publisher import Publisher
from webapp.runs.first_layer import FirstLayers
from webapp.runs.results import RunResults
from webapp.runs.service import Runs
from webapp.runs.trained_networks import RunNetworks
from webapp.storage.annotation_store import AnnotationStore
from webapp.storage.guess_store import GuessStore
from webapp.storage.run_files import RunFiles
from webapp.storage.run_store import RunStore
from webapp.storage.verdict_store import VerdictStore
from webapp.web.flask_app import PROJECT_ROOT, create_flask_app
from webapp.web.request_guard import RequestGuard
from webapp.web.services import Services
from webapp.web.sockets.subscriptions import Subscriptions
from webapp.web.sockets.transport import create_socketio
from webapp.web.static_assets import StaticAssets

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True, slots=True)
class App:
    """The connected parts of one dashboard. `wsgi` handles HTTP requests and sockets that `RequestGuard` accepts."""

    flask_app: Flask
    socketio: SocketIO
    diagnoses: LiveDiagnoses
    trials: TrialQueue
    runs: Runs
    scheduler: Scheduler
    downloader: Downloader
    store: RunStore

    @property
    def wsgi(self) -> WSGIApplication:
        """The WSGI application."""
        return self.flask_app

    def start(self) -> None:
        """Start the queued runs. Runs that were in progress when an earlier server ended become interrupted."""
        self.scheduler.start()

    def close(self) -> None:
        """Interrupt all runs, end trials and downloads, and close the database."""
        self.diagnoses.close()
        self.trials.close()
        self.scheduler.close()
        self.downloader.close()
        self.store.close()


def create_app(config: Config, datasets: DatasetRegistry | None = None) -> App:
    """Return a dashboard with these settings and data sets.

    By default, use the built-in data sets. Raises DatabaseError.
    """
    flask_app = create_flask_app()
    socketio = create_socketio(flask_app)
    publisher = Publisher(socketio)
    datasets = built_in_registry() if datasets is None else datasets
    store = RunStore(config.database, datasets)
    store.reserve_ids(RunFiles.last_run_id(config.runs_dir))
    downloader = Downloader(config.datasets_dir, publisher, datasets)
    library = DatasetLibrary(config, datasets)
    scheduler = Scheduler(LocalEngine(config), config.workers, store, publisher, downloader)
    runs = Runs(config, store, scheduler, publisher, datasets)
    results = RunResults(config, store, runs, library)
    networks = RunNetworks(config.runs_dir)
    annotations = Annotations(AnnotationStore(store.engine), library)
    explanations = Explanations(runs, results, networks)
    store_id = store.identity()
    trial_queue = TrialQueue(config, scheduler, store, publisher)
    evidence = StoredEvidence(results, library, trial_queue.finished)
    diagnoses = RunDiagnoses(runs, evidence, VerdictStore(store.engine), publisher)
    trials = RunTrials(runs, diagnoses, library, trial_queue)
    trial_queue.on_end = diagnoses.update
    live_diagnoses = LiveDiagnoses(diagnoses, on_ill_end=trials.consider)
    scheduler.add_listener(live_diagnoses.handle_change)
    Subscriptions(socketio, runs, results, diagnoses, store_id)
    threadpool_limits(1, user_api="blas")  # never undone, because BLAS threads keep cores busy while they wait
    flask_app.extensions["misfit"] = Services(
        annotations=annotations,
        assets=StaticAssets(PROJECT_ROOT / "static", config.cache_dir),
        diagnoses=diagnoses,
        downloader=downloader,
        explanations=explanations,
        first_layers=FirstLayers(runs, results, networks),
        guesses=Guesses(GuessStore(store.engine), runs, results),
        lab=Lab(),
        library=library,
        misclassified=MisclassifiedImages(results, annotations, explanations),
        preflight=Preflight(runs, library),
        results=results,
        runs=runs,
        store_id=store_id,
        telemetry=StoredTelemetry(config.runs_dir, runs),
        trials=trials,
    )
    flask_app.wsgi_app = RequestGuard(flask_app.wsgi_app, config.host, config.allowed_hosts)  # type: ignore[method-assign]
    return App(flask_app, socketio, live_diagnoses, trial_queue, runs, scheduler, downloader, store)
