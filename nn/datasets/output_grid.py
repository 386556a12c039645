"""The inputs at which a network on a table is plotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

OutputGridKind = Literal["boundary", "curve", "scatter"]


@dataclass(frozen=True, slots=True, eq=False)
class OutputGrid:
    """Inputs at which the outputs of a network are plotted.

    boundary: the outputs over the plane of two inputs, with `axes` x and y; curve: the output over one variable, with
    one axis, x; scatter: predictions against targets of the training examples, without axes. `inputs`
    (n_points, n_features) are the grid points, row by row, followed by the training examples.
    """

    kind: OutputGridKind
    axes: tuple[NDArray[np.float64], ...]
    inputs: NDArray[np.float64]

    @property
    def n_drawn(self) -> int:
        """Number of grid points, without the training examples."""
        return int(np.prod([len(axis) for axis in self.axes])) if self.axes else 0
