"""Agreement of labels between examples that are close to each other."""

from __future__ import annotations

import numpy as np

from nn.array_types import FloatArray, IndexArray, LabelArray


def nearest_neighbors(queries: FloatArray, references: FloatArray, *, excludes_itself: bool = False) -> IndexArray:
    """Return the index (n_queries,) of the nearest of `references` (n_references, n_features) for each query.

    The distance is Euclidean. With `excludes_itself`, query i is also reference i, and is not its own neighbor.
    """
    # ‖q − r‖² = ‖q‖² − 2 q·r + ‖r‖², where ‖q‖² is the same for all references.
    distances = np.einsum("ij,ij->i", references, references) - 2.0 * (queries @ references.T)
    if excludes_itself:
        np.fill_diagonal(distances, np.inf)
    return np.asarray(distances.argmin(axis=1))


def agreement(labels: LabelArray, neighbor_labels: LabelArray, n_classes: int) -> tuple[float, float]:
    """Return the fraction of examples with the label of their neighbor, and its expected value for permuted labels.

    Both arrays are (n_examples,).
    """
    shares, neighbor_shares = (
        np.bincount(values, minlength=n_classes) / len(values) for values in (labels, neighbor_labels)
    )
    return float(np.mean(labels == neighbor_labels)), float(shares @ neighbor_shares)
