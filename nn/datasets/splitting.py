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
    """Split the rows of `labels` (n,) into the remaining ones and `held_out_size` held-out ones, both ascending.

    Raises ValueError if a class has fewer than two images, or a part has fewer images than classes.
    """
    # Imported here because it takes a second, which would delay the start of the server.
    from sklearn.model_selection import train_test_split  # noqa: PLC0415

    remaining, held_out = train_test_split(
        np.arange(len(labels)), test_size=held_out_size, stratify=labels, random_state=seed
    )
    return np.sort(remaining), np.sort(held_out)
