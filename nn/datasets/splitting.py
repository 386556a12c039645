"""Holding out a part of the training images."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nn.datasets.dataset import Dataset
from nn.errors import HyperparameterError


def split_validation(dataset: Dataset, fraction: float, seed: int) -> Dataset:
    """Hold out `fraction` of the training images for validation, drawn evenly from each class.

    `seed` alone decides which. Both parts are in the order in which the images are stored; with a fraction of 0 the
    validation split stays empty. Raises HyperparameterError where the part would be too small to hold every class.
    """
    if fraction == 0:
        return dataset
    train = dataset.train
    try:
        kept, held_out = stratified_rows(train.labels, round(len(train) * fraction), seed)
    except ValueError as error:
        raise HyperparameterError(
            {"validation_fraction": f"cannot be drawn evenly from {len(train):,} training images; use 0 ({error})"}
        ) from error
    return replace(dataset, train=train.part(kept), validation=train.part(held_out))


def stratified_rows(
    labels: NDArray[np.uint8], held_out_size: int, seed: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Divide the rows of `labels` (n,) in two, `held_out_size` of them in the second part, both in ascending order.

    Raises ValueError where a class has fewer than two images or a part fewer images than there are classes.
    """
    # Imported where it is used: it takes a second, for which the start of a server need not wait.
    from sklearn.model_selection import train_test_split  # noqa: PLC0415

    kept, held_out = train_test_split(
        np.arange(len(labels)), test_size=held_out_size, stratify=labels, random_state=seed
    )
    return np.sort(kept), np.sort(held_out)
