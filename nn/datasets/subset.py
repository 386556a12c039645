"""Subsets and center crops of images."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.datasets.dataset import Dataset, Split
from nn.errors import HyperparameterError


def first_of_each_class(dataset: Dataset, images_per_class: int) -> Dataset:
    """Return the data set with only the first `images_per_class` training images of each class, in stored order.

    Raises HyperparameterError if a class has fewer images.
    """
    labels = dataset.train.labels
    smallest = int(np.bincount(labels, minlength=dataset.n_classes).min())
    if images_per_class > smallest:
        raise HyperparameterError(
            {"images_per_class": f"must be at most {smallest:,}, the number of images in the smallest class"}
        )
    rows = [np.flatnonzero(labels == label)[:images_per_class] for label in range(dataset.n_classes)]
    return replace(dataset, train=dataset.train.part(np.sort(np.concatenate(rows))))


def center_crop(dataset: Dataset, shape: tuple[int, int]) -> Dataset:
    """Crop each image to its central `shape` (height, width). The validation split of the result is empty."""
    full_shape = dataset.image_shape
    if full_shape is None:
        raise ValueError(f"{dataset.name} has no images to crop")

    def crop_split(split: Split) -> Split:
        return replace(split, inputs=crop_images(split.inputs, full_shape, shape))

    train = crop_split(dataset.train)
    return replace(
        dataset, image_shape=shape, train=train, validation=train.part(np.arange(0)), test=crop_split(dataset.test)
    )


def crop_images(images: NDArray[Any], full_shape: tuple[int, int], shape: tuple[int, int]) -> NDArray[Any]:
    """Crop flat images (n_images, n_features) of `full_shape` to their central `shape` (height, width)."""
    (height, width), (full_height, full_width) = shape, full_shape
    top, left = (full_height - height) // 2, (full_width - width) // 2
    unflattened = images.reshape(len(images), full_height, full_width)
    return unflattened[:, top : top + height, left : left + width].reshape(len(images), height * width)
