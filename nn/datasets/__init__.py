"""Data sets: a registry of their facts, a loader for each source, and a download of missing files."""

from nn.datasets.dataset import Dataset, Split
from nn.datasets.download import FetchProgress, fetch_dataset
from nn.datasets.loading import is_available, load_dataset
from nn.datasets.registry import BUILT_IN_DATASETS, DatasetRegistry, built_in_registry
from nn.datasets.spec import DatasetSpec
from nn.datasets.splitting import split_validation

__all__ = [
    "BUILT_IN_DATASETS",
    "Dataset",
    "DatasetRegistry",
    "DatasetSpec",
    "FetchProgress",
    "Split",
    "built_in_registry",
    "fetch_dataset",
    "is_available",
    "load_dataset",
    "split_validation",
]
