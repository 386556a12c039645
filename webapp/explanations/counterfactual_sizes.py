"""How little of each mistake of an epoch would have to change for it to be read right."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array, IndexArray
from nn.atomic_write import replace_atomically
from nn.explanations.counterfactual import counterfactual_sizes
from webapp.cache import ByteCache
from webapp.errors import ConflictError
from webapp.runs.results import EpochImages, RunResults
from webapp.runs.trained_networks import RunNetworks, TrainedNetwork
from webapp.storage.run_status import ENDED
from webapp.threads import BoundedSemaphore, RLock, in_thread

Sizes = NDArray[np.float32]

SIZES_HELD = 4_000_000  # bytes; an epoch of MNIST takes 40 kB
IMAGES_AT_ONCE = 48
N_GUIDES = 5  # of each class
MOST_MISTAKES = 2_000  # a hundred take a third of a second


class CounterfactualSizes:
    """The size of the smallest change for every mistake of an epoch, worked out once for all of them.

    It is kept in memory and in a small file in the run's folder, with a checksum of the weights and the mistakes that
    it was made from. The work takes turns with other work of the kind that `turns` lets in, a few images at a time.
    """

    def __init__(self, results: RunResults, networks: RunNetworks, turns: BoundedSemaphore) -> None:
        self._results = results
        self._networks = networks
        self._turns = turns
        self._held = ByteCache[Sizes](SIZES_HELD)
        self._working: dict[tuple[int, int], RLock] = {}

    def of_all(self, images: EpochImages) -> Sizes:
        """For each test image, (n_images,): NaN where none was found, or the answer is right. In units of a pixel.

        Raises ConflictError where there are more than MOST_MISTAKES, NotFoundError once the run is deleted.
        """
        found = self.known(images)
        if found is None:
            key = images.run.id, images.epoch
            try:
                with self._working.setdefault(key, RLock()):  # whoever asks meanwhile gets the first's
                    found = self.known(images)
                    if found is None:
                        found = self._work_out(images)
            finally:
                self._working.pop(key, None)
        return found

    def known(self, images: EpochImages) -> Sizes | None:
        """The same, as far as it was worked out."""
        key = images.run.id, images.epoch
        found = self._held.get(key)
        if found is None and self._path(images).is_file():
            found = in_thread(self._read, images, self._mistakes(images))
            if found is not None:
                self._held.put(key, found, found.nbytes)
        return found

    def _mistakes(self, images: EpochImages) -> IndexArray:
        said = self._results.predictions_of(images)
        return np.flatnonzero(said.predictions.predicted != said.true_labels)

    def _work_out(self, images: EpochImages) -> Sizes:
        mistakes = self._mistakes(images)
        if len(mistakes) > MOST_MISTAKES:
            raise ConflictError(
                f"After epoch {images.epoch} {len(mistakes):,} images are misclassified. Counterfactuals are limited "
                f"to {MOST_MISTAKES:,}: choose a later epoch, or open one image."
            )
        sizes = np.full(len(images.dataset.test), np.nan, np.float32)
        trained = in_thread(self._networks.find, images.run, images.epoch, images.dataset)
        for start in range(0, len(mistakes), IMAGES_AT_ONCE):
            some = mistakes[start : start + IMAGES_AT_ONCE]
            self._results.images(images.run.id, images.epoch)  # raises if the run was deleted meanwhile
            with self._turns:
                sizes[some] = in_thread(_sizes_of, images, trained, some)
        if images.run.status in ENDED or trained.weights_epoch == images.epoch:  # else nearer weights may yet be kept
            self._held.put((images.run.id, images.epoch), sizes, sizes.nbytes)
            in_thread(_write, self._path(images), sizes, _checksum(trained, mistakes))
        return sizes

    def _path(self, images: EpochImages) -> Path:
        return self._networks.files(images.run).changes(images.epoch)

    def _read(self, images: EpochImages, mistakes: IndexArray) -> Sizes | None:
        try:
            trained = self._networks.find(images.run, images.epoch, images.dataset)
            with self._path(images).open("rb") as file, np.load(file, allow_pickle=False) as content:
                sizes, made_from = np.asarray(content["sizes"], np.float32), int(content["made_from"])
        except Exception:  # a damaged file fails in zip and NumPy, in many ways; it is made anew
            return None
        is_the_same = made_from == _checksum(trained, mistakes) and sizes.shape == (len(images.dataset.test),)
        return sizes if is_the_same else None


def _sizes_of(images: EpochImages, trained: TrainedNetwork, indices: IndexArray) -> Sizes:
    test = images.dataset.test
    pixels = trained.seen(test.take(indices)) / trained.pixel_max
    guides = guides_of(images, trained)
    found = counterfactual_sizes(
        trained.network, trained.pixel_scaling, pixels, test.labels[indices].astype(np.intp), guides
    )
    return found.astype(np.float32)


def guides_of(images: EpochImages, trained: TrainedNetwork, label: int | None = None) -> Sequence[Float64Array]:
    """A few test images of one class, or of each, that show the way where nothing else does."""
    test = images.dataset.test
    classes = range(images.dataset.n_classes) if label is None else [label]
    rows = np.concatenate([np.flatnonzero(test.labels == one)[:N_GUIDES] for one in classes])
    return list(trained.seen(test.take(rows)) / trained.pixel_max)


def _write(path: Path, sizes: Sizes, made_from: int) -> None:
    with suppress(OSError), replace_atomically(path) as file:  # without room on the disk they are worked out again
        np.savez_compressed(file, allow_pickle=False, sizes=sizes, made_from=np.array(made_from))


def _checksum(trained: TrainedNetwork, mistakes: IndexArray) -> int:
    return zlib.crc32(mistakes.astype("<u4").tobytes(), trained.checksum)
