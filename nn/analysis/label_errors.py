"""Images whose label may be the mistake, not the network's answer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import PredictionScores


def find_label_errors(figures: PredictionScores) -> NDArray[np.bool_]:
    """Which images the network confidently takes for another class than their label says, (n_images,).

    An image labelled i is suspect when class j ≠ i is predicted and its output is at least t_j, the mean output of j
    over the images that are labelled j: the network is as sure of it as it usually is of a j. That is the threshold of
    confident learning (Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset
    Labels", equation 2), which makes up for classes that the network is less sure of, and for outputs that do not sum
    to 1. Images whose outputs were not finite count nowhere.
    """
    is_known = np.isfinite(figures.confidence)
    n_classes = figures.predictions.log_probabilities.shape[1]
    labels = figures.true_labels[is_known]
    sums = np.bincount(labels, figures.true_probability[is_known], minlength=n_classes)
    counts = np.bincount(labels, minlength=n_classes)
    thresholds = np.full(len(sums), np.inf)
    np.divide(sums, counts, out=thresholds, where=counts > 0)
    found: NDArray[np.bool_] = is_known & ~figures.is_right & (figures.confidence >= thresholds[figures.predicted])
    return found
