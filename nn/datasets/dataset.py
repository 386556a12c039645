"""The images and labels that a network is trained and tested on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Some images with their labels.

    `images` is (n_images, n_features), bytes as they were stored, possibly memory-mapped; `labels` is
    (n_images,), the index of each image's class.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A data set, divided for honest evaluation. `validation` is empty until a part is split off."""

    name: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int]
    pixel_max: int
    train: Split
    validation: Split
    test: Split

    @property
    def n_features(self) -> int:
        return self.image_shape[0] * self.image_shape[1]

    @property
    def n_classes(self) -> int:
        return len(self.class_names)
