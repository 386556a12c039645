"""Downloads: at most one for each data set, in the background, with progress for every page."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gevent
import pytest

from nn.datasets import is_available
from nn.errors import DatasetMissingError
from tests.conftest import StartServer
from tests.support.app_client import error_of
from tests.support.datasets.mirror_server import TRAIN_SIZE, Mirror
from tests.support.run_engine import Engine, make_config
from tests.support.waiting import wait_until
from webapp.app import create_app
from webapp.datasets.downloads import DatasetProgressEvent, Downloader


@dataclass
class ProgressLog:
    """A listener that stores the progress events of downloads."""

    events: list[DatasetProgressEvent] = field(default_factory=list)

    def dataset_progress(self, progress: DatasetProgressEvent) -> None:
        """Store the event."""
        self.events.append(progress)


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    with Mirror() as mirror:
        monkeypatch.delenv("MISFIT_MIRRORS", raising=False)
        yield mirror


@pytest.fixture
def log() -> ProgressLog:
    return ProgressLog()


@pytest.fixture
def downloader(mirror: Mirror, tmp_path: Path, log: ProgressLog) -> Downloader:
    return Downloader(tmp_path, log, mirror.registry())


def never() -> bool:
    return False


def test_a_download_reports_progress_from_start_to_end(
    mirror: Mirror, downloader: Downloader, log: ProgressLog, tmp_path: Path
) -> None:
    assert downloader.state("mnist") is None
    downloader.start("mnist")
    downloader.ensure("mnist", never)

    assert is_available("mnist", tmp_path)
    assert log.events[0] == {
        "dataset": "mnist",
        "state": "fetching",
        "file": None,
        "received_bytes": 0,
        "total_bytes": mirror.total_bytes,
        "error": None,
    }
    last = log.events[-1]
    assert (last["state"], last["received_bytes"], last["error"]) == ("available", mirror.total_bytes, None)
    assert downloader.state("mnist") == last


def test_concurrent_requests_share_one_download(mirror: Mirror, downloader: Downloader) -> None:
    mirror.gate.clear()
    requests = [gevent.spawn(downloader.ensure, "mnist", never) for _ in range(5)]
    downloader.start("mnist")
    Engine.wait(lambda: mirror.requests)
    mirror.gate.set()
    gevent.joinall(requests, timeout=60, raise_error=True)
    assert all(request.successful() for request in requests)
    assert set(mirror.requests.values()) == {1}


def test_a_stalled_download_blocks_no_request_and_reports_at_most_five_times_a_second(
    mirror: Mirror, downloader: Downloader, log: ProgressLog
) -> None:
    mirror.gate.clear()
    began = time.monotonic()
    downloader.start("mnist")
    Engine.wait(lambda: mirror.requests)
    state = downloader.state("mnist")
    assert state is not None
    assert state["state"] == "fetching"  # if a read had blocked the event loop, it would have failed by now
    pauses = []
    for _ in range(50):
        before = time.monotonic()
        gevent.sleep(0.01)
        pauses.append(time.monotonic() - before)
    assert sorted(pauses)[25] < 1  # if a read blocked the event loop, each pause would last until that read fails
    mirror.gate.set()
    downloader.ensure("mnist", never)
    assert len(log.events) <= 3 + 5 * (time.monotonic() - began)


def test_a_failed_download_names_the_files_and_their_folder_and_can_be_retried(
    mirror: Mirror, downloader: Downloader, log: ProgressLog, tmp_path: Path
) -> None:
    files = dict(mirror.files)
    del mirror.files["t10k-labels-idx1-ubyte.gz"]
    with pytest.raises(DatasetMissingError) as raised:
        downloader.ensure("mnist", never)
    assert "t10k-labels-idx1-ubyte.gz" in str(raised.value)
    assert str(tmp_path) in str(raised.value)
    assert (log.events[-1]["state"], log.events[-1]["error"]) == ("failed", str(raised.value))

    mirror.files.update(files)
    downloader.ensure("mnist", never)
    assert log.events[-1]["state"] == "available"


def test_a_cancelled_request_does_not_end_the_download_for_others(
    mirror: Mirror, downloader: Downloader, tmp_path: Path
) -> None:
    mirror.gate.clear()
    downloader.ensure("mnist", lambda: True)
    assert not is_available("mnist", tmp_path)
    mirror.gate.set()
    downloader.ensure("mnist", never)
    assert set(mirror.requests.values()) == {1}


def test_an_available_data_set_is_not_downloaded(mirror: Mirror, downloader: Downloader, log: ProgressLog) -> None:
    downloader.ensure("digits", never)
    downloader.start("digits")
    assert downloader.state("digits") is None
    downloader.ensure("mnist", never)
    log.events.clear()
    downloader.ensure("mnist", never)
    downloader.start("mnist")
    assert log.events == []
    assert set(mirror.requests.values()) == {1}


def test_closing_ends_the_download_and_prevents_new_ones(
    mirror: Mirror, downloader: Downloader, log: ProgressLog, tmp_path: Path
) -> None:
    mirror.gate.clear()
    downloader.start("mnist")
    Engine.wait(lambda: mirror.requests)
    downloader.close()
    mirror.gate.set()
    Engine.wait(lambda: log.events[-1]["state"] == "failed")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    log.events.clear()
    downloader.start("mnist")
    assert log.events == []


def test_a_data_set_can_be_downloaded_and_then_browsed_over_http(mirror: Mirror, tmp_path: Path) -> None:
    app = create_app(make_config(tmp_path / "data"), mirror.registry())
    client = app.flask_app.test_client()

    def mnist() -> Any:
        return next(item for item in client.get("/api/datasets").get_json()["items"] if item["name"] == "mnist")

    assert (mnist()["available"], mnist()["fetch"], mnist()["download_bytes"]) == (False, None, mirror.total_bytes)
    missing = error_of(client.get("/api/datasets/mnist/test/0.png"), 409)
    assert "train-images-idx3-ubyte.gz" in missing["message"]
    error_of(client.get("/api/datasets/mnist/train"), 409)

    requested = client.post("/api/datasets/mnist/fetch")
    assert (requested.status_code, requested.get_json()["fetch"]["state"]) == (202, "fetching")
    Engine.wait(lambda: mnist()["available"] and mnist()["fetch"]["state"] == "available")
    assert client.get("/api/datasets/mnist/train").get_json()["total"] == TRAIN_SIZE
    assert client.get("/api/datasets/mnist/test/0.png").status_code == 200
    assert client.post("/api/datasets/digits/fetch").get_json()["available"]
    error_of(client.post("/api/datasets/nothing/fetch"), 404)
    app.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a Windows program cannot handle SIGTERM")
def test_a_server_shuts_down_in_time_while_its_mirror_does_not_respond(
    mirror: Mirror, start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISFIT_MIRRORS", mirror.url)
    mirror.gate.clear()
    server = start_server()
    run = server.create_run(dataset="mnist")
    wait_until(lambda: mirror.requests)
    assert server.get(f"/api/runs/{run['id']}")["status"] == "queued"
    assert server.end() == 0  # after 5 seconds of shutdown, the server would exit with 1
    assert "Traceback" not in server.log
