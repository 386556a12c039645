"""The training images that are most like one image."""

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
    """A training image and its Euclidean distance. `index` is its row among all images that are stored."""

    index: int
    label: int
    distance: float


def nearest_by_pixels(
    images: TrainingImages, image: Float64Array, products: NDArray[Any] | None = None
) -> tuple[Neighbor, ...]:
    """The five of `images` nearest to `image` (n_features,), 0…1 from black to white, the nearest first.

    Distances are in the same unit: 1 is one pixel's full range from black to white. Of images at the same distance,
    the one that is stored first comes first. `products` (n_images,) are those of the images with this one, as they
    are stored, from a caller who has them already.
    """
    stored = image * images.pixel_max
    if products is None:
        products = images.products(stored[:, np.newaxis])[:, 0]
    squares = images.squares - 2.0 * products + stored @ stored
    return nearest(images, squares, lambda places: images.pixels(places) - image)


def nearest(
    images: TrainingImages, squares: NDArray[Any], differences: Callable[[IndexArray], Float64Array]
) -> tuple[Neighbor, ...]:
    """The five of `images` that differ least from something, the nearest first.

    `squares` (n_images,) are their squared distances in single precision; `differences(places)` are the differences
    of those at `places` (n,) in double precision, (n, n_numbers). Images whose distance is not a number are left out.
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
    """The places of the `count` smallest of `values` (n,), the smallest first, equal ones in their order.

    Numbers that are not finite are never among them, so that there may be fewer.
    """
    places = np.flatnonzero(np.isfinite(values))
    finite = values[places]
    if len(finite) > count:
        near = np.flatnonzero(finite <= np.partition(finite, count - 1)[count - 1])
        places, finite = places[near], finite[near]
    return places[np.argsort(finite, kind="stable")[:count]]
