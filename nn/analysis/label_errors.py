"""Detection of probable label errors (label suspects) by the agreement of several sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class LabelErrors:
    """The class that the sources suggest for each image, and the score of a label error.

    `suggested`, uint8 (n_images,), is the most probable class. `scores`, float64 (n_images,), is the probability of
    this class minus the probability of the label: 0 if the sources agree with the label, 1 if none of them considers
    the label possible. The score is NaN if no source knows the image.
    """

    suggested: NDArray[np.uint8]
    scores: NDArray[np.float64]


def find_label_errors(labels: NDArray[np.uint8], sources: Sequence[NDArray[np.float64]]) -> LabelErrors:
    """Compare `labels` (n_images,) with the mean of the class probabilities of all sources.

    Each source is an array (n_images, n_classes): the outputs of a network, or the fractions of an image's neighbors in
    each class. The agreement of independent sources is more reliable than the confidence of one network
    (`python tasks.py bench label_errors`).
    """
    means = mean_probabilities(sources)
    rows = np.arange(len(labels))
    suggested = means.argmax(axis=1)
    return LabelErrors(suggested.astype(np.uint8), means[rows, suggested] - means[rows, labels])


def mean_probabilities(sources: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the mean of arrays (n_images, n_classes) whose rows are first scaled to sum to 1.

    A row is left out of the mean if it contains a value that is not finite, or no positive value. If all rows of an
    image are left out, its mean is NaN.
    """
    total = np.zeros(sources[0].shape, np.float64)
    n_known = np.zeros((len(total), 1), np.float64)
    for source in sources:
        sums = source.sum(axis=1, keepdims=True)
        is_known = np.isfinite(sums) & (sums > 0)
        np.add(total, source / np.where(is_known, sums, 1), out=total, where=is_known)
        n_known += is_known
    means = np.full_like(total, np.nan)
    return np.divide(total, n_known, out=means, where=n_known > 0)
