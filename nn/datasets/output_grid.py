"""Output grids: the inputs at which a network on a table is plotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

OutputPlot = Literal["boundary", "curve", "scatter"]


@dataclass(frozen=True, slots=True, eq=False)
class OutputGrid:
    """Inputs at which the outputs of a network are plotted.

    `axes` are x and y for a decision boundary, the outputs over the plane of two inputs; x for a curve, the output over
    one variable; and none for a scatter plot of predictions against the targets of the training examples. `inputs`
    (n_points, n_features) are the grid points, row by row, followed by the training examples.
    """

    axes: tuple[NDArray[np.float64], ...]
    inputs: NDArray[np.float64]

    @property
    def n_drawn(self) -> int:
        """Number of grid points, without the training examples."""
        return int(np.prod([len(axis) for axis in self.axes])) if self.axes else 0
