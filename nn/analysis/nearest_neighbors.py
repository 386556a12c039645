"""Nearest neighbors among examples, by the Euclidean distance of their inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def nearest_neighbors(
    queries: NDArray[np.floating[Any]], references: NDArray[np.floating[Any]], *, excludes_itself: bool = False
) -> NDArray[np.intp]:
    """Return the index (n_queries,) of the nearest of `references` (n_references, n_features) for each query.

    With `excludes_itself`, query i is also reference i, and is not its own neighbor.
    """
    # ‖q − r‖² = ‖q‖² − 2 q·r + ‖r‖², where ‖q‖² is the same for all references.
    distances = queries @ references.T
    np.multiply(distances, -2, out=distances)
    np.add(distances, np.einsum("ij,ij->i", references, references), out=distances)
    if excludes_itself:
        np.fill_diagonal(distances, np.inf)
    return np.asarray(distances.argmin(axis=1))
