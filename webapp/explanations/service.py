"""Explanations of single predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import predicted_classes
from nn.array_types import Float64Array
from nn.explanations.counterfactual import minimal_counterfactual
from nn.explanations.forward_pass import ForwardPass
from nn.explanations.image_transforms import shifted
from nn.explanations.logit_gap import logit_gap
from nn.explanations.pixel_attribution import pixel_attribution
from webapp.errors import ConflictError, NotFoundError
from webapp.explanations.counterfactual_sizes import CounterfactualSizes, guide_images
from webapp.explanations.image_edit import REACH, ImageEdit
from webapp.explanations.results import (
    WHITE,
    CounterfactualResult,
    ExplainedPrediction,
    Explanation,
    ShiftMap,
    TrainingExamples,
)
from webapp.explanations.training_influence import TrainingInfluences
from webapp.runs.results import EpochImages, RunResults, check_images, read_epoch
from webapp.runs.service import Runs
from webapp.runs.trained_networks import RunNetworks, TrainedNetwork
from webapp.storage.run_record import RunRecord
from webapp.threads import BoundedSemaphore, in_thread
from webapp.validation import check_test_index, read_whole_number

P = ParamSpec("P")
T = TypeVar("T")

MAX_TASKS = 2  # light tasks at a time, and as many heavy ones, so that the server still responds to other requests


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A test image, the network that classifies it, and the forward pass of the image.

    `pixels` (n_features,) are from 0 to `trained.pixel_max`. `predicted_label` is the predicted class.
    """

    images: EpochImages
    index: int
    trained: TrainedNetwork
    pixels: Float64Array
    forward_pass: ForwardPass
    predicted_label: int

    @property
    def logits(self) -> Float64Array:
        """The logits (n_outputs,)."""
        return np.asarray(self.forward_pass.logits[0])

    @property
    def true_label(self) -> int:
        """The true class."""
        return int(self.images.dataset.test.labels[self.index])

    @property
    def rival_label(self) -> int:
        """The true class if the image is misclassified, otherwise the other class with the largest logit."""
        if self.predicted_label != self.true_label:
            return self.true_label
        ranking = np.argsort(-self.logits, kind="stable")
        return int(ranking[ranking != self.predicted_label][0])

    def with_pixels(self, pixels: Float64Array) -> Subject:
        """Return a copy with other pixels, their forward pass and their predicted class."""
        forward_pass = _forward_pass(self.trained, pixels)
        predicted = int(predicted_classes(forward_pass.logits)[0])
        return replace(self, pixels=pixels, forward_pass=forward_pass, predicted_label=predicted)


class Explanations:
    """Explains predictions.

    Every method raises NotFoundError for an unknown run, epoch or image. It raises ConflictError if files for the
    explanation are missing, if the network has diverged, or if the images are not those that the run used.
    """

    def __init__(self, runs: Runs, results: RunResults, networks: RunNetworks) -> None:
        self._runs = runs
        self._results = results
        self._networks = networks
        self._influences = TrainingInfluences(networks)
        self._light = BoundedSemaphore(MAX_TASKS)
        self._heavy = BoundedSemaphore(MAX_TASKS)
        self._change_sizes = CounterfactualSizes(results, networks, self._heavy)

    def explain(self, run_id: int, index: int, epoch: int | None = None) -> Explanation:
        """Return the logit gap, the pixel attribution and the shift sensitivity of one test image."""
        images = self._images(run_id, index, epoch)
        with self._light:
            return in_thread(_without_warnings, self._explain, images, index)

    def examples(self, run_id: int, index: int, epoch: int | None = None) -> TrainingExamples:
        """Return the nearest and the most influential training images."""
        images = self._images(run_id, index, epoch)
        if images.train_images_match is False:
            raise ConflictError(
                f"These are not the images that run {run_id} was trained on: the files of "
                f"{images.run.dataset_spec.title} have changed. Put the original files back."
            )
        with self._heavy, self._removing_files_of_deleted_run(images.run):
            return in_thread(_without_warnings, self._find_examples, images, index)

    def counterfactual(self, run_id: int, index: int, epoch: int | None = None) -> CounterfactualResult:
        """Return the smallest change found that corrects the prediction.

        Raises ConflictError if the prediction is already correct.
        """
        images = self._images(run_id, index, epoch)
        with self._heavy:
            return in_thread(_without_warnings, self._find_counterfactual, images, index)

    def counterfactual_sizes(self, images: EpochImages, indices: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the counterfactual sizes (n,) of the misclassified images at `indices` (n,).

        A size is NaN if no counterfactual was found.
        """
        check_images(images)
        with self._removing_files_of_deleted_run(images.run):
            return self._change_sizes.compute(images)[indices]

    def known_counterfactual_sizes(self, images: EpochImages) -> NDArray[np.float32] | None:
        """Return the counterfactual sizes (n_images,), or None if they have not been computed for these images.

        A size is NaN if the prediction is correct or no counterfactual was found.
        """
        return None if images.images_match is False else self._change_sizes.find(images)

    def probe(self, run_id: int, given: Mapping[str, object]) -> ExplainedPrediction:
        """Return the prediction for a test image after the edit that `given` describes. Raises InvalidError."""
        images = self._results.images(run_id, read_epoch(self._runs.get(run_id), given.get("epoch")))
        check_images(images)
        index = read_whole_number("index", given.get("index"), last=len(images.dataset.test) - 1)
        with self._light:
            return in_thread(_without_warnings, self._probe, images, index, given)

    def _images(self, run_id: int, index: int, epoch: int | None) -> EpochImages:
        images = self._results.images(run_id, epoch)
        check_images(images)
        check_test_index(index, len(images.dataset.test))
        return images

    @contextmanager
    def _removing_files_of_deleted_run(self, run: RunRecord) -> Iterator[None]:
        """Run the block. If the run was deleted during the block, delete its folder again and raise NotFoundError."""
        try:
            yield
        finally:
            try:
                self._runs.get(run.id)
            except NotFoundError:
                with suppress(OSError):
                    self._networks.files(run).delete()
                raise

    def _subject(self, images: EpochImages, index: int) -> Subject:
        trained = self._networks.find(images.run, images.epoch, images.dataset)
        pixels = trained.crop(images.dataset.test.take(np.array([index]))).astype(np.float64)
        forward_pass = _forward_pass(trained, pixels[0])
        predicted = self._predicted_label(images.run, trained.weights_epoch, index, forward_pass)
        subject = Subject(images, index, trained, pixels[0], forward_pass, predicted)
        _check_finite(subject)
        return subject

    def _predicted_label(self, run: RunRecord, epoch: int, index: int, forward_pass: ForwardPass) -> int:
        """Return the stored class, as the lists do.

        If two logits are equal up to the rounding of float32, the forward pass in float64 could give the other class.
        The forward pass decides only if the stored predictions cannot be read.
        """
        try:
            with self._results.prediction_history(run.id) as history:
                return int(history.read_predicted([epoch], index)[0, 0])
        except NotFoundError:
            return int(predicted_classes(forward_pass.logits)[0])

    def _explain(self, images: EpochImages, index: int) -> Explanation:
        subject = self._subject(images, index)
        predicted, rival = subject.predicted_label, subject.rival_label
        return Explanation(
            prediction=_prediction(subject),
            index=index,
            true_label=subject.true_label,
            rival_label=rival,
            gap=logit_gap(subject.forward_pass, predicted, rival),
            attribution=pixel_attribution(subject.forward_pass, subject.trained.black, predicted, rival),
            shifts=_shift_map(subject),
        )

    def _find_examples(self, images: EpochImages, index: int) -> TrainingExamples:
        subject = self._subject(images, index)
        finder = self._influences.finder(images.run, images.dataset, subject.trained)
        pixels = subject.pixels / subject.trained.pixel_max
        network = subject.trained.network
        found = finder.find_examples(pixels, subject.predicted_label, subject.rival_label, network)
        return TrainingExamples(_prediction(subject), found)

    def _find_counterfactual(self, images: EpochImages, index: int) -> CounterfactualResult:
        subject = self._subject(images, index)
        trained = subject.trained
        if subject.predicted_label == subject.true_label:
            raise ConflictError(
                f"After epoch {trained.weights_epoch}, run {images.run.id} classifies image {index} correctly. "
                "There is nothing to correct."
            )
        image, true = subject.pixels / trained.pixel_max, subject.true_label
        guides = guide_images(images, trained, self._results.predictions_of(images).predictions.predicted)
        found = minimal_counterfactual(trained.network, trained.pixel_scaling, image, true, guides)
        if found is None:
            return CounterfactualResult(_prediction(subject), False, 0.0, np.zeros_like(image))
        pixels = found.image.astype(np.float64) * (trained.pixel_max / WHITE)
        return CounterfactualResult(_prediction(subject.with_pixels(pixels)), True, found.size, found.change)

    def _probe(self, images: EpochImages, index: int, given: Mapping[str, object]) -> ExplainedPrediction:
        subject = self._subject(images, index)
        trained = subject.trained
        edit = ImageEdit.parse(given, trained.shape)
        if edit.is_identity:
            return _prediction(subject)
        image = subject.pixels.reshape(trained.shape) / trained.pixel_max
        edited = subject.with_pixels(edit.apply(image).ravel() * trained.pixel_max)
        _check_finite(edited)
        return _prediction(edited)


def _without_warnings(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call the function without NumPy's warnings. `_check_finite` detects values that are not finite."""
    with np.errstate(all="ignore"):
        return function(*args, **kwargs)


def _forward_pass(trained: TrainedNetwork, pixels: Float64Array) -> ForwardPass:
    return ForwardPass(trained.network, trained.inputs(pixels[np.newaxis]))


def _check_finite(subject: Subject) -> None:
    if not np.isfinite(subject.logits).all():
        raise ConflictError(
            f"Run {subject.images.run.id} has diverged: after epoch {subject.trained.weights_epoch} the logits of this "
            "image are not finite. Choose an earlier epoch."
        )


def _prediction(subject: Subject) -> ExplainedPrediction:
    trained = subject.trained
    return ExplainedPrediction(
        epoch=subject.images.epoch,
        weights_epoch=trained.weights_epoch,
        shape=trained.shape,
        pixels=np.round(subject.pixels * (WHITE / trained.pixel_max)).clip(0, WHITE).astype(np.uint8),
        logits=subject.logits,
        probabilities=trained.probabilities(subject.logits[np.newaxis])[0],
        predicted_label=subject.predicted_label,
    )


def _shift_map(subject: Subject) -> ShiftMap:
    trained = subject.trained
    images = shifted(subject.pixels.reshape(trained.shape), REACH)
    logits = trained.network.logits(trained.inputs(images.reshape(len(images), -1)))
    predicted = predicted_classes(logits)
    predicted[len(predicted) // 2] = subject.predicted_label  # not shifted
    confidence = np.take_along_axis(trained.probabilities(logits), predicted[:, np.newaxis], axis=1)
    side = 2 * REACH + 1
    return ShiftMap(REACH, predicted.reshape(side, side), confidence.reshape(side, side))
