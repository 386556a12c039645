"""The 8×8 digits that come with scikit-learn."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn.datasets.dataset import Dataset, Split
from nn.datasets.spec import DatasetSpec
from nn.datasets.splitting import stratified_rows
from nn.errors import DatasetMissingError

SPLIT_SEED = 0


def load_digits(spec: DatasetSpec) -> Dataset:
    """Load the data set `digits` or `digits_in_order`.

    The test split of `digits` is stratified. The test split of `digits_in_order` consists of the last digits.

    Raises DatasetMissingError if scikit-learn's file is not installed.
    """
    rows = _stored_rows()
    images, labels = rows[:, :-1], rows[:, -1].copy()
    if spec.name == "digits_in_order":
        train, test = np.arange(spec.train_size), np.arange(spec.train_size, len(labels))
    else:
        train, test = stratified_rows(labels, spec.test_size, SPLIT_SEED)
    return Dataset.from_splits(spec, Split(images[train], labels[train]), Split(images[test], labels[test]))


def _stored_rows() -> NDArray[np.uint8]:
    """Return one row for each image: 64 pixels, then the label.

    The function reads the file of scikit-learn without importing scikit-learn (decision 0027).
    """
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise DatasetMissingError("The 8×8 digits come with scikit-learn, which is not installed.")
    file = Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
    if not file.is_file():
        raise DatasetMissingError(f"This version of scikit-learn has no file {file.name} with the 8×8 digits.")
    return np.loadtxt(file, delimiter=",", dtype=np.uint8)
