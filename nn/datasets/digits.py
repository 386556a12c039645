"""The 8×8 digits that come with scikit-learn."""

from __future__ import annotations

import numpy as np

from nn.datasets.dataset import Dataset, Split
from nn.datasets.spec import DatasetSpec
from nn.datasets.splitting import stratified_rows

SPLIT_SEED = 0


def load_digits(spec: DatasetSpec) -> Dataset:
    """Load the digits with a stratified test split, or for `digits_in_order` with the last digits as the test split."""
    # Imported here because it takes a second, which would delay the start of the server.
    from sklearn.datasets import load_digits as load_bunch  # noqa: PLC0415

    bunch = load_bunch()
    images = bunch.data.astype(np.uint8)
    labels = bunch.target.astype(np.uint8)
    if spec.name == "digits_in_order":
        train, test = np.arange(spec.train_size), np.arange(spec.train_size, len(labels))
    else:
        train, test = stratified_rows(labels, spec.test_size, SPLIT_SEED)
    return Dataset.of(spec, Split(images[train], labels[train]), Split(images[test], labels[test]))
