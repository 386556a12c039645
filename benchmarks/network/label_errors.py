"""Detection of label errors: python tasks.py bench label_errors [--repeats 10] [--seeds 4]

The benchmark trains one network for each seed, on the 8×8 digits with the default hyperparameters, and on MNIST with
the preset "MNIST modern". It then changes 5 % of the test labels at random, `--repeats` times, and ranks the label
suspects of the first network. A column "first n" is the mean fraction of changed labels among the first n suspects,
where n is half of the number of changed labels, or this number. "Found" is the fraction of the changed labels that
belong to the suspects at all. The last column counts, for MNIST with its published labels, how many of 15 known label
errors are among the first 100 suspects. People voted against these labels (cleanlab/label-errors, five votes each).

"Confident learning by confidence" is the rule that Misfit used before. The rows of cleanlab rank the same predictions.
If MNIST is not in MISFIT_DATASETS_DIR, the benchmark uses only the digits.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring.mnist import DATASETS_DIR
from benchmarks.measuring.tables import markdown_table
from nn.analysis.label_errors import find_label_errors, mean_probabilities
from nn.analysis.predictions import Predictions
from nn.array_types import Float64Array
from nn.datasets import Dataset, is_available, load_dataset
from nn.explanations.neighbor_labels import count_neighbor_labels
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS
from nn.training.events import EpochCompleted, TrainingEvent
from nn.training.trainer import train

CHANGED_FRACTION = 0.05
N_FIRST = 100
MNIST_LABEL_ERRORS = (947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729)
CLEANLAB = find_spec("cleanlab")

Labels = NDArray[np.uint8]
Ranking = Callable[[Labels], NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about all test images: the outputs of each network, and the labels of the neighbors."""

    true_labels: Labels
    outputs: list[Float64Array]
    neighbors: Float64Array


def collect(dataset: Dataset, h: Hyperparameters, seeds: int) -> Evidence:
    """Train one network for each seed, and find the neighbors of all test images."""
    outputs = []
    for seed in range(seeds):
        last: list[Predictions] = []

        def keep(event: TrainingEvent, last: list[Predictions] = last) -> None:
            if isinstance(event, EpochCompleted) and event.predictions:
                last[:] = [event.predictions]

        train(h.model_copy(update={"seed": seed}), dataset, on_event=keep)
        outputs.append(last[0].probabilities)
    images = dataset.test.take(np.arange(len(dataset.test)))
    neighbors = count_neighbor_labels(images, dataset.train, dataset.n_classes).astype(np.float64)
    return Evidence(dataset.test.labels, outputs, neighbors)


def rankings(evidence: Evidence) -> dict[str, Ranking]:
    """Return the compared rankings: functions from labels to the indices of the suspects, the first one first."""
    first, *others = evidence.outputs
    sources = [first, evidence.neighbors]
    found: dict[str, Ranking] = {
        "confident learning by confidence": partial(confident_learning, first),
        "network and neighbors": partial(by_sources, first, sources),
    }
    if others:
        all_sources = [*sources, mean_probabilities(others)]
        found["network, neighbors and other runs"] = partial(by_sources, first, all_sources)
    if CLEANLAB:
        for method in ("self_confidence", "normalized_margin"):
            found[f"cleanlab, {method}"] = partial(by_cleanlab, first, method)
    return found


def confident_learning(outputs: Float64Array, labels: Labels) -> NDArray[np.intp]:
    """Rank by confidence the misclassified images whose confidence is at least the mean for the predicted class.

    Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset Labels", equation 2.
    """
    predicted = outputs.argmax(axis=1)
    thresholds = np.array([outputs[labels == label, label].mean() for label in range(outputs.shape[1])])
    confidence = outputs.max(axis=1)
    suspects = np.flatnonzero((predicted != labels) & (confidence >= thresholds[predicted]))
    return suspects[np.argsort(-confidence[suspects], kind="stable")]


def by_sources(outputs: Float64Array, sources: list[Float64Array], labels: Labels) -> NDArray[np.intp]:
    """Rank misclassified images by the score of a label error, as the dashboard does."""
    scores = find_label_errors(labels, sources).scores
    suspects = np.flatnonzero((outputs.argmax(axis=1) != labels) & (scores > 0))
    return suspects[np.argsort(-scores[suspects], kind="stable")]


def by_cleanlab(outputs: Float64Array, method: str, labels: Labels) -> NDArray[np.intp]:
    """Rank the label issues that cleanlab finds."""
    scaled = outputs / outputs.sum(axis=1, keepdims=True)
    find: Any = import_module("cleanlab.filter").find_label_issues
    return np.asarray(find(labels.astype(int), scaled, return_indices_ranked_by=method, n_jobs=1), np.intp)


def change_labels(labels: Labels, n_classes: int, seed: int) -> tuple[Labels, NDArray[np.intp]]:
    """Replace 5 % of the labels by other classes, and return the labels and the changed indices."""
    rng = np.random.default_rng(seed)
    changed = rng.choice(len(labels), round(CHANGED_FRACTION * len(labels)), replace=False)
    noisy = labels.copy()
    noisy[changed] = (labels[changed] + rng.integers(1, n_classes, len(changed))) % n_classes
    return noisy, changed


def measure(rank: Ranking, labels: Labels, n_classes: int, repeats: int) -> NDArray[np.float64]:
    """Return the mean of (fraction among the first half, fraction among the first, fraction found) over all repeats."""
    fractions = []
    for seed in range(repeats):
        noisy, changed = change_labels(labels, n_classes, seed)
        hits = np.isin(rank(noisy), changed)
        n = len(changed)
        fractions.append((hits[: n // 2].sum() / (n // 2), hits[:n].sum() / n, hits.sum() / n))
    return np.asarray(np.mean(fractions, axis=0))


def rows(name: str, dataset: Dataset, h: Hyperparameters, repeats: int, seeds: int) -> Iterator[list[str]]:
    """Yield one row for each ranking."""
    evidence = collect(dataset, h, seeds)
    for title, rank in rankings(evidence).items():
        fractions = measure(rank, evidence.true_labels, dataset.n_classes, repeats)
        known = np.isin(rank(evidence.true_labels)[:N_FIRST], MNIST_LABEL_ERRORS).sum()
        yield [
            f"{name}: {title}",
            *(f"{fraction:.1%}" for fraction in fractions),
            str(known) if name == "MNIST" else "",
        ]


def table(repeats: int = 10, seeds: int = 4) -> str:
    """Measure every ranking, and return a Markdown table."""
    found: list[list[str]] = []
    with TemporaryDirectory() as folder:
        for name, title, h in (
            ("digits", "digits", Hyperparameters()),
            ("mnist", "MNIST", PRESETS["mnist_modern"].hyperparameters),
        ):
            if is_available(name, DATASETS_DIR):
                dataset = load_dataset(name, datasets_dir=DATASETS_DIR, cache_dir=Path(folder))
                found += rows(title, dataset, h, repeats, seeds)
    return markdown_table(["", "first half", "first n", "found", "of 15 known"], found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=4)
    options = parser.parse_args()
    print(table(options.repeats, options.seeds))


if __name__ == "__main__":
    main()
