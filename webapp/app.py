"""The only place that puts the parts together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask
from flask_socketio import SocketIO
from threadpoolctl import threadpool_limits

from webapp.annotations.guesses import Guesses
from webapp.annotations.service import Annotations
from webapp.config import Config
from webapp.datasets.downloads import Downloader
from webapp.datasets.library import DatasetLibrary
from webapp.execution.scheduler import Scheduler
from webapp.explanations.service import Explanations
from webapp.misclassified.service import MisclassifiedImages
from webapp.realtime.publisher import Publisher
from webapp.runs.service import Runs
from webapp.storage.annotation_store import AnnotationStore
from webapp.storage.guess_store import GuessStore
from webapp.storage.run_store import RunStore
from webapp.web.flask_app import PROJECT_ROOT, create_flask_app
from webapp.web.request_guard import RequestGuard
from webapp.web.services import Services
from webapp.web.socketio_transport import create_socketio
from webapp.web.static_assets import StaticAssets
from webapp.web.subscriptions import Subscriptions

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True, slots=True)
class App:
    """A dashboard, ready to be served: `wsgi` answers requests and sockets, behind the guard."""

    site: Flask
    socketio: SocketIO
    runs: Runs
    scheduler: Scheduler
    downloader: Downloader
    store: RunStore

    @property
    def wsgi(self) -> WSGIApplication:
        """What a web server calls."""
        return self.site

    def start(self) -> None:
        """Put right what an earlier server left, and train what waits."""
        self.scheduler.start()

    def close(self) -> None:
        """End what is under way and put everything away."""
        self.scheduler.close()
        self.downloader.close()
        self.store.close()


def create_app(config: Config) -> App:
    """The dashboard of these settings. Raises DatabaseError."""
    site = create_flask_app()
    socketio = create_socketio(site)
    publisher = Publisher(socketio)
    store = RunStore(config.store_url)
    downloader = Downloader(config.datasets_dir, publisher)
    library = DatasetLibrary(config)
    scheduler = Scheduler(config, store, publisher, downloader)
    runs = Runs(config, store, scheduler, publisher, library)
    Subscriptions(socketio, runs)
    assets = StaticAssets(PROJECT_ROOT / "static", config.cache_dir)
    annotations = Annotations(AnnotationStore(store.engine))
    guesses = Guesses(GuessStore(store.engine), runs)
    threadpool_limits(1, user_api="blas")  # for good; threads that wait by spinning would hold up other requests
    explanations = Explanations(config, runs)
    mistakes = MisclassifiedImages(config, runs, annotations, explanations)
    site.extensions["misfit"] = Services(
        runs, library, downloader, assets, annotations, guesses, mistakes, explanations
    )
    site.wsgi_app = RequestGuard(site.wsgi_app, config.host, config.allowed_hosts)  # type: ignore[method-assign]
    return App(site, socketio, runs, scheduler, downloader, store)
