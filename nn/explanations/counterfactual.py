"""The smallest change of an image's pixels after which a network reads it right."""

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
SHARES = np.linspace(0.1, 1.0, 10)
STEPS_ON_THE_WAY = np.linspace(0.0, 1.0, 17)[1:]
HALVINGS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Counterfactual:
    """What is to be changed of an image so that it gets a label.

    `change` (n_features,) is what each pixel gains, in 0…1 from black to white, and `size` its Euclidean length. With
    exactly this change, the label is ahead by a hair. `picture` (n_features,) is the changed image, with the change
    made a little larger where that is needed for it to get the label when rounded: uint8, 0 black … 255 white,
    whatever the largest number is that a pixel of the data set can have.
    """

    change: Float64Array
    size: float
    picture: NDArray[np.uint8]


@np.errstate(all="ignore")
def minimal_counterfactual(
    network: Float64Network, scaling: PixelScaling, image: Float64Array, label: int, guides: Iterable[Float64Array] = ()
) -> Counterfactual | None:
    """The smallest change, pixels staying within 0…1, after which `image` (n_features,), 0…1, gets `label`.

    It is small by the Euclidean length. That is no convex problem: what is found is the smallest near one of several
    starts, which are the image itself and, on the way from it to each of `guides`, the place where the label changes.
    Guides are images (n_features,) of the class, such as the training images nearest to this one; those that do not
    get the label themselves are of no use.

    The size is 0 where the image has the label. `None` where nothing was found: where the network says the same of all
    images, has diverged, or gives the label to no picture of whole grey levels nearby.
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
            [_larger(candidates[0], pixels)],
            _further(network, scaling, candidates[0], pixels, label),
            [_onward(pixels, candidates[helpful])],
        )
        pictures = (_rounded(search.gaps, images, label) for images in attempts)
        picture = next((picture for picture in pictures if picture is not None), None)
    return None if picture is None else Counterfactual(pixels - candidates[0], size, picture)


@np.errstate(all="ignore")
def counterfactual_sizes(
    network: Float64Network,
    scaling: PixelScaling,
    images: Float64Array,
    labels: IndexArray,
    guides: Iterable[Float64Array] = (),
) -> Float64Array:
    """The sizes (n,) of the smallest changes after which `images` (n, n_features), 0…1, get their `labels` (n,).

    As `minimal_counterfactual` finds them from the image itself; where that finds nothing, from the way to
    the nearest of `guides` and `images` that gets the label. 0 where the image has the label, NaN where nothing was
    found.
    """
    search = BoundarySearch(network, scaling)
    images, labels = np.asarray(images, np.float64), np.asarray(labels, np.intp)
    with limit_blas_to_one_thread():
        predicted = search.gaps.predicted(images)
        sizes = np.where(predicted == labels, 0.0, np.inf)
        wrong = np.flatnonzero((predicted != labels) & (predicted != -1))
        _, sizes[wrong] = search.run(images[wrong], labels[wrong], images[wrong])
        lost = wrong[np.isinf(sizes[wrong])]
        if lost.size:
            helpful = np.concatenate([np.reshape([*guides], (-1, images.shape[1])), images])
            nearest = _nearest_of_class(images[lost], labels[lost], helpful, search.gaps.predicted(helpful))
            lost, nearest = lost[nearest >= 0], nearest[nearest >= 0]
            starts = _crossings(search.gaps, images[lost], labels[lost], helpful[nearest])
            _, sizes[lost] = search.run(images[lost], labels[lost], starts)
    return np.where(np.isfinite(sizes), sizes, np.nan)


def _crossings(gaps: Gaps, images: Float64Array, labels: IndexArray, guides: Float64Array) -> Float64Array:
    """Where the label is first met on the way from each image to its guide, which gets it: by looks, then by halves."""

    def has_label(shares: Float64Array) -> NDArray[np.bool_]:
        return np.equal(gaps.predicted(images + shares[:, np.newaxis] * (guides - images)), labels)

    looks = np.stack([has_label(np.full(len(images), share)) for share in STEPS_ON_THE_WAY])
    met = np.where(looks.any(axis=0), STEPS_ON_THE_WAY[looks.argmax(axis=0)], 1.0)
    missed = met - STEPS_ON_THE_WAY[0]
    for _ in range(HALVINGS):
        middle = 0.5 * (missed + met)
        is_met = has_label(middle)
        met, missed = np.where(is_met, middle, met), np.where(is_met, missed, middle)
    return images + met[:, np.newaxis] * (guides - images)


def _nearest_of_class(
    images: Float64Array, labels: IndexArray, others: Float64Array, classes: IndexArray
) -> IndexArray:
    """For each image the nearest of `others` that is of the class `labels`; −1 where there is none."""
    squares = np.square(others).sum(axis=1) - 2.0 * images @ others.T
    squares[labels[:, np.newaxis] != classes] = np.inf
    nearest = squares.argmin(axis=1)
    return np.where(np.isfinite(squares[np.arange(len(images)), nearest]), nearest, -1)


def _larger(image: Float64Array, pixels: Float64Array) -> Float64Array:
    """Images (n, n_features) with the change made larger and larger."""
    return np.clip(image + OVERSHOOTS[:, np.newaxis] * (pixels - image), 0.0, 1.0)


def _further(
    network: Float64Network, scaling: PixelScaling, image: Float64Array, pixels: Float64Array, label: int
) -> Iterator[Float64Array]:
    """Images (1, n_features) that have the label by more and more, for where a larger change meets another boundary.

    The leads are shares of how far the label was behind.
    """
    images, labels = image[np.newaxis], np.array([label])
    behind = max(float(Gaps(network, scaling).at(images, labels).max()), 0.0)
    for share in LEADS:
        yield BoundarySearch(network, scaling, share * behind).run(images, labels, pixels[np.newaxis])[0]


def _onward(pixels: Float64Array, guides: Float64Array) -> Float64Array:
    """Images (n, n_features) further and further on the way to each of the guides."""
    return np.reshape([pixels + share * (guide - pixels) for share in SHARES for guide in guides], (-1, len(pixels)))


def _rounded(gaps: Gaps, images: Float64Array, label: int) -> NDArray[np.uint8] | None:
    """The first of the images (n, n_features) that has the label in whole grey levels, in these."""
    levels = np.round(images * WHITE)
    fitting = np.flatnonzero(gaps.predicted(levels / WHITE) == label)
    return levels[fitting[0]].astype(np.uint8) if fitting.size else None
