"""Taking a part of the images, or of each image, before anything is learned from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

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
    """Keep the middle `shape` (height, width) of each image; nothing is held out yet."""
    if dataset.image_shape is None:
        raise ValueError(f"{dataset.name} has no pictures to cut")
    (height, width), (full_height, full_width) = shape, dataset.image_shape
    top, left = (full_height - height) // 2, (full_width - width) // 2
    is_kept = np.zeros(dataset.image_shape, bool)
    is_kept[top : top + height, left : left + width] = True
    columns = np.flatnonzero(is_kept)

    def cut(split: Split) -> Split:
        return replace(split, inputs=split.take(np.arange(len(split)))[:, columns], rows=None)

    train = cut(dataset.train)
    return replace(dataset, image_shape=shape, train=train, validation=train.part(np.arange(0)), test=cut(dataset.test))
