"""The images and labels that a network is trained and tested on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn.datasets.catalog import DatasetSpec


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Some images with their labels.

    `images` is uint8 (n_images, n_features), bytes as they were stored: possibly memory-mapped, never writable
    then. `labels` is uint8 (n_images,), the index of each image's class.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A data set, divided for honest evaluation. `validation` is empty until a part is split off.

    `image_shape` is (height, width) in pixels, `pixel_max` the largest value that a pixel can have.
    """

    name: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int]
    pixel_max: int
    train: Split
    validation: Split
    test: Split

    @classmethod
    def of(cls, spec: DatasetSpec, train: Split, test: Split) -> Dataset:
        """Join the images of a data set with the facts about it; nothing is held out yet."""
        return cls(
            name=spec.name,
            class_names=spec.class_names,
            image_shape=spec.image_shape,
            pixel_max=spec.pixel_max,
            train=train,
            validation=Split(train.images[:0], train.labels[:0]),
            test=test,
        )

    @property
    def n_features(self) -> int:
        """Numbers that one image has."""
        return self.image_shape[0] * self.image_shape[1]

    @property
    def n_classes(self) -> int:
        """Classes to tell apart."""
        return len(self.class_names)
