"""Stratified splits of the training images."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nn.datasets.dataset import Dataset
from nn.errors import HyperparameterError


def split_validation(dataset: Dataset, fraction: float, seed: int) -> Dataset:
    """Hold out `fraction` of the training images of each class for validation.

    The choice depends only on `seed`. Both parts keep the stored order; a fraction of 0 leaves the validation split
    empty. Raises HyperparameterError if the held-out part would be too small to contain every class.
    """
    if fraction == 0:
        return dataset
    train = dataset.train
    try:
        remaining, held_out = stratified_rows(train.labels, round(len(train) * fraction), seed)
    except ValueError as error:
        raise HyperparameterError(
            {"validation_fraction": f"cannot split {len(train):,} training images evenly; use 0 ({error})"}
        ) from error
    return replace(dataset, train=train.part(remaining), validation=train.part(held_out))


def stratified_rows(
    labels: NDArray[np.uint8], held_out_size: int, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Divide the rows of `labels` (n,) into remaining rows and `held_out_size` held-out rows.

    Both parts are stratified and in ascending order. They equal the parts that scikit-learn's `train_test_split`
    returns for the same seed. The function does not call scikit-learn, because its import would delay the first epoch
    of each run by two seconds. Raises ValueError if a class has fewer than two images, or if a part has fewer images
    than there are classes.
    """
    classes, class_sizes = np.unique(labels, return_counts=True)
    remaining_size = len(labels) - held_out_size
    if class_sizes.min() < 2:
        raise ValueError(f"class {classes[class_sizes.argmin()]} has a single image")
    smaller_part = min(held_out_size, remaining_size)
    if smaller_part < len(classes):
        raise ValueError(f"a part of {smaller_part:,} images is smaller than {len(classes)} classes")
    random = np.random.RandomState(seed)
    remaining_sizes = _apportion(remaining_size, class_sizes, random)
    _apportion(held_out_size, class_sizes - remaining_sizes, random)  # draws the same random numbers as scikit-learn
    is_held_out = np.ones(len(labels), dtype=bool)
    for name, size in zip(classes, remaining_sizes, strict=True):
        rows = np.flatnonzero(labels == name)
        is_held_out[random.permutation(rows)[:size]] = False
    return np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)


def _apportion(total: int, sizes: NDArray[np.intp], random: np.random.RandomState) -> NDArray[np.intp]:
    """Divide `total` into whole parts in proportion to `sizes`.

    The exact parts are rounded down. Then the parts with the largest remainders (exact part minus rounded part) are
    increased by 1, until the sum is `total`; among equal remainders, the choice is random.
    """
    exact = sizes / sizes.sum() * total
    parts: NDArray[np.float64] = np.floor(exact)
    fractions = exact - parts
    for fraction in np.unique(fractions)[::-1]:
        missing = int(total - parts.sum())
        if missing <= 0:
            break
        tied = np.flatnonzero(fractions == fraction)
        parts[random.choice(tied, size=min(missing, len(tied)), replace=False)] += 1
    return parts.astype(np.intp)
