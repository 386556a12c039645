"""One door to every data set."""

from __future__ import annotations

from pathlib import Path

from nn.datasets.catalog import CATALOG
from nn.datasets.dataset import Dataset
from nn.datasets.digits import load_digits
from nn.datasets.mnist import load_mnist, missing_files
from nn.datasets.tables import load_table


def load_dataset(name: str, *, datasets_dir: Path, cache_dir: Path) -> Dataset:
    """Load a data set of the catalog; its validation split is empty.

    Files are looked for in `datasets_dir/<name>` and unzipped once into `cache_dir/<name>`. Raises DatasetMissingError
    where one is not there, DatasetError where one is damaged or not what it should be.
    """
    spec = CATALOG[name]
    if spec.files:
        return load_mnist(spec, datasets_dir, cache_dir)
    return load_digits(spec) if spec.image_shape else load_table(spec)


def is_available(name: str, datasets_dir: Path) -> bool:
    """Whether every file that `load_dataset` needs is there."""
    return not missing_files(CATALOG[name], datasets_dir)
