"""Cost of explanations: their response times, the server's memory, and the response times of other requests.

`python tasks.py bench explaining [--epochs 30] [--images 60]`

The benchmark trains the preset "MNIST modern". Then it requests the three parts of an explanation: the logit gap with
pixel attribution and shift sensitivity, the training images, and the smallest change. The page requests all three at
the same time; the row "whole explanation" contains the time until all have arrived. The first image takes longer,
because its time includes the computation of data that all images share. Then the benchmark requests the confusion
matrix, the calibration and the list of images of every epoch, and explanations of every third epoch. The growth of the
memory is the server's peak memory minus its memory before the first request. Memory-mapped data files count as memory.
Finally the benchmark requests the page `/runs` 20 times a second, first while the server is idle and then while it
computes explanations without a pause. If MNIST is not in MISFIT_DATASETS_DIR, the benchmark uses the 8×8 digits.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.measuring.mnist import DATASETS_DIR
from benchmarks.measuring.peak import peak_bytes, resident_bytes
from benchmarks.measuring.waits import waits_row, waits_table
from nn.datasets import is_available
from tests.support.server_process import ServerProcess

PARTS = {"logit gap, pixels and shifts": "", "training images": "/examples", "smallest change": "/repair"}
OTHER_PAGE = "/runs"
OTHER_PAGE_PAUSE = 0.05  # seconds


class ExplainedRun:
    """Finished run on a server, and requests for explanations of its misclassified images."""

    def __init__(self, server: ServerProcess, epochs: int) -> None:
        self.server = server
        self.epochs = epochs
        preset = "mnist_modern" if is_available("mnist", DATASETS_DIR) else "digits_quick"
        run = server.create_run(preset=preset, epochs=epochs)
        server.wait_for_run(run["id"], "finished", timeout=1200)
        self.path = f"/api/runs/{run['id']}"

    def misclassified_images(self, limit: int) -> list[int]:
        """Return the indices of the first images that are misclassified after the last epoch."""
        items = self.server.get(f"{self.path}/misclassified?sort=index&limit={limit}")["items"]
        return [item["index"] for item in items]

    def request_part(self, index: int, part: str, epoch: int | None = None) -> Any:
        """Request a part of an explanation.

        If the image is classified correctly, a request for the smallest change fails.
        """
        query = f"?epoch={epoch}" if epoch else ""
        return self.server.request("GET", f"{self.path}/explanations/{index}{part}{query}")

    def explain(self, index: int, epoch: int | None = None) -> None:
        """Request all parts of an explanation at the same time."""
        with ThreadPoolExecutor(len(PARTS)) as pool:
            list(pool.map(lambda part: self.request_part(index, part, epoch), PARTS.values()))

    def browse(self, images: Iterable[int]) -> None:
        """Request the results of every epoch, and explanations of every third epoch."""
        chosen = itertools.cycle(images)
        for epoch in range(1, self.epochs + 1):
            for name in ("confusion_matrix", "calibration", "histories"):
                self.server.get(f"{self.path}/{name}?epoch={epoch}")
            for sort in ("confidence", "loss", "learned"):
                self.server.get(f"{self.path}/misclassified?epoch={epoch}&sort={sort}")
            if epoch % 3 == 0:
                for index in itertools.islice(chosen, 3):
                    self.explain(index, epoch)


def seconds_of(action: Callable[..., object], *arguments: object) -> float:
    """Return the seconds that a call takes."""
    started = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - started


def explanation_rows(run: ExplainedRun, images: Sequence[int]) -> list[list[str]]:
    """Return the rows with the response times of each part, and of the whole explanation."""
    rows = [waits_row("whole explanation, the first of the run", [seconds_of(run.explain, images[0])])]
    for name, part in PARTS.items():
        rows.append(waits_row(name, [seconds_of(run.request_part, index, part) for index in images]))
    whole = [seconds_of(run.explain, index) for index in images]
    return [*rows, waits_row("whole explanation", whole)]


def other_page_seconds(server: ServerProcess, is_enough: Callable[[int], bool]) -> list[float]:
    """Request OTHER_PAGE at a steady rate.

    Return the seconds from the planned time of each request to its response.
    """
    durations: list[float] = []
    started = time.perf_counter()
    while not is_enough(len(durations)):
        due = started + len(durations) * OTHER_PAGE_PAUSE
        time.sleep(max(0.0, due - time.perf_counter()))
        server.request_text(OTHER_PAGE)
        durations.append(time.perf_counter() - due)
    return durations


def responsiveness_rows(run: ExplainedRun, images: Sequence[int]) -> list[list[str]]:
    """Return the rows with the response times of OTHER_PAGE, without and with simultaneous explanations."""
    alone = other_page_seconds(run.server, lambda n_requests: n_requests >= 2 * len(images))
    ended = threading.Event()

    def explain_all() -> None:
        for index in itertools.chain(images, images):
            run.explain(index)
        ended.set()

    explaining = threading.Thread(target=explain_all)
    explaining.start()
    busy = other_page_seconds(run.server, lambda _n_requests: ended.is_set())
    explaining.join()
    return [waits_row(f"{OTHER_PAGE}, alone", alone), waits_row(f"{OTHER_PAGE}, while explanations are computed", busy)]


def table(epochs: int = 30, images: int = 60) -> str:
    """Measure all response times and the memory, and return them in Markdown."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(Path(folder) / "data", datasets_dir=DATASETS_DIR) as server,
    ):
        run = ExplainedRun(server, epochs)
        chosen = run.misclassified_images(images)
        before = resident_bytes(server.process.pid)
        rows = explanation_rows(run, chosen)
        run.browse(chosen)
        grown = peak_bytes(server.process.pid) - before.total
        after = resident_bytes(server.process.pid)
        rows += responsiveness_rows(run, chosen)
    times = waits_table(rows)
    sizes = (before.total, grown, after.total - before.total, after.mapped - before.mapped)
    initial, growth, final_growth, mapped = (f"{size / 1e6:.0f} MB" for size in sizes)
    return (
        f"{times}\n\nThe server's memory was {initial} at first and grew by up to {growth}. At the end it was "
        f"{final_growth} larger; {mapped} of this growth is file-backed memory, which the operating system can free."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--images", type=int, default=60)
    options = parser.parse_args()
    print(table(options.epochs, options.images))


if __name__ == "__main__":
    main()
