"""Images of signed values with one byte per pixel, for the JSON that the server sends to pages."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

LARGEST_LEVEL = 127


@dataclass(frozen=True, slots=True, eq=False)
class SignedImage:
    """A signed value for each pixel, approximately `levels` / 127 · `scale`. `levels` is int8 (n_features,)."""

    levels: NDArray[np.int8]
    scale: float

    @classmethod
    def from_values(cls, values: NDArray[np.floating[Any]], scale: float | None = None) -> Self:
        """Return the image of `values` (n_features,). Without `scale`, the scale is the largest magnitude.

        NaN becomes 0. An infinite value becomes the largest or smallest level.
        """
        finite_values = np.nan_to_num(np.asarray(values, np.float64))
        chosen = float(np.abs(finite_values).max(initial=0.0)) if scale is None else scale
        levels = np.round(np.clip(finite_values / (chosen or 1.0), -1, 1) * LARGEST_LEVEL)
        return cls(levels.astype(np.int8), chosen)

    def encoded(self) -> str:
        """Return the levels in base64."""
        return base64.b64encode(self.levels.tobytes()).decode()
