"""The minimal L2 counterfactual: the nearest image that is classified as the target class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array, IndexArray
from nn.explanations.class_gaps import PixelScaling
from nn.explanations.forward_pass import Float64Network
from nn.explanations.gray_levels import in_gray_levels
from nn.explanations.multistart_search import MultistartSearch
from nn.parallel.blas_threads import limit_blas_to_one_thread

__all__ = ["Counterfactual", "PixelScaling", "counterfactual_sizes", "minimal_counterfactual"]


@dataclass(frozen=True, slots=True, eq=False)
class Counterfactual:
    """A change of an image after which it is classified as the target class.

    `change` (n_features,) is the change of each pixel, where 1 is the difference between black and white. `size` is the
    Euclidean norm of `change`, and an upper bound of the size of the smallest change. With exactly this change, the
    logit of the target class is slightly larger than all other logits.

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
    """Return the smallest change found after which `image` (n_features,) is classified as `label`.

    The changed pixels stay within 0…1. The size of a change is its Euclidean norm. The problem is not convex, so the
    search has many starting points (see `MultistartSearch`), and a smaller change may exist.

    `guides` are images (n_features,) such as some test images of the class. Guides that are not classified as `label`
    are ignored.

    The size is 0 if the image is already classified as `label`. Returns None if no counterfactual is found. This
    happens if the network predicts the same class for all images, has diverged, or classifies no nearby image in whole
    gray levels as `label`.
    """
    image = np.asarray(image, np.float64)
    with limit_blas_to_one_thread():
        search = MultistartSearch(network, scaling, guides)
        points, sizes = _nearest_points(search, image[np.newaxis], np.array([label]))
        if not np.isfinite(sizes[0]):
            return None
        gray = in_gray_levels(search.gaps, image, points[0], label, search.guides_of(label))
    return None if gray is None else Counterfactual(points[0] - image, float(sizes[0]), gray)


@np.errstate(all="ignore")
def counterfactual_sizes(
    network: Float64Network,
    scaling: PixelScaling,
    images: Float64Array,
    labels: IndexArray,
    guides: Iterable[Float64Array] = (),
) -> Float64Array:
    """Return the sizes (n,) of the smallest changes found after which `images` are classified as `labels` (n,).

    `images` are (n, n_features), with pixels in 0…1. Up to the precision of the search, the sizes are those of
    `minimal_counterfactual` with the same guides. A size is 0 if the image is already classified as the label, and NaN
    if no change was found.
    """
    with limit_blas_to_one_thread():
        search = MultistartSearch(network, scaling, guides)
        _, sizes = _nearest_points(search, np.asarray(images, np.float64), np.asarray(labels, np.intp))
    return np.where(np.isfinite(sizes), sizes, np.nan)


def _nearest_points(
    search: MultistartSearch, images: Float64Array, labels: IndexArray
) -> tuple[Float64Array, Float64Array]:
    """Return the nearest points found (n, n_features) that have the class, and their distances (n,) from `images`.

    A distance is 0 if the image already has the class, and infinite if no point was found.
    """
    predicted = search.gaps.predicted(images)
    points, sizes = images.copy(), np.where(predicted == labels, 0.0, np.inf)
    others = np.flatnonzero((predicted != labels) & (predicted != -1))
    points[others], sizes[others] = search.run(images[others], labels[others])
    return points, sizes
