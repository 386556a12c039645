"""What is drawn, instead of pictures that were got wrong, of a network that learns from a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

OutputGridKind = Literal["boundary", "curve", "scatter"]


@dataclass(frozen=True, slots=True, eq=False)
class OutputGrid:
    """Places at which the outputs of a network make a drawing.

    boundary: the outputs over the plane of two inputs, `axes` its x and y; curve: the output over one number, `axes`
    its x; scatter: what is said of the training examples against what is true, without axes. `inputs`
    (n_places, n_features) are the places along the axes, y by y, followed by the training examples.
    """

    kind: OutputGridKind
    axes: tuple[NDArray[np.float64], ...]
    inputs: NDArray[np.float64]

    @property
    def n_drawn(self) -> int:
        """How many of the places are those along the axes."""
        return int(np.prod([len(axis) for axis in self.axes])) if self.axes else 0
