"""Detection of probable label errors (label suspects)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import PredictionScores


def find_label_errors(scores: PredictionScores) -> NDArray[np.bool_]:
    """Return a mask (n_images,) of the images that the network confidently assigns to a class other than their label.

    An image with label i is suspect if the predicted class j differs from i and the output of j is at least the
    threshold t_j. This threshold is the mean output of j over all images with label j (Northcutt, Jiang and Chuang
    2021, "Confident Learning: Estimating Uncertainty in Dataset Labels", equation 2). It compensates for classes with
    low confidence and for outputs that do not sum to 1. An image is ignored if one of its outputs is not finite.
    """
    is_known = np.isfinite(scores.confidence)
    n_classes = scores.predictions.log_odds.shape[1]
    labels = scores.true_labels[is_known]
    sums = np.bincount(labels, scores.true_probability[is_known], minlength=n_classes)
    counts = np.bincount(labels, minlength=n_classes)
    thresholds = np.full(len(sums), np.inf)
    np.divide(sums, counts, out=thresholds, where=counts > 0)
    found: NDArray[np.bool_] = is_known & ~scores.is_correct & (scores.confidence >= thresholds[scores.predicted])
    return found
