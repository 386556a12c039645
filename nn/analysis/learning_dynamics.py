"""When the network learned each image, whether it kept it, and which images it never got right."""

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
BITS_AT_ONCE = 1 << 21  # unpacked, a byte each


class Kind(StrEnum):
    """How an image fared over the epochs 1…e; every image is exactly one kind, the first of these that it fits.

    The idea and the word forgotten are those of Toneva et al. (2019), "An Empirical Study of Example Forgetting during
    Deep Neural Network Learning". The second half are the epochs greater than e/2; an answer changes in an epoch when
    it is right and was wrong in the epoch before, or the other way round.
    """

    NEVER = "never"  # wrong in every epoch
    FLICKERING = "flickering"  # the answer changed at least 4 times, at least 2 of them in the second half
    FORGOTTEN = "forgotten"  # wrong in epoch e
    LATE = "late"  # right without a break since an epoch of the second half that is not the first
    EARLY = "early"  # right without a break since before


KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True, eq=False)
class Learning:
    """How every image stands after one epoch.

    `kinds` is uint8 (n_images,), a place in KINDS. `learned_epochs` is int32 (n_images,): the first epoch of the
    unbroken right answers that reach this one, 0 where the answer is wrong.
    """

    kinds: NDArray[np.uint8]
    learned_epochs: NDArray[np.int32]

    def are(self, kind: Kind) -> NDArray[np.bool_]:
        """Which images are of this kind, (n_images,)."""
        found: NDArray[np.bool_] = self.kinds == KINDS.index(kind)
        return found

    def counts(self) -> dict[str, int]:
        """How many images are of each kind."""
        counted = Counter(self.kinds.tolist())
        return {kind.value: counted[place] for place, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True, eq=False)
class LearningDynamics:
    """Whether the answer was right, a bit for each epoch and image: `bits` is uint8 (n_epochs, ⌈n_images/8⌉)."""

    n_images: int
    bits: NDArray[np.uint8]

    @classmethod
    def empty(cls, n_images: int) -> Self:
        """A history without epochs."""
        return cls(n_images, np.empty((0, (n_images + 7) // 8), np.uint8))

    @property
    def n_epochs(self) -> int:
        """How many epochs are known."""
        return len(self.bits)

    def extended(self, parts: Iterable[NDArray[np.bool_]]) -> Self:
        """The same with more epochs, of which each part (n_epochs, n_images) tells whether the answers were right."""
        packed = [np.packbits(part, axis=1) for part in parts]
        return type(self)(self.n_images, np.concatenate([self.bits, *packed]))

    def at(self, epoch: int) -> Learning:
        """How every image stands after `epoch`. Raises IndexError where that is not known."""
        if not 1 <= epoch <= self.n_epochs:
            raise IndexError(f"there is no epoch {epoch}; the last is {self.n_epochs}")
        bits = self.bits[:epoch]
        changed = bits[1:] ^ bits[:-1]  # row k is the change in epoch k + 2
        streaks = self._counts(np.bitwise_and.accumulate(bits[::-1], axis=0))
        learned = np.where(streaks > 0, epoch - streaks + 1, 0)
        is_late = (learned > epoch / 2) & (learned > 1)
        flickers = (self._counts(changed) >= CHANGES_OF_FLICKERING) & (
            self._counts(changed[max(0, epoch // 2 - 1) :]) >= LATE_CHANGES_OF_FLICKERING
        )
        never = ~self._unpacked(np.bitwise_or.reduce(bits, axis=0, keepdims=True))[0].astype(bool)
        places = [KINDS.index(kind) for kind in (Kind.NEVER, Kind.FLICKERING, Kind.FORGOTTEN, Kind.LATE)]
        kinds = np.select([never, flickers, streaks == 0, is_late], places, KINDS.index(Kind.EARLY))
        return Learning(kinds.astype(np.uint8), learned.astype(np.int32))

    def _counts(self, bits: NDArray[np.uint8]) -> NDArray[np.int64]:
        """How many of the rows have each image's bit, (n_images,); a part of the rows is unpacked at a time."""
        counts = np.zeros(self.n_images, np.int64)
        n_rows = max(1, BITS_AT_ONCE // max(1, self.n_images))
        for start in range(0, len(bits), n_rows):
            counts += self._unpacked(bits[start : start + n_rows]).sum(axis=0, dtype=np.int64)
        return counts

    def _unpacked(self, bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.unpackbits(bits, axis=1, count=self.n_images)
