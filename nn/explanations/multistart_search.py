"""Search from many starting points for the nearest pixels that are classified as a target class."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array, IndexArray
from nn.explanations.boundary_search import ROUGH, BoundarySearch
from nn.explanations.class_gaps import Gaps, PixelScaling
from nn.explanations.forward_pass import Float64Network

N_NEAREST_GUIDES = 3
DISTANCES = np.repeat([0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0], 2)
"""Distances of the new starting points from the best point so far, as fractions of the size of its change.

If there is no such point, they are the distances from the image.
"""

MAX_ROUNDS = 6
PATIENCE = 1  # rounds without an improvement after which the search ends, if it has found a point
MIN_IMPROVEMENT = 1e-3
LINE_FRACTIONS = np.linspace(0.0, 1.0, 17)[1:]
N_BISECTIONS = 30
MAX_NUMBERS = 125_000  # numbers in the starting points of all images that are searched together


class MultistartSearch:
    """A search for the nearest pixels within 0…1 that a network classifies as a target class.

    The problem has many local solutions, unless the network is linear. Therefore the search begins at the image, and
    at points on the lines from the image to some guides. Then it begins again at random points around the best solution
    so far, until it finds no better one (D. Wales and J. Doye, "Global Optimization by Basin-Hopping and the Lowest
    Energy Structures of Lennard-Jones Clusters", 1997). A smaller change may still exist.

    Each random point lies in the direction of a gradient: the gradient of a random combination of the units of the
    first layer. So a pixel with a large input scale moves far, as it does in the smallest change. The directions are
    the same for all images, and a result does not depend on the other images.
    """

    def __init__(self, network: Float64Network, scaling: PixelScaling, guides: Iterable[Float64Array]) -> None:
        """Create a search. `guides` are images (n_features,); those that the network classifies as the target help."""
        n_features = network.layers[0].weights.shape[0]
        self.gaps = Gaps(network, scaling)
        self._search = BoundarySearch(network, scaling)
        self._guides = np.reshape([*guides], (-1, n_features))
        self._guide_classes = self.gaps.predicted(self._guides)
        self._first_gradients = (network.layers[0].weights.T * scaling.slopes).T
        self._max_rounds = 0 if network.is_linear else MAX_ROUNDS
        self._group_size = max(MAX_NUMBERS // (len(DISTANCES) * n_features), 1)

    def run(self, images: Float64Array, labels: IndexArray) -> tuple[Float64Array, Float64Array]:
        """Return the nearest points (n, n_features) that are classified as `labels` (n,), and their distances (n,).

        `images` are (n, n_features), and none of them is classified as its label. A distance is infinite if no such
        point was found.
        """
        points, sizes = images.copy(), np.full(len(images), np.inf)
        for start in range(0, len(images), self._group_size):
            group = slice(start, start + self._group_size)
            points[group], sizes[group] = self._run_group(images[group], labels[group])
        return points, sizes

    def guides_of(self, label: int) -> Float64Array:
        """Return the guides (n_guides, n_features) that the network classifies as `label`."""
        return np.asarray(self._guides[self._guide_classes == label])

    def _run_group(self, images: Float64Array, labels: IndexArray) -> tuple[Float64Array, Float64Array]:
        points, sizes = images.copy(), np.full(len(images), np.inf)
        owners, starts = self._first_starts(images, labels)
        _improve(points, sizes, owners, *self._search.run(images[owners], labels[owners], starts, ROUGH))
        patience = np.full(len(images), PATIENCE)
        for number in range(self._max_rounds):
            selected = np.flatnonzero(patience > 0)
            if not selected.size:
                break
            owners = np.repeat(selected, len(DISTANCES))
            lengths = np.where(np.isfinite(sizes[selected]), sizes[selected], 1.0)
            moves = np.multiply.outer(lengths, self._random_moves(number)).reshape(len(owners), -1)
            starts = np.clip(points[owners] + moves, 0.0, 1.0)
            known, before = (points[owners], sizes[owners]), sizes.copy()
            _improve(points, sizes, owners, *self._search.run(images[owners], labels[owners], starts, ROUGH, known))
            is_better = sizes < (1.0 - MIN_IMPROVEMENT) * before
            patience = np.where(is_better, PATIENCE, patience - np.isfinite(before))
        found = np.flatnonzero(np.isfinite(sizes))
        _improve(points, sizes, found, *self._search.run(images[found], labels[found], points[found]))
        return points, sizes

    def _first_starts(self, images: Float64Array, labels: IndexArray) -> tuple[IndexArray, Float64Array]:
        """Return the images and, for each image and guide, the first point on the line that has the label.

        `owners` (n_starts,) are the indices of the images, and `starts` is (n_starts, n_features).
        """
        squares = np.square(self._guides).sum(axis=1) - 2.0 * images @ self._guides.T
        squares[labels[:, np.newaxis] != self._guide_classes] = np.inf
        nearest = np.argsort(squares, axis=1, kind="stable")[:, :N_NEAREST_GUIDES]
        owners, columns = np.nonzero(np.isfinite(np.take_along_axis(squares, nearest, axis=1)))
        guides = self._guides[nearest[owners, columns]]
        crossings = _crossings(self.gaps, images[owners], labels[owners], guides)
        return np.concatenate([np.arange(len(images)), owners]), np.concatenate([images, crossings])

    def _random_moves(self, number: int) -> Float64Array:
        """Return the moves (n_starts, n_features) to the starting points of a round for a change of size 1."""
        gradients = self._first_gradients
        directions = np.random.default_rng(number).normal(size=(len(DISTANCES), gradients.shape[1])) @ gradients.T
        norms = np.maximum(np.linalg.norm(directions, axis=1), 1e-150)
        return np.asarray(directions * (DISTANCES / norms)[:, np.newaxis])


def _improve(
    points: Float64Array, sizes: Float64Array, owners: IndexArray, found: Float64Array, found_sizes: Float64Array
) -> None:
    """Replace each point of `owners` (n_found,) in place by its nearest found point, if that is nearer."""
    order = np.argsort(-found_sizes, kind="stable")  # the nearest point comes last, and the last assignment counts
    order = order[found_sizes[order] < sizes[owners[order]]]
    points[owners[order]], sizes[owners[order]] = found[order], found_sizes[order]


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
