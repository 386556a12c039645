"""The distance of each misclassified test image from its counterfactual, called the counterfactual size."""

from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn.array_files import read_arrays
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

SEARCH_VERSION = 3  # increase it if the search finds other sizes, so that stored sizes are computed again
CACHE_BYTES = 4_000_000  # the sizes of an epoch of MNIST take 40 kB
IMAGES_PER_TURN = 24
N_GUIDES = 5  # for each class
MAX_MISCLASSIFIED = 2_000  # the search for a hundred counterfactuals takes one to ten seconds


class CounterfactualSizes:
    """Computes the counterfactual sizes of all images that are misclassified after an epoch.

    The sizes are cached in memory and in a small file in the run's folder. A checksum of the weights, the misclassified
    images and the version of the search detects an outdated file. The computation acquires `turns` for a few images at
    a time, so that other tasks can run in between.
    """

    def __init__(self, results: RunResults, networks: RunNetworks, turns: BoundedSemaphore) -> None:
        self._results = results
        self._networks = networks
        self._turns = turns
        self._cache = ByteCache[Sizes](CACHE_BYTES)
        self._locks: dict[tuple[int, int, str], RLock] = {}

    def compute(self, images: EpochImages) -> Sizes:
        """Return the sizes (n_images,). A size of 1 is the change of one pixel from black to white.

        The size is NaN if the prediction is correct or no counterfactual was found. Raises ConflictError if more than
        MAX_MISCLASSIFIED images are misclassified, and NotFoundError if the run is deleted meanwhile.
        """
        found = self.find(images)
        if found is None:
            key = images.run.id, images.epoch, images.version
            try:
                with self._locks.setdefault(key, RLock()):  # a second caller waits for the result of the first one
                    found = self.find(images)
                    if found is None:
                        found = self._compute(images)
            finally:
                self._locks.pop(key, None)
        return found

    def find(self, images: EpochImages) -> Sizes | None:
        """Return the sizes (n_images,) if they are cached, otherwise None."""
        key = images.run.id, images.epoch, images.version
        found = self._cache.get(key)
        if found is None and self._path(images).is_file():
            found = in_thread(self._read, images, self._misclassified(images))
            if found is not None:
                self._cache.put(key, found, found.nbytes)
        return found

    def _misclassified(self, images: EpochImages) -> IndexArray:
        found = self._results.predictions_of(images)
        return np.flatnonzero(found.predictions.predicted != found.true_labels)

    def _compute(self, images: EpochImages) -> Sizes:
        misclassified = self._misclassified(images)
        if len(misclassified) > MAX_MISCLASSIFIED:
            raise ConflictError(
                f"After epoch {images.epoch} {len(misclassified):,} images are misclassified. Counterfactuals are "
                f"limited to {MAX_MISCLASSIFIED:,}: choose a later epoch, or open one image."
            )
        sizes = np.full(len(images.dataset.test), np.nan, np.float32)
        trained = in_thread(self._networks.find, images.run, images.epoch, images.dataset)
        guides = in_thread(guide_images, images, trained, self._results.predictions_of(images).predictions.predicted)
        for start in range(0, len(misclassified), IMAGES_PER_TURN):
            indices = misclassified[start : start + IMAGES_PER_TURN]
            self._results.images(images.run.id, images.epoch)  # raises if the run was deleted meanwhile
            with self._turns:
                sizes[indices] = in_thread(_sizes_of, images, trained, indices, guides)
        # Cache the sizes only if they are final: the weights of this epoch, or the nearest weights of an ended run.
        if images.run.status in ENDED or trained.weights_epoch == images.epoch:
            self._cache.put((images.run.id, images.epoch, images.version), sizes, sizes.nbytes)
            in_thread(_write, self._path(images), sizes, _checksum(trained, misclassified))
        return sizes

    def _path(self, images: EpochImages) -> Path:
        return self._networks.files(images.run).counterfactual_sizes(images.epoch)

    def _read(self, images: EpochImages, misclassified: IndexArray) -> Sizes | None:
        try:
            trained = self._networks.find(images.run, images.epoch, images.dataset)
            content = read_arrays(self._path(images), 8 * (len(images.dataset.test) + 1), ("sizes", "made_from"))
            sizes, checksum = np.asarray(content["sizes"], np.float32), int(content["made_from"])
        except Exception:  # a damaged file raises errors of many kinds; it is then replaced
            return None
        is_valid = checksum == _checksum(trained, misclassified) and sizes.shape == (len(images.dataset.test),)
        return sizes if is_valid else None


def _sizes_of(images: EpochImages, trained: TrainedNetwork, indices: IndexArray, guides: Float64Array) -> Sizes:
    test = images.dataset.test
    pixels = trained.crop(test.take(indices)) / trained.pixel_max
    labels = test.labels[indices].astype(np.intp)
    return counterfactual_sizes(trained.network, trained.pixel_scaling, pixels, labels, guides).astype(np.float32)


def guide_images(images: EpochImages, trained: TrainedNetwork, predicted: NDArray[np.uint8]) -> Float64Array:
    """Return a few test images (n_guides, n_features) of each predicted class, with pixels in 0…1.

    `predicted` (n_images,) are the predicted classes of all test images. Searches for counterfactuals also begin on the
    lines to these images.
    """
    rows = [np.flatnonzero(predicted == each)[:N_GUIDES] for each in range(images.dataset.n_classes)]
    return np.asarray(trained.crop(images.dataset.test.take(np.concatenate(rows))) / trained.pixel_max)


def _write(path: Path, sizes: Sizes, checksum: int) -> None:
    with suppress(OSError), replace_atomically(path) as file:  # if the disk is full, the sizes are computed again later
        np.savez_compressed(file, allow_pickle=False, sizes=sizes, made_from=np.array(checksum))


def _checksum(trained: TrainedNetwork, misclassified: IndexArray) -> int:
    return zlib.crc32(bytes([SEARCH_VERSION]) + misclassified.astype("<u4").tobytes(), trained.checksum)
