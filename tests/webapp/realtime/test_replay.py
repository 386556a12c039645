"""Replay: a viewer that loses the connection and reconnects receives every stored epoch exactly once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.support.server_process import ServerProcess
from tests.support.simulated_viewer import Viewer

VIEWERS = 8
EPOCHS = 60


def test_viewers_that_reconnect_receive_every_epoch_once(shared_server: ServerProcess) -> None:
    run = shared_server.create_run(epochs=EPOCHS)
    viewers = [Viewer(shared_server.base_url, run["id"], seed=seed, longest_stay=12) for seed in range(VIEWERS)]
    with ThreadPoolExecutor(VIEWERS) as threads:
        for future in [threads.submit(viewer.watch) for viewer in viewers]:
            future.result()

    stored = shared_server.get(f"/api/runs/{run['id']}/epochs")["items"]
    assert [epoch["epoch"] for epoch in stored] == list(range(1, EPOCHS + 1))
    for viewer in viewers:
        assert viewer.epochs == stored
    assert sum(viewer.connections for viewer in viewers) > 2 * VIEWERS
