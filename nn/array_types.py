"""The types of the arrays that pass through the network and its explanations."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Labels = NDArray[np.integer[Any]]
Doubles = NDArray[np.float64]
Singles = NDArray[np.float32]
Places = NDArray[np.intp]
