"""Taking a part of the images, or of each image, before anything is learned from them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.datasets.dataset import Dataset, Split
from nn.errors import HyperparameterError


def first_of_each_class(dataset: Dataset, images_per_class: int) -> Dataset:
    """Keep, of the training images, the first of each class, in their stored order.

    Raises HyperparameterError where a class has fewer.
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
    """Keep the middle `shape` (height, width) of each stored image; nothing is held out yet."""
    full_shape = dataset.image_shape
    if full_shape is None:
        raise ValueError(f"{dataset.name} has no pictures to cut")

    def cut(split: Split) -> Split:
        return replace(split, inputs=middle(split.inputs, full_shape, shape))

    train = cut(dataset.train)
    return replace(dataset, image_shape=shape, train=train, validation=train.part(np.arange(0)), test=cut(dataset.test))


def middle(images: NDArray[Any], full_shape: tuple[int, int], shape: tuple[int, int]) -> NDArray[Any]:
    """The middle `shape` (height, width) of images (n_images, n_features) of `full_shape`, each flat again."""
    (height, width), (full_height, full_width) = shape, full_shape
    top, left = (full_height - height) // 2, (full_width - width) // 2
    pictures = images.reshape(len(images), full_height, full_width)
    return pictures[:, top : top + height, left : left + width].reshape(len(images), height * width)
