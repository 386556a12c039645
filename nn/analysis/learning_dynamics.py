"""Learning dynamics: when the network learned each image, and which images it forgot or never learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

CHANGES_OF_FLICKERING = 4
LATE_CHANGES_OF_FLICKERING = 2
BITS_PER_CHUNK = 1 << 21  # an unpacked bit takes one byte


class LearningCategory(StrEnum):
    """The category of an image's learning dynamics over the epochs 1…e.

    If several categories apply, the image belongs to the first of them.

    The idea and the term "forgotten" come from Toneva et al. (2019), "An Empirical Study of Example Forgetting during
    Deep Neural Network Learning". The second half of the epochs begins after epoch e/2. A change is an epoch in
    which the prediction becomes correct or becomes incorrect.
    """

    NEVER = "never"  # misclassified in every epoch
    FLICKERING = "flickering"  # at least 4 changes, including at least 2 in the second half
    FORGOTTEN = "forgotten"  # misclassified in epoch e
    LATE = "late"  # correct in all epochs since an epoch in the second half, but not since epoch 1
    EARLY = "early"  # correct in all epochs since epoch 1 or another epoch in the first half


LEARNING_CATEGORIES = tuple(LearningCategory)


@dataclass(frozen=True, slots=True, eq=False)
class LearningSnapshot:
    """The learning dynamics of every image after one epoch.

    `categories`, uint8 (n_images,), contains indices into LEARNING_CATEGORIES. `learned_epochs`, int32 (n_images,),
    contains for each image the first epoch since which all its predictions have been correct. The value is 0 if the
    image is misclassified after the epoch of the snapshot.
    """

    categories: NDArray[np.uint8]
    learned_epochs: NDArray[np.int32]

    def in_category(self, category: LearningCategory) -> NDArray[np.bool_]:
        """Return a mask (n_images,) of the images in this category."""
        found: NDArray[np.bool_] = self.categories == LEARNING_CATEGORIES.index(category)
        return found

    def counts(self) -> dict[str, int]:
        """Return the number of images in each category."""
        counted = Counter(self.categories.tolist())
        return {category.value: counted[index] for index, category in enumerate(LEARNING_CATEGORIES)}


@dataclass(frozen=True, slots=True, eq=False)
class LearningDynamics:
    """A history of correct and incorrect predictions.

    `bits`, uint8 (n_epochs, ⌈n_images/8⌉), contains one bit for each epoch and image: 1 for a correct prediction.
    """

    n_images: int
    bits: NDArray[np.uint8]

    @classmethod
    def empty(cls, n_images: int) -> Self:
        """Return a history without epochs."""
        return cls(n_images, np.empty((0, (n_images + 7) // 8), np.uint8))

    @property
    def n_epochs(self) -> int:
        """The number of epochs."""
        return len(self.bits)

    def extended(self, parts: Iterable[NDArray[np.bool_]]) -> Self:
        """Return this history, extended by the epochs in `parts`.

        Each part, (n_epochs, n_images), is True where a prediction is correct.
        """
        packed = [np.packbits(part, axis=1) for part in parts]
        return type(self)(self.n_images, np.concatenate([self.bits, *packed]))

    def snapshot(self, epoch: int) -> LearningSnapshot:
        """Return the learning dynamics after `epoch`. Raises IndexError for an epoch outside the history."""
        if not 1 <= epoch <= self.n_epochs:
            raise IndexError(f"there is no epoch {epoch}; the last is {self.n_epochs}")
        bits = self.bits[:epoch]
        changed = bits[1:] ^ bits[:-1]  # row k marks the changes in epoch k + 2
        streaks = self._counts(np.bitwise_and.accumulate(bits[::-1], axis=0))
        learned = np.where(streaks > 0, epoch - streaks + 1, 0)
        is_late = (learned > epoch / 2) & (learned > 1)
        flickers = (self._counts(changed) >= CHANGES_OF_FLICKERING) & (
            self._counts(changed[max(0, epoch // 2 - 1) :]) >= LATE_CHANGES_OF_FLICKERING
        )
        never = ~self._unpacked(np.bitwise_or.reduce(bits, axis=0, keepdims=True))[0].astype(bool)
        indices = [
            LEARNING_CATEGORIES.index(category)
            for category in (
                LearningCategory.NEVER,
                LearningCategory.FLICKERING,
                LearningCategory.FORGOTTEN,
                LearningCategory.LATE,
            )
        ]
        categories = np.select(
            [never, flickers, streaks == 0, is_late], indices, LEARNING_CATEGORIES.index(LearningCategory.EARLY)
        )
        return LearningSnapshot(categories.astype(np.uint8), learned.astype(np.int32))

    def _counts(self, bits: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Return, for each image, the number (n_images,) of rows in which its bit is 1.

        To limit the use of memory, the method unpacks one chunk of rows at a time.
        """
        counts = np.zeros(self.n_images, np.int64)
        n_rows = max(1, BITS_PER_CHUNK // max(1, self.n_images))
        for start in range(0, len(bits), n_rows):
            counts += self._unpacked(bits[start : start + n_rows]).sum(axis=0, dtype=np.int64)
        return counts

    def _unpacked(self, bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.unpackbits(bits, axis=1, count=self.n_images)
