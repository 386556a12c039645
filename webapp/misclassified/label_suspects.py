"""Label suspects: misclassified images whose neighbors and other runs agree with the network against the label."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from nn.analysis.label_errors import LabelErrors, find_label_errors, mean_probabilities
from nn.analysis.predictions import Predictions, PredictionScores, probabilities_of
from nn.array_types import Float64Array
from nn.datasets.dataset import Dataset
from nn.explanations.neighbor_labels import count_neighbor_labels
from webapp.errors import NotFoundError
from webapp.json_numbers import six_digits
from webapp.runs.results import EpochImages, RunResults
from webapp.storage.run_record import RunRecord
from webapp.threads import RLock, in_thread

MAX_IMAGES = 2000  # their neighbors take 2 s for MNIST
MAX_OTHER_RUNS = 8
LARGEST_ERROR_RATIO = 2.0  # other runs may misclassify at most this many times as many images


class LabelVotes(TypedDict):
    """How many of `total` neighbors or runs are for the suggested class, and how many for the label."""

    total: int
    suggested: int
    label: int


class LabelErrorJson(TypedDict):
    """The class that the network, the neighbors and the other runs suggest, and why the label is suspect."""

    suggested_label: int
    score: float | None
    neighbors: LabelVotes
    runs: LabelVotes


@dataclass(frozen=True, slots=True, eq=False)
class LabelSuspects:
    """The label errors of the misclassified images `indices` (n,), in ascending order.

    `neighbors` (n, n_classes) are the numbers of nearest training images with each label, and `runs` (n, n_classes)
    the numbers of other runs that predict each class.
    """

    n_images: int
    indices: NDArray[np.intp]
    true_labels: NDArray[np.uint8]
    errors: LabelErrors
    neighbors: NDArray[np.uint8]
    runs: NDArray[np.uint8]

    @property
    def mask(self) -> NDArray[np.bool_]:
        """True (n_images,) for each image to which the sources assign another class than its label."""
        mask = np.zeros(self.n_images, bool)
        mask[self.indices[self.errors.scores > 0]] = True
        return mask

    @property
    def scores(self) -> Float64Array:
        """The score (n_images,) of a label error, or NaN for images that are classified correctly."""
        scores = np.full(self.n_images, np.nan, np.float64)
        scores[self.indices] = self.errors.scores
        return scores

    def evidence(self, index: int) -> LabelErrorJson | None:
        """Return the evidence about one image as JSON values, or None for an image without evidence."""
        row = int(np.searchsorted(self.indices, index))
        if row == len(self.indices) or self.indices[row] != index:
            return None
        suggested, label = int(self.errors.suggested[row]), int(self.true_labels[row])
        neighbors, runs = (
            LabelVotes(total=int(votes.sum()), suggested=int(votes[suggested]), label=int(votes[label]))
            for votes in (self.neighbors[row], self.runs[row])
        )
        score = six_digits(float(self.errors.scores[row]))
        return LabelErrorJson(suggested_label=suggested, score=score, neighbors=neighbors, runs=runs)


@dataclass(slots=True)
class LabelSuspectFinder:
    """Finds label suspects. The neighbors of an image are computed once for each data set."""

    results: RunResults
    _neighbors: dict[str, tuple[Dataset, NDArray[np.uint8]]] = field(default_factory=dict)
    _locks: defaultdict[str, RLock] = field(default_factory=lambda: defaultdict(RLock))

    def find(self, images: EpochImages, scores: PredictionScores) -> LabelSuspects:
        """Return the label suspects among the misclassified images; at most the 2,000 with the largest margins."""
        misclassified = np.flatnonzero(~scores.is_correct & np.isfinite(scores.margin))
        indices = np.sort(misclassified[np.argsort(-scores.margin[misclassified], kind="stable")[:MAX_IMAGES]])
        with self._locks[images.dataset.name]:
            neighbors = in_thread(self._count_neighbors, images.dataset, indices)
        others = self._other_predictions(images, float(scores.is_correct.mean()))
        return in_thread(_combine, scores, indices, neighbors, others)

    def _count_neighbors(self, dataset: Dataset, indices: NDArray[np.intp]) -> NDArray[np.uint8]:
        known, counts = self._neighbors.get(dataset.name, (None, np.empty(0, np.uint8)))
        if known is not dataset:  # also if the files of the data set have changed
            counts = np.zeros((len(dataset.test), dataset.n_classes), np.uint8)
            self._neighbors[dataset.name] = dataset, counts
        missing = indices[~counts[indices].any(axis=1)]
        if len(missing):
            counts[missing] = count_neighbor_labels(dataset.test.take(missing), dataset.train, dataset.n_classes)
        return counts[indices]

    def _other_predictions(self, images: EpochImages, accuracy: float) -> list[Predictions]:
        """Return the last predictions of the most accurate other runs on the same images."""
        lowest = 1 - LARGEST_ERROR_RATIO * (1 - accuracy)
        found: list[Predictions] = []
        for run in self.results.most_accurate(images.dataset.name, MAX_OTHER_RUNS + 1):
            if run.id == images.run.id or _test_accuracy(run) < lowest or len(found) == MAX_OTHER_RUNS:
                continue
            with suppress(NotFoundError):  # the run has just been deleted, or its files are damaged
                others = self.results.images(run.id)
                if others.images_match and others.version == images.version:
                    found.append(self.results.predictions_of(others).predictions)
        return found


def _combine(
    scores: PredictionScores,
    indices: NDArray[np.intp],
    neighbors: NDArray[np.uint8],
    others: list[Predictions],
) -> LabelSuspects:
    def probabilities(predictions: Predictions) -> Float64Array:
        return probabilities_of(predictions.log_odds[indices])

    sources = [probabilities(scores.predictions), neighbors.astype(np.float64)]
    runs = np.zeros_like(neighbors)
    if others:
        sources.append(mean_probabilities([*map(probabilities, others)]))
        for predictions in others:
            runs[np.arange(len(indices)), predictions.predicted[indices]] += 1
    labels = scores.true_labels[indices]
    return LabelSuspects(len(scores), indices, labels, find_label_errors(labels, sources), neighbors, runs)


def _test_accuracy(run: RunRecord) -> float:
    return (run.metrics and run.metrics["test_accuracy"]) or 0.0
