"""Why a run read a test image as it did."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.explanations.counterfactual import minimal_counterfactual
from nn.explanations.image_transforms import shifted
from nn.explanations.logit_gap import logit_gap
from nn.explanations.pixel_attribution import pixel_attribution
from webapp.errors import ConflictError, NotFoundError
from webapp.explanations.counterfactual_sizes import CounterfactualSizes, guides_of
from webapp.explanations.image_edit import REACH, ImageEdit
from webapp.explanations.results import WHITE, Answer, CounterfactualResult, Explanation, ShiftMap, TrainingExamples
from webapp.explanations.training_influence import TrainingInfluences
from webapp.runs.results import EpochImages, RunResults
from webapp.runs.service import Runs
from webapp.runs.trained_networks import RunNetworks, TrainedNetwork
from webapp.storage.run_record import RunRecord
from webapp.threads import BoundedSemaphore, in_thread
from webapp.validation import read_whole_number

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 2  # of each kind of work, so that the server goes on answering others


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A test image before the network that was asked: `pixels` (n_features,) is as stored, `sums` (n_outputs,)."""

    images: EpochImages
    index: int
    trained: TrainedNetwork
    pixels: Float64Array
    sums: Float64Array

    @property
    def true_label(self) -> int:
        """What the image is."""
        return int(self.images.dataset.test.labels[self.index])

    @property
    def predicted_label(self) -> int:
        """What the network takes it for."""
        return int(self.sums.argmax())

    @property
    def rival_label(self) -> int:
        """The true label where the answer is wrong, else the class with the second-largest sum."""
        if self.predicted_label != self.true_label:
            return self.true_label
        return int(np.argsort(-self.sums, kind="stable")[1])

    @property
    def inputs(self) -> Float64Array:
        """The image as the network takes it, (n_features,)."""
        return np.asarray(self.trained.inputs(self.pixels[np.newaxis])[0])


class Explanations:
    """Explains answers. Raises NotFoundError wherever there is no such run, epoch or image, and ConflictError where
    what the explanation is made from was not kept, or the network has diverged.
    """

    def __init__(self, runs: Runs, results: RunResults, networks: RunNetworks) -> None:
        self._runs = runs
        self._results = results
        self._networks = networks
        self._influences = TrainingInfluences(networks)
        self._light = BoundedSemaphore(AT_ONCE)
        self._heavy = BoundedSemaphore(AT_ONCE)
        self._change_sizes = CounterfactualSizes(results, networks, self._heavy)

    def explain(self, run_id: int, index: int, epoch: int | None = None) -> Explanation:
        """What decided one test image: units, pixels, and where it would have to be."""
        images = self._images(run_id, index, epoch)
        with self._light:
            return in_thread(_quietly, self._explain, images, index)

    def examples(self, run_id: int, index: int, epoch: int | None = None) -> TrainingExamples:
        """The training images that are most like a test image, and those that pushed its answer most."""
        images = self._images(run_id, index, epoch)
        with self._heavy, self._files_go_with(images.run):
            return in_thread(_quietly, self._find_examples, images, index)

    def repair(self, run_id: int, index: int, epoch: int | None = None) -> CounterfactualResult:
        """The smallest change after which a test image is read right. Raises ConflictError where it is already."""
        images = self._images(run_id, index, epoch)
        with self._heavy:
            return in_thread(_quietly, self._repair, images, index)

    def counterfactual_sizes(self, run_id: int, epoch: int, indices: NDArray[np.intp]) -> NDArray[np.float32]:
        """The size of the smallest change for each of some mistakes, (n,), NaN where none was found."""
        with self._files_go_with(self._runs.get(run_id)):
            return self._change_sizes.of_all(run_id, epoch)[indices]

    def known_counterfactual_sizes(self, run_id: int, epoch: int) -> NDArray[np.float32] | None:
        """The sizes for all test images, NaN for those that are right, if they have been worked out."""
        return self._change_sizes.known(run_id, epoch)

    def probe(self, run_id: int, given: Mapping[str, object]) -> Answer:
        """What the network says of a test image that is changed as `given` says. Raises InvalidError."""
        run = self._runs.get(run_id)
        last_epoch = max(run.epochs_completed, 1)
        chosen = given.get("epoch")
        epoch = None if chosen is None else read_whole_number("epoch", chosen, first=1, last=last_epoch)
        images = self._results.images(run_id, epoch)
        index = read_whole_number("index", given.get("index"), last=len(images.dataset.test) - 1)
        with self._light:
            return in_thread(_quietly, self._probe, images, index, given)

    def _images(self, run_id: int, index: int, epoch: int | None) -> EpochImages:
        images = self._results.images(run_id, epoch)
        last = len(images.dataset.test) - 1
        if index > last:
            raise NotFoundError(f"In the test set there is no image {index}; the last is {last}.")
        return images

    @contextmanager
    def _files_go_with(self, run: RunRecord) -> Iterator[None]:
        """Remove what was written meanwhile for a run that is deleted meanwhile."""
        try:
            yield
        finally:
            try:
                self._runs.get(run.id)
            except NotFoundError:
                shutil.rmtree(self._networks.files(run).folder, ignore_errors=True)
                raise

    def _subject(self, images: EpochImages, index: int) -> Subject:
        trained = self._networks.find(images.run, images.epoch, images.dataset)
        pixels = trained.seen(images.dataset.test.take(np.array([index]))).astype(np.float64)
        sums = trained.network.sums(trained.inputs(pixels))
        _check_finite(sums, images, trained)
        return Subject(images, index, trained, pixels[0], sums[0])

    def _explain(self, images: EpochImages, index: int) -> Explanation:
        subject = self._subject(images, index)
        network, inputs = subject.trained.network, subject.inputs
        predicted, rival = subject.predicted_label, subject.rival_label
        return Explanation(
            answer=_answer(subject),
            index=index,
            true_label=subject.true_label,
            rival_label=rival,
            gap=logit_gap(network, inputs, predicted, rival),
            evidence=pixel_attribution(network, inputs, subject.trained.black, predicted, rival),
            shifts=_shift_map(subject),
        )

    def _find_examples(self, images: EpochImages, index: int) -> TrainingExamples:
        subject = self._subject(images, index)
        influence = self._influences.of(images.run, images.dataset, subject.trained)
        pixels = subject.pixels / subject.trained.pixel_max
        network = subject.trained.network
        found = influence.explain(pixels, subject.predicted_label, subject.rival_label, network)
        return TrainingExamples(_answer(subject), found)

    def _repair(self, images: EpochImages, index: int) -> CounterfactualResult:
        subject = self._subject(images, index)
        trained = subject.trained
        if subject.predicted_label == subject.true_label:
            raise ConflictError(
                f"After epoch {trained.weights_epoch}, run {images.run.id} reads image {index} right: there is nothing "
                "to mend."
            )
        image, true = subject.pixels / trained.pixel_max, subject.true_label
        found = minimal_counterfactual(trained.network, trained.pixel_scaling, image, true)
        if found is None:  # the way to others of the class is longer, but leads there
            guides = guides_of(images, trained, true)
            found = minimal_counterfactual(trained.network, trained.pixel_scaling, image, true, guides)
        if found is None:
            return CounterfactualResult(_answer(subject), False, 0.0, np.zeros_like(image))
        pixels = found.picture.astype(np.float64) * (trained.pixel_max / WHITE)
        sums = trained.network.sums(trained.inputs(pixels[np.newaxis]))[0]
        return CounterfactualResult(_answer(replace(subject, pixels=pixels, sums=sums)), True, found.size, found.change)

    def _probe(self, images: EpochImages, index: int, given: Mapping[str, object]) -> Answer:
        subject = self._subject(images, index)
        trained = subject.trained
        variation = ImageEdit.read(given, trained.shape)
        if variation.is_nothing:
            return _answer(subject)
        pixels = variation.of(subject.pixels.reshape(trained.shape) / trained.pixel_max).ravel() * trained.pixel_max
        sums = trained.network.sums(trained.inputs(pixels[np.newaxis]))
        _check_finite(sums, images, trained)
        return _answer(replace(subject, pixels=pixels, sums=sums[0]))


def _quietly(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The function's result; what is not a number is told as such, and not by NumPy's warnings on the way there."""
    with np.errstate(all="ignore"):
        return function(*args, **kwargs)


def _check_finite(sums: Float64Array, images: EpochImages, trained: TrainedNetwork) -> None:
    if not np.isfinite(sums).all():
        raise ConflictError(
            f"Run {images.run.id} has diverged: what its network says of the image after epoch "
            f"{trained.weights_epoch} are not numbers any more. Look at an earlier epoch."
        )


def _answer(subject: Subject) -> Answer:
    trained = subject.trained
    return Answer(
        epoch=subject.images.epoch,
        weights_epoch=trained.weights_epoch,
        shape=trained.shape,
        pixels=np.round(subject.pixels * (WHITE / trained.pixel_max)).clip(0, WHITE).astype(np.uint8),
        sums=subject.sums,
        probabilities=trained.probabilities(subject.sums[np.newaxis])[0],
    )


def _shift_map(subject: Subject) -> ShiftMap:
    trained = subject.trained
    images = shifted(subject.pixels.reshape(trained.shape), REACH)
    sums = trained.network.sums(trained.inputs(images.reshape(len(images), -1)))
    predicted = sums.argmax(axis=1)
    confidence = np.take_along_axis(trained.probabilities(sums), predicted[:, np.newaxis], axis=1)
    side = 2 * REACH + 1
    return ShiftMap(REACH, predicted.reshape(side, side), confidence.reshape(side, side))
