"""Whether the network is as often right as it says that it is sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn.analysis.predictions import PredictionScores

N_BINS = 10
N_THRESHOLDS = 101


@dataclass(frozen=True, slots=True)
class Bin:
    """The images whose confidence is in (lower, upper], with 0 in the first bin: their number and their means.

    `None` where there are none.
    """

    lower: float
    upper: float
    images: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Threshold:
    """What is left when only answers of at least this confidence count: their share, and how many are right."""

    threshold: float
    coverage: float
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """Confidence against accuracy over all images.

    `expected_calibration_error` is Σ |B|/n · |accuracy(B) − confidence(B)| over the bins B (Guo, Pleiss, Sun and
    Weinberger 2017, "On Calibration of Modern Neural Networks", equation 3). Images whose outputs were not finite have
    no confidence: they are in no bin and count as covered by no threshold; the error is `None` where all are so.
    """

    images: int
    accuracy: float | None
    expected_calibration_error: float | None
    bins: tuple[Bin, ...]
    thresholds: tuple[Threshold, ...]


def calibration(figures: PredictionScores) -> Calibration:
    """Compare confidence and accuracy in 10 bins of equal width, and at each threshold 0, 0.01 … 1."""
    is_known = np.isfinite(figures.confidence)
    confidence = figures.confidence[is_known].astype(np.float64)
    is_right = figures.is_right[is_known]
    bins = _bins(confidence, is_right)
    gaps = [
        b.images * abs(b.accuracy - b.confidence) for b in bins if b.accuracy is not None and b.confidence is not None
    ]
    return Calibration(
        images=len(figures),
        accuracy=_ratio(int(figures.is_right.sum()), len(figures)),
        expected_calibration_error=_ratio(sum(gaps), len(confidence)),
        bins=bins,
        thresholds=_thresholds(confidence, is_right, len(figures)),
    )


def _bins(confidence: NDArray[np.float64], is_right: NDArray[np.bool_]) -> tuple[Bin, ...]:
    edges = np.arange(N_BINS + 1) / N_BINS
    places = np.searchsorted(edges[1:-1], confidence, side="left")
    images = np.bincount(places, minlength=N_BINS).tolist()
    sure = np.bincount(places, confidence, minlength=N_BINS).tolist()
    right = np.bincount(places, is_right, minlength=N_BINS).tolist()
    return tuple(
        Bin(lower, upper, n, _ratio(total, n), _ratio(correct, n))
        for lower, upper, n, total, correct in zip(
            edges[:-1].tolist(), edges[1:].tolist(), images, sure, right, strict=True
        )
    )


def _thresholds(confidence: NDArray[np.float64], is_right: NDArray[np.bool_], n_images: int) -> tuple[Threshold, ...]:
    steps = np.arange(N_THRESHOLDS) / (N_THRESHOLDS - 1)
    order = np.argsort(confidence)
    # How many of the surest images are right: the number of images at and above each place.
    right_above = np.append(np.cumsum(is_right[order][::-1])[::-1], 0)
    first = np.searchsorted(confidence[order], steps, side="left")
    covered = len(confidence) - first
    return tuple(
        Threshold(step, _ratio(n, n_images) or 0.0, _ratio(right, n))
        for step, n, right in zip(steps.tolist(), covered.tolist(), right_above[first].tolist(), strict=True)
    )


def _ratio(part: float, whole: int) -> float | None:
    return part / whole if whole else None
