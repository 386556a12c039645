"""Calibration: a comparison of confidence with accuracy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import PredictionScores

N_BINS = 10
N_THRESHOLDS = 101


@dataclass(frozen=True, slots=True)
class Bin:
    """The images whose confidence is in the interval (lower, upper]; the first bin also includes 0.

    `confidence` and `accuracy` are means over the images of the bin, or `None` if the bin is empty.
    """

    lower: float
    upper: float
    images: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Threshold:
    """The coverage and the accuracy at one confidence threshold.

    `coverage` is the fraction of images whose confidence is at least `threshold`. `accuracy` is the accuracy on these
    images.
    """

    threshold: float
    coverage: float
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """A comparison of confidence with accuracy over all images.

    `expected_calibration_error` is Σ |B|/n · |accuracy(B) − confidence(B)| over the bins B. Here, |B| is the number of
    images in B, and n is the number of images in all bins. The formula is equation 3 of Guo, Pleiss, Sun and Weinberger
    2017, "On Calibration of Modern Neural Networks". An image has no confidence if one of its outputs is not finite;
    such an image belongs to no bin and reaches no threshold. `expected_calibration_error` is None if no image has a
    confidence.
    """

    images: int
    accuracy: float | None
    expected_calibration_error: float | None
    bins: tuple[Bin, ...]
    thresholds: tuple[Threshold, ...]


def compute_calibration(scores: PredictionScores) -> Calibration:
    """Compare confidence and accuracy in 10 bins of equal width, and at the 101 thresholds 0, 0.01, …, 1."""
    is_known = np.isfinite(scores.confidence)
    confidence = scores.confidence[is_known]
    is_correct = scores.is_correct[is_known]
    bins = _bins(confidence, is_correct)
    gaps = [
        b.images * abs(b.accuracy - b.confidence) for b in bins if b.accuracy is not None and b.confidence is not None
    ]
    return Calibration(
        images=len(scores),
        accuracy=_ratio(int(scores.is_correct.sum()), len(scores)),
        expected_calibration_error=_ratio(sum(gaps), len(confidence)),
        bins=bins,
        thresholds=_thresholds(confidence, is_correct, len(scores)),
    )


def _bins(confidence: NDArray[np.float64], is_correct: NDArray[np.bool_]) -> tuple[Bin, ...]:
    edges = np.arange(N_BINS + 1) / N_BINS
    bin_indices = np.searchsorted(edges[1:-1], confidence, side="left")
    images = np.bincount(bin_indices, minlength=N_BINS).tolist()
    confidence_sums = np.bincount(bin_indices, confidence, minlength=N_BINS).tolist()
    n_correct = np.bincount(bin_indices, is_correct, minlength=N_BINS).tolist()
    return tuple(
        Bin(lower, upper, n, _ratio(total, n), _ratio(correct, n))
        for lower, upper, n, total, correct in zip(
            edges[:-1].tolist(), edges[1:].tolist(), images, confidence_sums, n_correct, strict=True
        )
    )


def _thresholds(confidence: NDArray[np.float64], is_correct: NDArray[np.bool_], n_images: int) -> tuple[Threshold, ...]:
    steps = np.arange(N_THRESHOLDS) / (N_THRESHOLDS - 1)
    order = np.argsort(confidence)
    # correct_above[k] is the number of correct predictions among all images except the k least confident ones.
    correct_above = np.append(np.cumsum(is_correct[order][::-1])[::-1], 0)
    first = np.searchsorted(confidence[order], steps, side="left")
    covered = len(confidence) - first
    return tuple(
        Threshold(step, _ratio(n, n_images) or 0.0, _ratio(n_correct, n))
        for step, n, n_correct in zip(steps.tolist(), covered.tolist(), correct_above[first].tolist(), strict=True)
    )


def _ratio(part: float, whole: int) -> float | None:
    return part / whole if whole else None
