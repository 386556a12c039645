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
"""How many images are looked at in double precision, of which five are told. Single precision ranks the five among so
many by far."""


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A training image and its Euclidean distance. `index` is its row among all stored images."""

    index: int
    label: int
    distance: float


def nearest_by_pixels(
    images: TrainingImages, image: Float64Array, products: NDArray[Any] | None = None
) -> tuple[Neighbor, ...]:
    """Return the five of `images` nearest to `image` (n_features,), 0…1 from black to white, nearest first.

    Distances are in units of one pixel's full range from black to white. Ties go to the image stored first. `products`
    (n_images,) are the products of the stored images with this one, if the caller has them already.
    """
    stored = image * images.pixel_max
    if products is None:
        products = images.products(stored[:, np.newaxis])[:, 0]
    squares = images.squares - 2.0 * products + stored @ stored
    return nearest(images, squares, lambda places: images.pixels(places) - image)


def nearest(
    images: TrainingImages, squares: NDArray[Any], differences: Callable[[IndexArray], Float64Array]
) -> tuple[Neighbor, ...]:
    """Return the five nearest images, nearest first.

    `squares` (n_images,) are squared distances in float32. `differences(places)` returns the differences at the indices
    `places` (n,) in float64, (n, n_numbers). Images whose distance is not finite are left out.
    """
    places = np.sort(smallest(squares, N_CANDIDATES))
    if not places.size:
        return ()
    distances = np.sqrt(np.square(differences(places)).sum(axis=1))
    found = smallest(distances, N_SHOWN)
    rows = images.split.stored_rows[places[found]]
    labels = images.split.labels[places[found]]
    return tuple(map(Neighbor, rows.tolist(), labels.tolist(), distances[found].tolist()))


def smallest(values: NDArray[Any], count: int) -> IndexArray:
    """Return the indices of the `count` smallest of `values` (n,), smallest first, ties in their order.

    Values that are not finite are left out, so there may be fewer.
    """
    places = np.flatnonzero(np.isfinite(values))
    finite = values[places]
    if len(finite) > count:
        near = np.flatnonzero(finite <= np.partition(finite, count - 1)[count - 1])
        places, finite = places[near], finite[near]
    return places[np.argsort(finite, kind="stable")[:count]]
