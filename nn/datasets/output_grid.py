"""Output grids: the inputs at which the outputs of a network that learns from a table are plotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

OutputPlot = Literal["boundary", "curve", "scatter"]


@dataclass(frozen=True, slots=True, eq=False)
class OutputGrid:
    """The inputs at which the outputs of a network are plotted.

    The plot of a decision boundary shows the outputs over the plane of two inputs; its `axes` are x and y. A curve
    shows the output over one variable; its only axis is x. A scatter plot shows predictions against the targets of the
    training examples; its `axes` are empty. `inputs` (n_points, n_features) are the grid points, row by row, followed
    by the training examples.
    """

    axes: tuple[NDArray[np.float64], ...]
    inputs: NDArray[np.float64]

    @property
    def n_drawn(self) -> int:
        """Number of grid points, without the training examples."""
        return int(np.prod([len(axis) for axis in self.axes])) if self.axes else 0
