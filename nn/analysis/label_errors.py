"""Detection of probable label errors (label suspects)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import PredictionScores


def find_label_errors(scores: PredictionScores) -> NDArray[np.bool_]:
    """Return a mask (n_images,) of the images that the network confidently assigns to a class other than their label.

    An image labelled i is suspect when class j ≠ i is predicted and its output is at least t_j, the mean output of j
    over the images that are labelled j. This is the threshold of confident learning (Northcutt, Jiang and Chuang 2021,
    "Confident Learning: Estimating Uncertainty in Dataset Labels", equation 2), which compensates for classes with low
    confidence and for outputs that do not sum to 1. Images with outputs that are not finite are ignored.
    """
    is_known = np.isfinite(scores.confidence)
    n_classes = scores.predictions.log_probabilities.shape[1]
    labels = scores.true_labels[is_known]
    sums = np.bincount(labels, scores.true_probability[is_known], minlength=n_classes)
    counts = np.bincount(labels, minlength=n_classes)
    thresholds = np.full(len(sums), np.inf)
    np.divide(sums, counts, out=thresholds, where=counts > 0)
    found: NDArray[np.bool_] = is_known & ~scores.is_correct & (scores.confidence >= thresholds[scores.predicted])
    return found
