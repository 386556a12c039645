"""Rounding of a changed image to whole gray levels, so that it keeps its class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.explanations.class_gaps import Gaps

WHITE = 255
GUIDE_FRACTIONS = np.linspace(0.1, 1.0, 10)
OVERSHOOTS = np.array([1.0, 1.001, 1.003, 1.01, 1.02, 1.05, 1.1, 1.2, 1.4, 2.0])
MAX_LEVEL_STEPS = 40
N_PIXELS_TRIED = 32


def in_gray_levels(
    gaps: Gaps, image: Float64Array, pixels: Float64Array, label: int, guides: Float64Array
) -> NDArray[np.uint8] | None:
    """Return an image in gray levels 0…255, near `pixels` (n_features,), that is classified as `label`.

    The candidates are increasing multiples of the change from `image` to `pixels`, changes of one pixel at a time by
    one level, which help even if the whole change is less than a level, and points on the lines from `pixels` to
    `guides` (n_guides, n_features). The result is the candidate nearest to `image`, or None if none has the label.
    """
    multiples = _levels(image + OVERSHOOTS[:, np.newaxis] * (pixels - image))
    toward_guides = _levels(pixels + np.multiply.outer(GUIDE_FRACTIONS, guides - pixels)).reshape(-1, len(pixels))
    candidates = np.concatenate([multiples, *_single_level_steps(gaps, multiples[0], label), toward_guides])
    candidates = candidates[gaps.predicted(candidates / WHITE) == label]
    if not len(candidates):
        return None
    distances = np.linalg.norm(candidates / WHITE - image, axis=1)
    return np.asarray(candidates[distances.argmin()].astype(np.uint8))


def _levels(pixels: Float64Array) -> Float64Array:
    return np.asarray(np.round(np.clip(pixels, 0.0, 1.0) * WHITE))


def _single_level_steps(gaps: Gaps, levels: Float64Array, label: int) -> list[Float64Array]:
    """Return the images (n, n_features) that the last of the steps from `levels` (n_features,) tries.

    Each step tries to change one of the pixels with the largest gradients by one level. If none of these images has the
    label, it continues with the one whose largest gap is smallest.
    """
    target = np.array([label])
    for _ in range(MAX_LEVEL_STEPS):
        current = gaps.at(levels[np.newaxis] / WHITE, target)
        if current.max() < 0.0:
            return []
        slopes = gaps.gradients(levels[np.newaxis] / WHITE, target, [current.argmax(axis=1)])[0, 0]
        can_change = np.where(slopes > 0.0, levels > 0, levels < WHITE) & (slopes != 0.0)
        changed = np.argsort(-np.abs(slopes) * can_change, kind="stable")[: min(N_PIXELS_TRIED, can_change.sum())]
        if not changed.size:
            return []
        tried = np.repeat(levels[np.newaxis], len(changed), axis=0)
        tried[np.arange(len(changed)), changed] -= np.sign(slopes[changed])
        largest = gaps.at(tried / WHITE, np.full(len(tried), label)).max(axis=1)
        if largest.min() < 0.0:
            return [tried]
        levels = tried[largest.argmin()]
    return []
