"""Replay of events: viewers that disconnect and reconnect at random must collect each epoch exactly once.

`python tasks.py bench replay [--viewers 20] [--epochs 200]`
"""

from __future__ import annotations

import argparse
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.measuring.tables import markdown_table
from tests.support.server_process import ServerProcess
from tests.support.simulated_viewer import Viewer


def table(viewers: int = 20, epochs: int = 200) -> str:
    """Let `viewers` simulated viewers watch a run, and return a Markdown table.

    Raises RuntimeError if a viewer missed an epoch or collected one twice.
    """
    with tempfile.TemporaryDirectory() as folder, ServerProcess(Path(folder) / "data") as server:
        started = time.monotonic()
        run_id = server.create_run(epochs=epochs)["id"]
        simulated = [Viewer(server.base_url, run_id, seed=seed) for seed in range(viewers)]
        with ThreadPoolExecutor(viewers) as threads:
            for future in [threads.submit(viewer.watch, timeout=600) for viewer in simulated]:
                future.result()
        seconds = time.monotonic() - started
        stored = server.get(f"/api/runs/{run_id}/epochs")["items"]

    equal = sum(viewer.epochs == stored for viewer in simulated)
    if equal != viewers or [epoch["epoch"] for epoch in stored] != list(range(1, epochs + 1)):
        raise RuntimeError(f"only {equal} of {viewers} viewers have the {len(stored)} epochs of the store")
    rows = [
        ["epochs stored", f"{len(stored)}"],
        ["seconds from the first to the last", f"{seconds:.1f}"],
        ["viewers", f"{viewers}"],
        ["connections of all viewers", f"{sum(viewer.connections for viewer in simulated)}"],
        ["epochs received a second time and discarded", f"{sum(viewer.repeated for viewer in simulated)}"],
        ["viewers with the same epochs as the store, in order", f"{equal}"],
    ]
    return markdown_table(["quantity", "value"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--epochs", type=int, default=200)
    options = parser.parse_args()
    print(table(options.viewers, options.epochs))


if __name__ == "__main__":
    main()
