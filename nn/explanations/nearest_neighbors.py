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
"""Number of images whose exact distances are computed.

These candidates are the nearest images by float32 distances. They reliably include the five nearest images.
"""


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A training image and its Euclidean distance from the explained image.

    `index` is the row of the training image among all stored images.
    """

    index: int
    label: int
    distance: float


def nearest_by_pixels(images: TrainingImages, image: Float64Array, products: NDArray[Any]) -> tuple[Neighbor, ...]:
    """Return the five training images nearest to `image` (n_features,), nearest first.

    The pixels of `image` are in 0…1, from black to white, and distances are in the same unit. Equal distances keep the
    stored order. `products` (n_images,) are the dot products of the stored images with `image · pixel_max`.
    """
    stored = image * images.pixel_max
    squares = images.squares - 2.0 * products + stored @ stored
    return nearest(images, squares, lambda indices: images.pixels(indices) - image)


def nearest(
    images: TrainingImages, squares: NDArray[Any], differences: Callable[[IndexArray], Float64Array]
) -> tuple[Neighbor, ...]:
    """Return the five nearest images, nearest first.

    `squares` (n_images,) are squared distances in float32. `differences(indices)` returns the exact differences (n,
    n_numbers) between the images at `indices` (n,) and the explained image. Images whose distance is not finite are
    omitted.
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
    """Return the indices of the `count` smallest of `values` (n,), smallest first.

    Equal values keep their order. Values that are not finite are omitted, so the result may contain fewer than `count`
    indices.
    """
    indices = np.flatnonzero(np.isfinite(values))
    finite = values[indices]
    if len(finite) > count:
        near = np.flatnonzero(finite <= np.partition(finite, count - 1)[count - 1])
        indices, finite = indices[near], finite[near]
    return indices[np.argsort(finite, kind="stable")[:count]]
