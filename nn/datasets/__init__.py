"""The data sets: a catalog of what is known of them, a loader for each source, a way to fetch what is missing."""

from nn.datasets.catalog import CATALOG, DatasetSpec
from nn.datasets.dataset import Dataset, Split
from nn.datasets.download import FetchProgress, fetch_dataset
from nn.datasets.loading import is_available, load_dataset
from nn.datasets.splitting import split_validation

__all__ = [
    "CATALOG",
    "Dataset",
    "DatasetSpec",
    "FetchProgress",
    "Split",
    "fetch_dataset",
    "is_available",
    "load_dataset",
    "split_validation",
]
