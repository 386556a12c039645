"""Viewers that join, drop and rejoin at random during a run: does each end with every epoch once, equal to the store?

`python tasks.py bench replay [--viewers 20] [--epochs 200]`
"""

from __future__ import annotations

import argparse
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.server_process import ServerProcess
from tests.viewer import Viewer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=200)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder, ServerProcess(Path(folder) / "data") as server:
        started = time.monotonic()
        run_id = server.create_run(epochs=options.epochs)["id"]
        viewers = [Viewer(server.base_url, run_id, seed=seed) for seed in range(options.viewers)]
        with ThreadPoolExecutor(options.viewers) as threads:
            for watching in [threads.submit(viewer.watch, timeout=600) for viewer in viewers]:
                watching.result()
        seconds = time.monotonic() - started
        stored = server.get(f"/api/runs/{run_id}/epochs")["items"]

    equal = sum(viewer.epochs == stored for viewer in viewers)
    print(f"{len(stored)} epochs in {seconds:.1f} s, watched by {options.viewers} viewers")
    print(f"connections: {sum(viewer.connections for viewer in viewers)}")
    print(f"epochs sent a second time and dropped: {sum(viewer.repeated for viewer in viewers)}")
    print(f"viewers with epochs 1…{options.epochs} once each, in order, equal to the store: {equal}")
    if equal != options.viewers or [epoch["epoch"] for epoch in stored] != list(range(1, options.epochs + 1)):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
