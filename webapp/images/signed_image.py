"""Signed numbers of pixels in a byte each, as they travel to a page."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

LARGEST_LEVEL = 127


@dataclass(frozen=True, slots=True, eq=False)
class SignedImage:
    """A number for each pixel, about level / 127 · scale: `levels` is int8 (n_features,)."""

    levels: NDArray[np.int8]
    scale: float

    @classmethod
    def of(cls, values: NDArray[np.floating[Any]], scale: float | None = None) -> Self:
        """The picture of `values` (n_features,), whose largest magnitude is the scale unless another is given.

        A number that is not finite becomes 0, or the end of the scale that it is beyond.
        """
        known = np.nan_to_num(np.asarray(values, np.float64))
        chosen = float(np.abs(known).max(initial=0.0)) if scale is None else scale
        levels = np.round(np.clip(known / (chosen or 1.0), -1, 1) * LARGEST_LEVEL)
        return cls(levels.astype(np.int8), chosen)

    @property
    def values(self) -> NDArray[np.float64]:
        """The numbers, as far as the levels tell them."""
        return self.levels.astype(np.float64) * (self.scale / LARGEST_LEVEL)

    def encoded(self) -> str:
        """The levels in base64."""
        return base64.b64encode(self.levels.tobytes()).decode()
