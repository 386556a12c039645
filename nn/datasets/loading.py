"""Loading of any data set by its name."""

from __future__ import annotations

from pathlib import Path

from nn.datasets.dataset import Dataset
from nn.datasets.digits import load_digits
from nn.datasets.mnist import load_mnist, missing_files
from nn.datasets.registry import BUILT_IN_DATASETS, DatasetRegistry
from nn.datasets.tables import load_table


def load_dataset(
    name: str, *, datasets_dir: Path, cache_dir: Path, datasets: DatasetRegistry = BUILT_IN_DATASETS
) -> Dataset:
    """Load the data set `name` of the registry `datasets`; its validation split is empty.

    The function reads files from `datasets_dir/<name>` and uncompresses each file once into `cache_dir/<name>`. Raises
    DatasetMissingError if a file is missing, and DatasetError if the name is unknown or a file is damaged.
    """
    spec = datasets.get(name)
    if spec.files:
        return load_mnist(spec, datasets_dir, cache_dir)
    return load_digits(spec) if spec.kind == "images" else load_table(spec)


def is_available(name: str, datasets_dir: Path, datasets: DatasetRegistry = BUILT_IN_DATASETS) -> bool:
    """Return True if every file that `load_dataset` needs exists. Raises DatasetError if the name is unknown."""
    return not missing_files(datasets.get(name), datasets_dir)
