"""The minimal L2 counterfactual: the nearest image that is classified as the target class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array, IndexArray
from nn.explanations.boundary_search import BoundarySearch, Gaps, PixelScaling
from nn.explanations.forward_pass import Float64Network
from nn.parallel.blas_threads import limit_blas_to_one_thread

__all__ = ["Counterfactual", "PixelScaling", "counterfactual_sizes", "minimal_counterfactual"]

WHITE = 255
OVERSHOOTS = np.array([1.0, 1.001, 1.003, 1.01, 1.02, 1.05, 1.1, 1.2, 1.4, 2.0])
LEADS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
GUIDE_FRACTIONS = np.linspace(0.1, 1.0, 10)
LINE_FRACTIONS = np.linspace(0.0, 1.0, 17)[1:]
N_BISECTIONS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Counterfactual:
    """The change of an image after which it is classified as the target class.

    `change` (n_features,) is the change of each pixel, where 1 is the difference between black and white. `size` is the
    Euclidean norm of `change`. With exactly this change, the logit of the target class is slightly larger than all
    other logits.

    `image`, uint8 (n_features,), is the changed image in whole gray levels. For every data set, the levels are 0
    (black) to 255 (white). If the rounded image would have another class, `image` contains a slightly larger change.
    """

    change: Float64Array
    size: float
    image: NDArray[np.uint8]


@np.errstate(all="ignore")
def minimal_counterfactual(
    network: Float64Network, scaling: PixelScaling, image: Float64Array, label: int, guides: Iterable[Float64Array] = ()
) -> Counterfactual | None:
    """Return the smallest change after which `image` (n_features,) is classified as `label`.

    The changed pixels stay within 0…1. The size of a change is its Euclidean norm. The problem is not convex, so the
    search begins at several points, and the result is the smallest local solution. One of these points is the image
    itself. Each other point is on the line from the image to a guide, where the class changes to `label`.

    `guides` are images (n_features,) of the class, such as the nearest test images. Guides that are not classified
    as `label` are ignored.

    The size is 0 if the image is already classified as `label`. Returns None if no counterfactual is found. This
    happens if the network predicts the same class for all images, has diverged, or classifies no nearby image in whole
    gray levels as `label`.
    """
    search = BoundarySearch(network, scaling)
    candidates = np.array([image, *guides], np.float64)
    labels = np.full(len(candidates), label)
    with limit_blas_to_one_thread():
        predicted = search.gaps.predicted(candidates)
        helpful = 1 + np.flatnonzero(predicted[1:] == label)
        pixels, size = candidates[0], 0.0
        if predicted[0] == -1:
            return None
        if predicted[0] != label:
            images = np.repeat(candidates[:1], 1 + len(helpful), axis=0)
            starts = images.copy()
            starts[1:] = _crossings(search.gaps, images[1:], labels[helpful], candidates[helpful])
            found, sizes = search.run(images, labels[: len(starts)], starts)
            pixels, size = found[sizes.argmin()], float(sizes.min())
        if not np.isfinite(size):
            return None
        attempts = chain(
            [_with_larger_changes(candidates[0], pixels)],
            _with_larger_leads(network, scaling, candidates[0], pixels, label),
            [_toward_guides(pixels, candidates[helpful])],
        )
        rounded_images = (_first_rounded(search.gaps, images, label) for images in attempts)
        rounded = next((image for image in rounded_images if image is not None), None)
    return None if rounded is None else Counterfactual(pixels - candidates[0], size, rounded)


@np.errstate(all="ignore")
def counterfactual_sizes(
    network: Float64Network,
    scaling: PixelScaling,
    images: Float64Array,
    labels: IndexArray,
    guides: Iterable[Float64Array] = (),
) -> Float64Array:
    """Return the sizes (n,) of the smallest changes after which `images` are classified as `labels` (n,).

    `images` are (n, n_features), with pixels in 0…1.

    The function searches like `minimal_counterfactual`, but from the image only. If this search fails, a second search
    begins on the line from the image to the nearest of `guides` and `images` that is classified as the label. A size is
    0 if the image is already classified as the label, and NaN if no change was found.
    """
    search = BoundarySearch(network, scaling)
    images, labels = np.asarray(images, np.float64), np.asarray(labels, np.intp)
    with limit_blas_to_one_thread():
        predicted = search.gaps.predicted(images)
        sizes = np.where(predicted == labels, 0.0, np.inf)
        misclassified = np.flatnonzero((predicted != labels) & (predicted != -1))
        _, sizes[misclassified] = search.run(images[misclassified], labels[misclassified], images[misclassified])
        failed = misclassified[np.isinf(sizes[misclassified])]
        if failed.size:
            helpful = np.concatenate([np.reshape([*guides], (-1, images.shape[1])), images])
            nearest = _nearest_of_class(images[failed], labels[failed], helpful, search.gaps.predicted(helpful))
            failed, nearest = failed[nearest >= 0], nearest[nearest >= 0]
            starts = _crossings(search.gaps, images[failed], labels[failed], helpful[nearest])
            _, sizes[failed] = search.run(images[failed], labels[failed], starts)
    return np.where(np.isfinite(sizes), sizes, np.nan)


def _crossings(gaps: Gaps, images: Float64Array, labels: IndexArray, guides: Float64Array) -> Float64Array:
    """Return, for each image, the first point on the line to its guide that is classified as the label.

    Sampling finds an interval that contains the point, and bisection narrows this interval.
    """

    def has_label(fractions: Float64Array) -> NDArray[np.bool_]:
        return np.equal(gaps.predicted(images + fractions[:, np.newaxis] * (guides - images)), labels)

    samples = np.stack([has_label(np.full(len(images), fraction)) for fraction in LINE_FRACTIONS])
    inside = np.where(samples.any(axis=0), LINE_FRACTIONS[samples.argmax(axis=0)], 1.0)
    outside = inside - LINE_FRACTIONS[0]
    for _ in range(N_BISECTIONS):
        middle = 0.5 * (outside + inside)
        is_inside = has_label(middle)
        inside, outside = np.where(is_inside, middle, inside), np.where(is_inside, outside, middle)
    return images + inside[:, np.newaxis] * (guides - images)


def _nearest_of_class(
    images: Float64Array, labels: IndexArray, others: Float64Array, classes: IndexArray
) -> IndexArray:
    """Return, for each image, the index of the nearest of `others` that has the class in `labels`.

    `classes` are the classes of `others`. An index is −1 if none of `others` has the class.
    """
    squares = np.square(others).sum(axis=1) - 2.0 * images @ others.T
    squares[labels[:, np.newaxis] != classes] = np.inf
    nearest = squares.argmin(axis=1)
    return np.where(np.isfinite(squares[np.arange(len(images)), nearest]), nearest, -1)


def _with_larger_changes(image: Float64Array, pixels: Float64Array) -> Float64Array:
    """Return images (n, n_features) with increasing multiples of the change from `image` to `pixels`."""
    return np.clip(image + OVERSHOOTS[:, np.newaxis] * (pixels - image), 0.0, 1.0)


def _with_larger_leads(
    network: Float64Network, scaling: PixelScaling, image: Float64Array, pixels: Float64Array, label: int
) -> Iterator[Float64Array]:
    """Yield images (1, n_features) in which the logit of `label` exceeds the other logits by an increasing lead.

    The leads are fractions of the initial gap. These images help if a larger change in the same direction would cross
    the boundary of another class.
    """
    images, labels = image[np.newaxis], np.array([label])
    initial_gap = max(float(Gaps(network, scaling).at(images, labels).max()), 0.0)
    for fraction in LEADS:
        yield BoundarySearch(network, scaling, fraction * initial_gap).run(images, labels, pixels[np.newaxis])[0]


def _toward_guides(pixels: Float64Array, guides: Float64Array) -> Float64Array:
    """Return images (n, n_features) on the lines from `pixels` to the guides."""
    images = [pixels + fraction * (guide - pixels) for fraction in GUIDE_FRACTIONS for guide in guides]
    return np.reshape(images, (-1, len(pixels)))


def _first_rounded(gaps: Gaps, images: Float64Array, label: int) -> NDArray[np.uint8] | None:
    """Round `images` (n, n_features) to gray levels. Return the first that is classified as `label`, or None."""
    levels = np.round(images * WHITE)
    matching = np.flatnonzero(gaps.predicted(levels / WHITE) == label)
    return levels[matching[0]].astype(np.uint8) if matching.size else None
