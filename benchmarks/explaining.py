"""What explanations cost: how long each takes, what the server needs for them, and whether it still answers others.

`python tasks.py bench explaining [--epochs 30] [--images 60]`

Trains the preset "MNIST modern" for some epochs, then asks for everything that the page shows of an image: the deciding
gap with pixels and shifts, the training images, and the smallest change; the three at once, as the page does, are the
whole explanation. The first image pays for what all images share. Then the run is browsed end to end: every epoch with
its matrix, calibration and list, and explanations in a third of them. Growth is from the server's memory before the
first request to its peak; pages of mapped data files count like all others. Last, another page is asked for 20 times a
second, first alone and then while explanations are computed without a pause. The digits stand in for MNIST where it is
not there (MISFIT_DATASETS_DIR).
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

PARTS = {"gap, pixels and shifts": "", "training images": "/examples", "smallest change": "/repair"}
OTHER_PAGE = "/runs"
OTHER_PAGE_PAUSE = 0.05  # seconds


class Explanation:
    """A finished run on a server, and its mistakes to be explained."""

    def __init__(self, server: ServerProcess, epochs: int) -> None:
        self.server = server
        self.epochs = epochs
        preset = "mnist_modern" if is_available("mnist", DATASETS_DIR) else "digits_quick"
        run = server.create_run(preset=preset, epochs=epochs)
        server.wait_for_run(run["id"], "finished", timeout=1200)
        self.path = f"/api/runs/{run['id']}"

    def mistakes(self, limit: int) -> list[int]:
        """The first images that are read wrong after the last epoch."""
        items = self.server.get(f"{self.path}/misclassified?sort=index&limit={limit}")["items"]
        return [item["index"] for item in items]

    def ask(self, index: int, part: str, epoch: int | None = None) -> Any:
        """One part of an explanation; a smallest change is refused where an earlier epoch reads the image right."""
        query = f"?epoch={epoch}" if epoch else ""
        return self.server.request("GET", f"{self.path}/explanations/{index}{part}{query}")

    def explain(self, index: int, epoch: int | None = None) -> None:
        """All parts at once."""
        with ThreadPoolExecutor(len(PARTS)) as pool:
            list(pool.map(lambda part: self.ask(index, part, epoch), PARTS.values()))

    def browse(self, images: Iterable[int]) -> None:
        """Look at every epoch, and at explanations in a third of them."""
        chosen = itertools.cycle(images)
        for epoch in range(1, self.epochs + 1):
            for what in ("confusion_matrix", "calibration", "histories"):
                self.server.get(f"{self.path}/{what}?epoch={epoch}")
            for sort in ("confidence", "loss", "learned"):
                self.server.get(f"{self.path}/misclassified?epoch={epoch}&sort={sort}")
            if epoch % 3 == 0:
                for index in itertools.islice(chosen, 3):
                    self.explain(index, epoch)


def seconds_of(action: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - started


def explanation_rows(explained: Explanation, images: Sequence[int]) -> list[list[str]]:
    """How long each part takes, and all at once."""
    rows = [waits_row("whole explanation, the first of the run", [seconds_of(explained.explain, images[0])])]
    for name, part in PARTS.items():
        rows.append(waits_row(name, [seconds_of(explained.ask, index, part) for index in images]))
    whole = [seconds_of(explained.explain, index) for index in images]
    return [*rows, waits_row("whole explanation", whole)]


def other_page_seconds(server: ServerProcess, enough: Callable[[int], bool]) -> list[float]:
    """Ask for another page at a steady pace, each time counted from when it was due."""
    found: list[float] = []
    started = time.perf_counter()
    while not enough(len(found)):
        due = started + len(found) * OTHER_PAGE_PAUSE
        time.sleep(max(0.0, due - time.perf_counter()))
        server.request_text(OTHER_PAGE)
        found.append(time.perf_counter() - due)
    return found


def responsiveness_rows(explained: Explanation, images: Sequence[int]) -> list[list[str]]:
    """Another page alone, and beside explanations."""
    alone = other_page_seconds(explained.server, lambda asked: asked >= 2 * len(images))
    ended = threading.Event()

    def explain_all() -> None:
        for index in itertools.chain(images, images):
            explained.explain(index)
        ended.set()

    beside = threading.Thread(target=explain_all)
    beside.start()
    busy = other_page_seconds(explained.server, lambda _asked: ended.is_set())
    beside.join()
    return [waits_row(f"{OTHER_PAGE}, alone", alone), waits_row(f"{OTHER_PAGE}, while explanations are computed", busy)]


def table(epochs: int = 30, images: int = 60) -> str:
    """Everything; Markdown."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(Path(folder) / "data", datasets_dir=DATASETS_DIR) as server,
    ):
        explained = Explanation(server, epochs)
        chosen = explained.mistakes(images)
        before = resident_bytes(server.process.pid)
        rows = explanation_rows(explained, chosen)
        explained.browse(chosen)
        grown = peak_bytes(server.process.pid) - before.total
        after = resident_bytes(server.process.pid)
        rows += responsiveness_rows(explained, chosen)
    times = waits_table(rows)
    sizes = (before.total, grown, after.total - before.total, after.mapped - before.mapped)
    held, most, end, mapped = (f"{size / 1e6:.0f} MB" for size in sizes)
    return (
        f"{times}\n\nThe server held {held} before and at most {most} more; at the end {end} more, {mapped} of it "
        "pages of files, which the system takes back when it needs them."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--images", type=int, default=60)
    options = parser.parse_args()
    print(table(options.epochs, options.images))


if __name__ == "__main__":
    main()
