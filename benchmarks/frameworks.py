"""An epoch of MNIST in Misfit and in others, in turn.

`python tasks.py bench frameworks [--epochs 8] [--workloads NAME ...]`

Every contender trains the same network in a process of its own, from the same first weights (but Misfit, which draws
its own of the same kind), and in each round each trains for one epoch while the others wait, so that all meet the same
machine. Shuffling and gathering the images are counted; loading them, compiling and reading the test images are not.
The first round warms up and is not counted. Who can use several threads runs with one and with two: the faster counts.

Run it on a quiet machine: threads that wait for each other by spinning take ten times as long where others run too.
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

THREADS_FALL_ASLEEP = 0.1  # seconds for which those of a finished epoch may still spin
TOO_SLOW = (4, 2)  # times as long as with the other number of threads, in the first round and up to the second
ONE_THREAD_OF_XLA = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


@dataclass(frozen=True, slots=True)
class Peer:
    """A module of `benchmarks.contenders`, the package that it needs and the numbers of threads to try."""

    name: str
    module: str
    package: str | None = None
    threads: tuple[int, ...] = (1, 2)
    has_quadratic_cost: bool = True  # else the network with sigmoid outputs is one with linear ones

    @property
    def is_installed(self) -> bool:
        return self.package is None or find_spec(self.package) is not None


PEERS = (
    Peer("Misfit", "misfit", threads=(1,)),  # spreads large products by itself
    Peer("scikit-learn", "scikit_learn", has_quadratic_cost=False),
    Peer("PyTorch", "pytorch", "torch"),
    Peer("JAX", "jax_xla", "jax"),
    Peer("bare matrix products", "matrix_products"),
)


@dataclass(slots=True, eq=False)
class Contender:
    """A peer that trains a workload in a process of its own; what it told of its epochs."""

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
        self.compile_seconds = self.answer()["compile_seconds"]
        return self

    def __exit__(self, *_exception: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.process.__exit__(None, None, None)  # closes the pipes, which ends it, and waits

    def answer(self) -> dict[str, float]:
        """What it says next."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError(f"{self.peer.name} ended with exit code {self.process.wait()}: see above")
        figures: dict[str, float] = json.loads(line)
        return figures

    def train(self) -> None:
        """Let it train for one epoch."""
        print("epoch", file=self.process.stdin, flush=True)
        figures = self.answer()
        self.seconds.append(figures["seconds"])
        self.accuracy = figures["accuracy"]


def is_same_network(contender: Contender, workload: Workload) -> bool:
    """Whether accuracies can be compared with Misfit's."""
    return contender.peer.has_quadratic_cost or workload.units != "sigmoid"


def race(name: str, epochs: int) -> list[Contender]:
    """Train one workload with every peer that is installed; each round begins with another one."""
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
                time.sleep(THREADS_FALL_ASLEEP)
            if turn < len(TOO_SLOW):
                contenders = without_laggards(contenders, TOO_SLOW[turn])
    for contender in contenders:
        del contender.seconds[: 1 if epochs > 1 else 0]
    return contenders


def without_laggards(contenders: Sequence[Contender], too_slow: float) -> list[Contender]:
    """Leave out who will not be the fastest of its kind: each time it took more than `too_slow` times as long."""
    siblings = {contender.peer.name: contender for contender in fastest_of_each(contenders)}
    return [
        contender
        for contender in contenders
        if any(
            own <= too_slow * best
            for own, best in zip(contender.seconds, siblings[contender.peer.name].seconds, strict=True)
        )
    ]


def fastest_of_each(contenders: Iterable[Contender]) -> list[Contender]:
    """Of those that differ in the number of threads alone, the one whose median epoch is shorter."""
    best: dict[str, Contender] = {}
    for contender in contenders:
        other = best.setdefault(contender.peer.name, contender)
        if median(contender.seconds) < median(other.seconds):
            best[contender.peer.name] = contender
    return list(best.values())


def workload_table(workload: Workload, contenders: Sequence[Contender], epochs: int) -> str:
    """One workload's figures, and in a sentence what they leave out. The first contender is Misfit."""
    ours = contenders[0]
    rows = []
    for contender in contenders:
        name, ratio = contender.peer.name, "1"
        if contender is not ours:
            name += f", {contender.n_threads} thread{'s' if contender.n_threads > 1 else ''}"
            ratio = f"{Spread.of_ratios(contender.seconds, ours.seconds):.2f}"
        if not is_same_network(contender, workload):
            name += ", linear outputs and a lower rate"
        accuracy = "" if math.isnan(contender.accuracy) else f"{contender.accuracy:.2%}"
        rows.append([name, f"{median(contender.seconds):.3f}", ratio, accuracy])
    header = ["contender", "seconds per epoch", "times Misfit's (quartiles)", f"test accuracy after {epochs} epochs"]
    lines = [f"### {workload.title}", "", markdown_table(header, rows), ""]
    comparable = (other for other in contenders[1:] if is_same_network(other, workload))
    gaps = [abs(other.accuracy - ours.accuracy) for other in comparable if not math.isnan(other.accuracy)]
    if gaps:
        lines.append(f"Accuracies of the same network lie at most {100 * max(gaps):.2f} points from Misfit's.")
    lines += [
        f"{other.peer.name} took {other.compile_seconds:.1f} s to compile, which is not counted."
        for other in contenders
        if other.compile_seconds
    ]
    return "\n".join(lines)


def table(epochs: int = 8, workloads: Sequence[str] = tuple(WORKLOADS)) -> str:
    """Race in every one of `workloads`; Markdown."""
    if not is_available("mnist", DATASETS_DIR):
        return MISSING
    parts = [
        f"{peer.name} is not installed: `python tasks.py bench frameworks` does that."
        for peer in PEERS
        if not peer.is_installed
    ]
    for name in workloads:
        parts.append(workload_table(WORKLOADS[name], fastest_of_each(race(name, epochs)), epochs))
        print(f"{name}: raced", file=sys.stderr, flush=True)
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=8, help="epochs that each contender trains, the first uncounted")
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    options = parser.parse_args()
    packages = [peer.package for peer in PEERS if peer.package and peer.is_installed]
    print(", ".join(f"{package} {version(package)}" for package in ("numpy", "scikit-learn", *packages)), end="\n\n")
    print(table(options.epochs, options.workloads))


if __name__ == "__main__":
    main()
