"""Agreement of labels between examples that are close to each other."""

from __future__ import annotations

import numpy as np

from nn.array_types import LabelArray


def agreement(labels: LabelArray, neighbor_labels: LabelArray, n_classes: int) -> tuple[float, float]:
    """Return the fraction of examples with the label of their neighbor, and its expected value for permuted labels.

    Both arrays are (n_examples,).
    """
    shares, neighbor_shares = (
        np.bincount(values, minlength=n_classes) / len(values) for values in (labels, neighbor_labels)
    )
    return float(np.mean(labels == neighbor_labels)), float(shares @ neighbor_shares)
