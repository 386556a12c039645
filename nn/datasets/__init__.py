"""Data sets: a registry of facts about them, a loader for each source, and a downloader of missing files."""

from nn.datasets.dataset import Dataset, Split
from nn.datasets.loading import is_available, load_dataset
from nn.datasets.registry import BUILT_IN_DATASETS, DatasetRegistry, built_in_registry
from nn.datasets.spec import DatasetSpec

__all__ = [
    "BUILT_IN_DATASETS",
    "Dataset",
    "DatasetRegistry",
    "DatasetSpec",
    "Split",
    "built_in_registry",
    "is_available",
    "load_dataset",
]
