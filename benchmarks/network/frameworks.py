"""Training time per epoch of MNIST with Misfit, scikit-learn, PyTorch and JAX.

`python tasks.py bench frameworks [--epochs 8] [--workloads NAME ...]`

Each contender (a library with a number of threads) trains the same network in its own process. All contenders start
from the same initial weights, except Misfit, which draws other weights from the same distribution. In each round, one
contender after another trains for one epoch while the others wait, so that load on the machine slows all of them alike.
The time includes shuffling and gathering the images, but not loading them, compiling, or classifying the test images.
The first round is a warm-up that does not count. A library that can use several threads is measured with one thread and
with two, and the table shows the faster variant.

Run this benchmark on an idle machine: threads that spin while they wait for each other take ten times as long if other
programs use the processor.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from statistics import median
from types import TracebackType
from typing import Self

from benchmarks.contenders.workloads import WORKLOADS, Workload
from benchmarks.measuring.mnist import DATASETS_DIR, MISSING, ROOT
from benchmarks.measuring.spread import Spread
from benchmarks.measuring.tables import markdown_table
from nn.datasets import is_available

SPIN_SECONDS = 0.1  # a pause until the threads of the finished epoch have stopped spinning
MAXIMUM_SLOWDOWNS = (4, 2)  # `maximum_slowdown` after the first and after the second round
ONE_THREAD_OF_XLA = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


@dataclass(frozen=True, slots=True)
class Peer:
    """Library to compare: its module in `benchmarks.contenders`, its package, and the numbers of threads to measure."""

    name: str
    module: str
    package: str | None = None
    threads: tuple[int, ...] = (1, 2)
    has_quadratic_cost: bool = True  # if False, outputs with a quadratic cost are linear instead of sigmoid

    @property
    def is_installed(self) -> bool:
        return self.package is None or find_spec(self.package) is not None


PEERS = (
    Peer("Misfit", "misfit", threads=(1,)),  # chooses itself when to use a second thread
    Peer("scikit-learn", "scikit_learn", has_quadratic_cost=False),
    Peer("PyTorch", "pytorch", "torch"),
    Peer("JAX", "jax_xla", "jax"),
    Peer("bare matrix products", "matrix_products"),
)


@dataclass(slots=True, eq=False)
class Contender:
    """Process that trains a workload with one library, and the measurements that the process has reported."""

    peer: Peer
    n_threads: int
    workload: str
    compile_seconds: float = 0.0
    seconds: list[float] = field(default_factory=list)
    accuracy: float = math.nan
    process: subprocess.Popen[str] = field(init=False, repr=False)

    def __enter__(self) -> Self:
        env = {"OMP_NUM_THREADS": str(self.n_threads), "OPENBLAS_NUM_THREADS": str(self.n_threads)}
        if self.n_threads == 1:
            env["XLA_FLAGS"] = ONE_THREAD_OF_XLA
        command = [sys.executable, "-m", f"benchmarks.contenders.{self.peer.module}", self.workload]
        self.process = subprocess.Popen(
            [*command, str(self.n_threads)],
            cwd=ROOT,
            env=os.environ | env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.compile_seconds = self.receive()["compile_seconds"]
        return self

    def __exit__(self, *_exception: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.process.__exit__(None, None, None)  # closes the pipes, and waits until the process has ended

    def receive(self) -> dict[str, float]:
        """Wait for the next measurements that the process reports."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError(
                f"{self.peer.name} ended with exit code {self.process.wait()}; its error message is above"
            )
        values: dict[str, float] = json.loads(line)
        return values

    def train(self) -> None:
        """Let the process train for one epoch, and store its measurements."""
        print("epoch", file=self.process.stdin, flush=True)
        values = self.receive()
        self.seconds.append(values["seconds"])
        self.accuracy = values["accuracy"]


def is_same_network(contender: Contender, workload: Workload) -> bool:
    """Return True if the contender trains the same network as Misfit, so that accuracies are comparable."""
    return contender.peer.has_quadratic_cost or workload.units != "sigmoid"


def measure_workload(name: str, epochs: int) -> list[Contender]:
    """Train a workload with every installed library and number of threads.

    Each round begins with a different contender than the round before.
    """
    with ExitStack() as stack:
        contenders = [
            stack.enter_context(Contender(peer, n_threads, name))
            for peer in PEERS
            if peer.is_installed
            for n_threads in peer.threads
        ]
        for turn in range(epochs):
            first = turn % len(contenders)
            for contender in contenders[first:] + contenders[:first]:
                contender.train()
                time.sleep(SPIN_SECONDS)
            if turn < len(MAXIMUM_SLOWDOWNS):
                contenders = without_laggards(contenders, MAXIMUM_SLOWDOWNS[turn])
    for contender in contenders:
        del contender.seconds[: 1 if epochs > 1 else 0]
    return contenders


def without_laggards(contenders: Sequence[Contender], maximum_slowdown: float) -> list[Contender]:
    """Drop the contenders that were too slow in every round.

    A contender is too slow if it took more than `maximum_slowdown` times as long as the fastest contender of the same
    library.
    """
    siblings = {contender.peer.name: contender for contender in fastest_of_each(contenders)}
    return [
        contender
        for contender in contenders
        if any(
            own <= maximum_slowdown * best
            for own, best in zip(contender.seconds, siblings[contender.peer.name].seconds, strict=True)
        )
    ]


def fastest_of_each(contenders: Iterable[Contender]) -> list[Contender]:
    """Return, for each library, the contender with the shortest median epoch.

    The contenders of a library differ in their number of threads.
    """
    best: dict[str, Contender] = {}
    for contender in contenders:
        other = best.setdefault(contender.peer.name, contender)
        if median(contender.seconds) < median(other.seconds):
            best[contender.peer.name] = contender
    return list(best.values())


def workload_table(workload: Workload, contenders: Sequence[Contender], epochs: int) -> str:
    """Return the section of a workload: a table, differences of accuracy, and compile times.

    The first contender is Misfit.
    """
    ours = contenders[0]
    rows = []
    for contender in contenders:
        name, ratio = contender.peer.name, "1"
        if contender is not ours:
            name += f", {contender.n_threads} thread{'s' if contender.n_threads > 1 else ''}"
            ratio = f"{Spread.of_ratios(contender.seconds, ours.seconds):.2f}"
        if not is_same_network(contender, workload):
            name += ", linear outputs, lower learning rate"
        accuracy = "" if math.isnan(contender.accuracy) else f"{contender.accuracy:.2%}"
        rows.append([name, f"{median(contender.seconds):.3f}", ratio, accuracy])
    header = ["contender", "seconds per epoch", "ratio to Misfit (quartiles)", f"test accuracy after {epochs} epochs"]
    lines = [f"### {workload.title}", "", markdown_table(header, rows), ""]
    comparable = (other for other in contenders[1:] if is_same_network(other, workload))
    gaps = [abs(other.accuracy - ours.accuracy) for other in comparable if not math.isnan(other.accuracy)]
    if gaps:
        lines.append(
            "Test accuracies of libraries that train the same network as Misfit differ from Misfit's by at most "
            f"{100 * max(gaps):.2f} percentage points."
        )
    lines += [
        f"{other.peer.name} took {other.compile_seconds:.1f} s to compile, which does not count."
        for other in contenders
        if other.compile_seconds
    ]
    return "\n".join(lines)


def table(epochs: int = 8, workloads: Sequence[str] = tuple(WORKLOADS)) -> str:
    """Measure all `workloads`, and return one Markdown section for each."""
    if not is_available("mnist", DATASETS_DIR):
        return MISSING
    parts = [
        f"{peer.name} is not installed. `python tasks.py bench frameworks` installs it."
        for peer in PEERS
        if not peer.is_installed
    ]
    for name in workloads:
        parts.append(workload_table(WORKLOADS[name], fastest_of_each(measure_workload(name, epochs)), epochs))
        print(f"{name}: measured", file=sys.stderr, flush=True)
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=8, help="epochs per contender, including the warm-up epoch")
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    options = parser.parse_args()
    packages = [peer.package for peer in PEERS if peer.package and peer.is_installed]
    print(", ".join(f"{package} {version(package)}" for package in ("numpy", "scikit-learn", *packages)), end="\n\n")
    print(table(options.epochs, options.workloads))


if __name__ == "__main__":
    main()
