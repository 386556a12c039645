"""Search for test images by their predictions, such as misclassified, confident or late-learned images."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.analysis.calibration import Calibration, compute_calibration
from nn.analysis.learning_dynamics import LearningDynamics
from nn.analysis.prediction_filter import PredictionFilter, SortKey, SortOrder, sort_indices
from nn.analysis.predictions import PredictionScores, confusion_matrix
from nn.datasets.dataset import Dataset
from webapp.annotations.service import Annotations
from webapp.cache import ByteCache
from webapp.errors import InvalidError
from webapp.explanations.service import Explanations
from webapp.misclassified.label_suspects import LabelSuspectFinder
from webapp.misclassified.listing import ClassifiedEpoch, Listing, flagged_indices
from webapp.runs.results import EpochImages, EpochPredictions, RunResults
from webapp.threads import RLock, in_thread
from webapp.validation import check_test_index

EPOCH_CACHE_BYTES = 8_000_000  # an epoch of MNIST takes 0.6 MB
DYNAMICS_CACHE_BYTES = 16_000_000  # the largest run, 10,000 epochs of 10,000 images, takes 12.5 MB
EPOCHS_PER_READ = 500
ALL_MISCLASSIFIED = PredictionFilter()


class MisclassifiedImages:
    """Finds test images by their predictions.

    Every method raises NotFoundError for an unknown run, epoch or image, and DatasetError if the test images are
    missing. One cache stores the scores of recently used epochs. Another cache stores the learning dynamics of recently
    used runs, with one bit for each image and epoch.
    """

    def __init__(self, results: RunResults, annotations: Annotations, explanations: Explanations) -> None:
        self._results = results
        self._annotations = annotations
        self._explanations = explanations
        self._suspects = LabelSuspectFinder(results)
        self._epochs = ByteCache[ClassifiedEpoch](EPOCH_CACHE_BYTES)
        self._dynamics = ByteCache[LearningDynamics](DYNAMICS_CACHE_BYTES)
        self._locks: dict[int, RLock] = defaultdict(RLock)  # one for each run

    def find(
        self,
        run_id: int,
        epoch: int | None = None,
        chosen: PredictionFilter = ALL_MISCLASSIFIED,
        sort: SortKey = "confidence",
        order: SortOrder = "desc",
    ) -> Listing:
        """Return the test images whose predictions after `epoch` match a filter.

        By default, `epoch` is the run's last epoch. Raises InvalidError for an unknown class.
        """
        images = self._results.images(run_id, epoch)
        _check_labels(images.dataset, chosen)
        classified = self._classify(images)
        annotations = self._annotations.of_split(images.dataset.name, "test")
        flagged = np.zeros(len(classified.scores), bool)
        flagged[flagged_indices(annotations)] = True
        needs_suspects = chosen.suspects or sort == "label_error"
        suspects = self._suspects.find(images, classified.scores) if needs_suspects else None
        mask = np.zeros(len(flagged), bool) if suspects is None else suspects.mask
        indices = chosen.indices(classified.scores, classified.learning, flagged=flagged, suspects=mask)
        sizes = self._counterfactual_sizes(images, classified, indices, sort)
        found = Listing(images, classified, indices, annotations, sizes, suspects)
        return replace(found, indices=sort_indices(indices, _sort_key(found, sort), order))

    def find_one(self, run_id: int, index: int, epoch: int | None = None) -> Listing:
        """Return a list that contains only the image `index`, even if it is classified correctly."""
        images = self._results.images(run_id, epoch)
        classified = self._classify(images)
        check_test_index(index, len(classified.scores))
        annotations = self._annotations.of_split(images.dataset.name, "test")
        sizes = self._explanations.known_counterfactual_sizes(images)
        return Listing(images, classified, np.array([index]), annotations, sizes)

    def version(self, run_id: int) -> str:
        """Return a text that changes if a response about a completed epoch can change.

        The responses depend on the run, the test images, their annotations, and the epochs whose counterfactual sizes
        are known.
        """
        run = self._results.images(run_id).run
        sizes = self._results.files(run_id).count_counterfactual_sizes()
        return f"{self._results.version(run)} {self._annotations.version(run.dataset, 'test')} {sizes}"

    def confusion_matrix(self, run_id: int, epoch: int | None) -> tuple[int, list[str], list[list[int]]]:
        """Return the epoch, the class names, and the counts of true (row) and predicted (column) classes."""
        images = self._results.images(run_id, epoch)
        scores = self._classify(images).scores
        counts = confusion_matrix(scores.true_labels, scores.predicted, images.dataset.n_classes)
        return images.epoch, list(images.dataset.class_names), counts.tolist()

    def calibration(self, run_id: int, epoch: int | None) -> tuple[int, Calibration]:
        """Return the epoch and the calibration of its predictions."""
        classified = self._classify(self._results.images(run_id, epoch))
        return classified.epoch, in_thread(compute_calibration, classified.scores)

    def dynamics_counts(self, run_id: int, epoch: int | None) -> tuple[int, Mapping[str, int]]:
        """Return the epoch and the number of images in each category of learning dynamics."""
        classified = self._classify(self._results.images(run_id, epoch))
        return classified.epoch, classified.learning.counts()

    def prediction_history(self, run_id: int, index: int) -> tuple[int, list[int]]:
        """Return the label of one image, and its predicted class after each epoch."""
        classified = self._classify(self._results.images(run_id))
        check_test_index(index, len(classified.scores))
        predicted = in_thread(self._read_history, run_id, classified.epoch, index)
        return int(classified.scores.true_labels[index]), predicted.tolist()

    def _classify(self, images: EpochImages) -> ClassifiedEpoch:
        key = images.run.id, images.epoch, images.version
        classified = self._epochs.get(key)
        if classified is None:
            found = self._results.predictions_of(images)
            dynamics = self._learning_dynamics(images, found.true_labels)
            classified = in_thread(_score, found, dynamics)
            self._epochs.put(key, classified, classified.n_bytes)
        return classified

    def _counterfactual_sizes(
        self, images: EpochImages, classified: ClassifiedEpoch, indices: NDArray[np.intp], sort: SortKey
    ) -> NDArray[np.floating[Any]] | None:
        """Return the known sizes. If the list is sorted by size, compute the sizes of the images at `indices`."""
        if sort != "change":
            return self._explanations.known_counterfactual_sizes(images)
        sizes = np.full(len(classified.scores), np.nan)
        misclassified = indices[~classified.scores.is_correct[indices]]
        if len(misclassified):
            sizes[misclassified] = self._explanations.counterfactual_sizes(images, misclassified)
        return sizes

    def _learning_dynamics(self, images: EpochImages, true_labels: NDArray[np.uint8]) -> LearningDynamics:
        """Return the learning dynamics of the run. Only epochs that are not cached are read."""
        run, key = images.run, (images.run.id, images.version)
        with self._locks[run.id]:
            dynamics = self._dynamics.get(key) or LearningDynamics.empty(len(true_labels))
            if dynamics.n_epochs < run.epochs_completed:
                dynamics = in_thread(self._extend, run.id, dynamics, run.epochs_completed, true_labels)
                self._dynamics.put(key, dynamics, dynamics.bits.nbytes)
            return dynamics

    def _extend(
        self, run_id: int, dynamics: LearningDynamics, last: int, true_labels: NDArray[np.uint8]
    ) -> LearningDynamics:
        with self._results.prediction_history(run_id) as file:
            epochs = range(dynamics.n_epochs + 1, min(last, file.epochs) + 1)
            chunks = (epochs[start : start + EPOCHS_PER_READ] for start in range(0, len(epochs), EPOCHS_PER_READ))
            return dynamics.extended(file.read_predicted(chunk) == true_labels for chunk in chunks)

    def _read_history(self, run_id: int, last: int, index: int) -> NDArray[np.uint8]:
        with self._results.prediction_history(run_id) as file:
            return file.read_predicted(range(1, last + 1), index)[:, 0]


def _score(found: EpochPredictions, dynamics: LearningDynamics) -> ClassifiedEpoch:
    scores = PredictionScores(found.predictions, found.true_labels)
    return ClassifiedEpoch(found.epoch, scores, dynamics.snapshot(found.epoch))


def _sort_key(found: Listing, sort: SortKey) -> NDArray[Any]:
    """Return the sort key (n_images,) of all images; NaN where it is unknown."""
    scores, learned = found.classified.scores, found.classified.learning.learned_epochs
    match sort:
        case "index":
            return np.arange(len(scores))
        case "learned":
            return np.where(learned > 0, learned, np.nan)
        case "change":
            sizes = found.counterfactual_sizes
            return np.full(len(scores), np.nan) if sizes is None else sizes
        case "label_error":
            return np.full(len(scores), np.nan) if found.label_suspects is None else found.label_suspects.scores
        case _:
            key: NDArray[Any] = getattr(scores, sort)
            return key


def _check_labels(dataset: Dataset, chosen: PredictionFilter) -> None:
    labels = {"true": chosen.true, "predicted": chosen.predicted}
    if unknown := [name for name, label in labels.items() if label is not None and label >= dataset.n_classes]:
        raise InvalidError(dict.fromkeys(unknown, f"must be less than {dataset.n_classes}"))
