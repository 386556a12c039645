"""What a run said of the test images: which of them it got wrong, how sure it was, and when it learned each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from gevent.lock import RLock
from numpy.typing import NDArray

from nn.analysis.label_errors import find_label_errors
from nn.analysis.learning_dynamics import KINDS, Learning, LearningDynamics
from nn.analysis.prediction_filter import PredictionFilter, SortKey, SortOrder, sort_indices
from nn.analysis.predictions import ImagePrediction, PredictionScores
from nn.datasets.dataset import Dataset
from nn.errors import PredictionsError
from nn.storage.prediction_history import PredictionHistory
from webapp.cache import ByteCache
from webapp.config import Config
from webapp.errors import InvalidError, NotFoundError
from webapp.runs.service import EpochImages, EpochPredictions, Runs
from webapp.storage.run_files import RunFiles
from webapp.storage.run_record import RunRecord
from webapp.threads import in_thread

VIEWS_HELD = 8_000_000  # bytes; MNIST takes 0.5 MB an epoch
HISTORIES_HELD = 16_000_000  # bytes; the largest there can be, 10,000 epochs of 10,000 images, takes 12.5 MB
EPOCHS_AT_ONCE = 500  # of a history that is read
EVERY_MISTAKE = PredictionFilter()
SIX_DIGITS = "{:.6g}".format  # outputs are kept in 16 bits, losses in 32


class ImageAnnotation(Protocol):
    """What people say of one image."""

    @property
    def flagged(self) -> bool:
        """Whether somebody marked it."""

    @property
    def label(self) -> int | None:
        """The class that a person would give."""

    @property
    def note(self) -> str:
        """Anything else."""


class AnnotationSource(Protocol):
    """Where it is known what people say of images."""

    def of(self, dataset: str, split: str) -> Mapping[int, ImageAnnotation]:
        """What is said of each annotated image, by its index."""


class ChangeSource(Protocol):
    """Where it is known how little would have to change for a right answer."""

    def counterfactual_sizes(self, run_id: int, epoch: int, indices: NDArray[np.intp]) -> NDArray[np.floating[Any]]:
        """The size of the smallest change for each of some mistakes, (n,), NaN where none was found."""

    def known_counterfactual_sizes(self, run_id: int, epoch: int) -> NDArray[np.floating[Any]] | None:
        """The sizes for all test images, as far as they are known without computing, else NaN."""


@dataclass(frozen=True, slots=True, eq=False)
class EpochView:
    """Everything that images are chosen by after one epoch; `suspects` is (n_images,)."""

    epoch: int
    figures: PredictionScores
    learning: Learning
    suspects: NDArray[np.bool_]

    def check_index(self, index: int) -> None:
        """Raise NotFoundError where there is no such image."""
        if index >= len(self.figures):
            raise NotFoundError(f"In the test set there is no image {index}; the last is {len(self.figures) - 1}.")


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """The images that were asked for, in order: `indices` (n,).

    `said` is what people say of images of the split, `changes` (n_images,) the sizes of the smallest changes as far as
    they are known.
    """

    images: EpochImages
    view: EpochView
    indices: NDArray[np.intp]
    said: Mapping[int, ImageAnnotation]
    changes: NDArray[np.floating[Any]] | None

    @property
    def total(self) -> int:
        """How many images there are in the whole list."""
        return len(self.indices)

    @property
    def flagged(self) -> int:
        """How many of them are flagged."""
        return int(np.isin(self.indices, _flagged(self.said)).sum())

    def items(self, start: int = 0, stop: int | None = None) -> list[dict[str, Any]]:
        """Some of the images with all that is known of each, as JSON values."""
        return [self._item(found) for found in self.view.figures.of(self.indices[start:stop].tolist())]

    def _item(self, found: ImagePrediction) -> dict[str, Any]:
        learning, said = self.view.learning, self.said.get(found.index)
        change = None if self.changes is None else self.changes[found.index]
        return {
            **{name: _rounded(value) for name, value in found.to_json().items()},
            "history": KINDS[learning.kinds[found.index]].value,
            "learned_epoch": int(learning.learned_epochs[found.index]) or None,
            "change": _rounded(float(change)) if change is not None and np.isfinite(change) else None,
            "annotation": said and {"flagged": said.flagged, "label": said.label, "note": said.note},
        }


class MisclassifiedImages:
    """Finds images by what a run said of them. Raises NotFoundError wherever there is no such run, epoch or image,
    DatasetError where the test images are not there.

    What was decoded of the epochs that were looked at last is kept, and whether each answer of each epoch was right,
    a bit each, for the runs that were looked at last.
    """

    def __init__(self, config: Config, runs: Runs, annotations: AnnotationSource, changes: ChangeSource) -> None:
        self._config = config
        self._runs = runs
        self._annotations = annotations
        self._changes = changes
        self._views = ByteCache[EpochView](VIEWS_HELD)
        self._histories = ByteCache[LearningDynamics](HISTORIES_HELD)
        self._reading: dict[int, RLock] = defaultdict(RLock)  # of each run

    def find(
        self,
        run_id: int,
        epoch: int | None = None,
        selection: PredictionFilter = EVERY_MISTAKE,
        sort: SortKey = "confidence",
        order: SortOrder = "desc",
    ) -> Listing:
        """The images of a selection, after `epoch` or the last one. Raises InvalidError for a class there is not."""
        images = self._runs.images(run_id, epoch)
        _check_labels(images.dataset, selection)
        view = self._view(images)
        said = self._annotations.of(images.dataset.name, "test")
        flagged = np.zeros(len(view.figures), bool)
        flagged[_flagged(said)] = True
        indices = selection.indices(view.figures, view.learning, flagged=flagged, suspects=view.suspects)
        changes = self._changes_of(run_id, view, indices, sort)
        ordered = sort_indices(indices, _key(view, changes, sort), order)
        return Listing(images, view, ordered, said, changes)

    def one(self, run_id: int, index: int, epoch: int | None = None) -> Listing:
        """A list of one image, right or wrong."""
        images = self._runs.images(run_id, epoch)
        view = self._view(images)
        view.check_index(index)
        said = self._annotations.of(images.dataset.name, "test")
        changes = self._changes.known_counterfactual_sizes(run_id, view.epoch)
        return Listing(images, view, np.array([index]), said, changes)

    def view(self, run_id: int, epoch: int | None = None) -> EpochView:
        """All images after `epoch`, or after the last one."""
        return self._view(self._runs.images(run_id, epoch))

    def answers(self, run_id: int, index: int) -> tuple[int, list[int]]:
        """The label of one image, and the class that was predicted in each epoch so far."""
        view = self.view(run_id)
        view.check_index(index)
        predicted = in_thread(self._answers, run_id, view.epoch, index)
        return int(view.figures.true_labels[index]), predicted.tolist()

    def _view(self, images: EpochImages) -> EpochView:
        place = images.run.id, images.epoch
        view = self._views.get(place)
        if view is None:
            found = self._runs.predictions(*place)
            history = self._history(images.run, found.true_labels)
            view = in_thread(_look, found, history)
            self._views.put(place, view, _n_bytes(view))
        return view

    def _changes_of(
        self, run_id: int, view: EpochView, indices: NDArray[np.intp], sort: SortKey
    ) -> NDArray[np.floating[Any]] | None:
        if sort != "change":
            return self._changes.known_counterfactual_sizes(run_id, view.epoch)
        sizes = np.full(len(view.figures), np.nan)
        wrong = indices[~view.figures.is_right[indices]]
        if len(wrong):
            sizes[wrong] = self._changes.counterfactual_sizes(run_id, view.epoch, wrong)
        return sizes

    def _history(self, run: RunRecord, true_labels: NDArray[np.uint8]) -> LearningDynamics:
        """Whether each answer was right in every epoch so far; only the epochs since the last time are read."""
        with self._reading[run.id]:
            history = self._histories.get(run.id) or LearningDynamics.empty(len(true_labels))
            if history.n_epochs < run.epochs_completed:
                history = in_thread(self._grown, run.id, history, run.epochs_completed, true_labels)
                self._histories.put(run.id, history, history.bits.nbytes)
            return history

    def _grown(
        self, run_id: int, history: LearningDynamics, last: int, true_labels: NDArray[np.uint8]
    ) -> LearningDynamics:
        with self._predictions(run_id) as file:
            epochs = range(history.n_epochs + 1, min(last, file.epochs) + 1)
            parts = (epochs[start : start + EPOCHS_AT_ONCE] for start in range(0, len(epochs), EPOCHS_AT_ONCE))
            return history.extended(file.read_predicted(part) == true_labels for part in parts)

    def _answers(self, run_id: int, last: int, index: int) -> NDArray[np.uint8]:
        with self._predictions(run_id) as file:
            return file.read_predicted(range(1, last + 1), index)[:, 0]

    @contextmanager
    def _predictions(self, run_id: int) -> Iterator[PredictionHistory]:
        try:
            with PredictionHistory.open(RunFiles(self._config.runs_dir / str(run_id)).predictions) as file:
                yield file
        except PredictionsError as error:
            raise NotFoundError(f"The predictions of run {run_id} are no longer there: {error}") from None


def _flagged(said: Mapping[int, ImageAnnotation]) -> NDArray[np.intp]:
    return np.array([index for index, one in said.items() if one.flagged], np.intp)


def _look(found: EpochPredictions, history: LearningDynamics) -> EpochView:
    figures = PredictionScores(found.predictions, found.true_labels)
    return EpochView(found.epoch, figures, history.at(found.epoch), find_label_errors(figures))


def _n_bytes(view: EpochView) -> int:
    figures, predictions = view.figures, view.figures.predictions
    arrays: list[NDArray[Any]] = [
        *(predictions.log_probabilities, predictions.losses, predictions.predicted),
        *(figures.is_right, figures.confidence, figures.true_probability, figures.margin, figures.loss),
        *(view.learning.kinds, view.learning.learned_epochs, view.suspects),
    ]
    return sum(array.nbytes for array in arrays)


def _key(view: EpochView, changes: NDArray[np.floating[Any]] | None, sort: SortKey) -> NDArray[Any]:
    match sort:
        case "index":
            return np.arange(len(view.figures))
        case "learned":
            learned = view.learning.learned_epochs
            return np.where(learned > 0, learned, np.nan)
        case "change":
            return np.full(len(view.figures), np.nan) if changes is None else changes
        case _:
            key: NDArray[Any] = getattr(view.figures, sort)
            return key


def _check_labels(dataset: Dataset, selection: PredictionFilter) -> None:
    given = {"true": selection.true, "predicted": selection.predicted}
    if wrong := [name for name, label in given.items() if label is not None and label >= dataset.n_classes]:
        raise InvalidError(dict.fromkeys(wrong, f"must be less than {dataset.n_classes}"))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(SIX_DIGITS(value))
    return [float(SIX_DIGITS(part)) for part in value] if isinstance(value, tuple) else value
