"""Nearest training images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array, IndexArray
from nn.explanations.training_images import TrainingImages

N_SHOWN = 5
N_CANDIDATES = 24
"""Images whose exact distances are computed. Distances in float32 rank the five nearest well within these."""


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A training image and its Euclidean distance. `index` is its row among all stored images."""

    index: int
    label: int
    distance: float


def nearest_by_pixels(images: TrainingImages, image: Float64Array, products: NDArray[Any]) -> tuple[Neighbor, ...]:
    """Return the five of `images` nearest to `image` (n_features,), 0…1 from black to white, nearest first.

    Distances are in units of one pixel's full range from black to white. Ties go to the image stored first. `products`
    (n_images,) are the dot products of the stored images with `image · pixel_max`.
    """
    stored = image * images.pixel_max
    squares = images.squares - 2.0 * products + stored @ stored
    return nearest(images, squares, lambda indices: images.pixels(indices) - image)


def nearest(
    images: TrainingImages, squares: NDArray[Any], differences: Callable[[IndexArray], Float64Array]
) -> tuple[Neighbor, ...]:
    """Return the five nearest images, nearest first.

    `squares` (n_images,) are squared distances in float32. `differences(indices)` returns the exact differences
    (n, n_numbers) of the images at `indices` (n,). Images whose distance is not finite are left out.
    """
    candidates = np.sort(smallest(squares, N_CANDIDATES))
    if not candidates.size:
        return ()
    distances = np.sqrt(np.square(differences(candidates)).sum(axis=1))
    found = smallest(distances, N_SHOWN)
    rows = images.split.stored_rows[candidates[found]]
    labels = images.split.labels[candidates[found]]
    return tuple(map(Neighbor, rows.tolist(), labels.tolist(), distances[found].tolist()))


def smallest(values: NDArray[Any], count: int) -> IndexArray:
    """Return the indices of the `count` smallest of `values` (n,), smallest first, ties in their order.

    Values that are not finite are left out, so there may be fewer.
    """
    indices = np.flatnonzero(np.isfinite(values))
    finite = values[indices]
    if len(finite) > count:
        near = np.flatnonzero(finite <= np.partition(finite, count - 1)[count - 1])
        indices, finite = indices[near], finite[near]
    return indices[np.argsort(finite, kind="stable")[:count]]
