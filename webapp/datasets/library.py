"""The data sets as the server holds them: read once, then shared by whoever asks."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from gevent.lock import RLock
from numpy.typing import NDArray

from nn.datasets import BUILT_IN_DATASETS, Dataset, DatasetRegistry, DatasetSpec, Split, is_available, load_dataset
from nn.datasets.file_reads import FileBackedSplit
from nn.errors import DatasetError
from webapp.config import Config
from webapp.errors import NotFoundError
from webapp.threads import in_thread


@dataclass(frozen=True, slots=True)
class VersionedDataset:
    """A data set with the twelve letters that change when its images or labels do."""

    dataset: Dataset
    version: str


class Images(NamedTuple):
    """Some images of a split by number, and how many there are of the kind."""

    indices: NDArray[np.intp]
    labels: NDArray[np.uint8]
    total: int


class DatasetLibrary:
    """Reads data sets from the folders of the settings; pixels stay on the disk until they are looked at."""

    def __init__(self, config: Config, datasets: DatasetRegistry = BUILT_IN_DATASETS) -> None:
        self.datasets = datasets
        self._config = config
        self._shelves: dict[str, VersionedDataset] = {}
        self._locks: defaultdict[str, RLock] = defaultdict(RLock)

    def spec(self, name: str) -> DatasetSpec:
        """Return the facts about a data set. Raises NotFoundError, which lists the known names."""
        try:
            return self.datasets.get(name)
        except DatasetError as error:
            raise NotFoundError(str(error)) from None

    def load(self, name: str) -> Dataset:
        """The data set of that name in the catalog. Raises DatasetError, DatasetMissingError while it is not there."""
        return self.shelf(name).dataset

    def shelf(self, name: str) -> VersionedDataset:
        """The data set with its version. Raises as `load` does."""
        with self._locks[name]:
            if name not in self._shelves:
                self._shelves[name] = in_thread(self._read, name)
            return self._shelves[name]

    def is_available(self, name: str) -> bool:
        """Whether every file of the data set is there."""
        return is_available(name, self._config.datasets_dir, self.datasets)

    def images(self, name: str, split: str, *, label: int | None, offset: int, limit: int) -> Images:
        """Some images of a split, of one class or of all, in the order of the file. Raises as `load` does."""
        labels = split_of(self.load(name), split).labels
        indices = np.arange(len(labels)) if label is None else np.flatnonzero(labels == label)
        chosen = indices[offset : offset + limit]
        return Images(chosen, labels[chosen], len(indices))

    def table_rows(
        self, name: str, split: str, indices: NDArray[np.intp], n_features: int
    ) -> list[dict[str, list[float]]]:
        """For each of some examples of a table its first numbers and its targets; nothing for each of some images."""
        dataset = self.load(name)
        chosen = split_of(dataset, split).part(indices)
        if dataset.image_shape:
            return [{} for _ in indices]
        inputs = chosen.take(np.arange(len(indices)))[:, :n_features]
        targets = np.empty((len(indices), 0)) if chosen.targets is None else chosen.targets
        return [{"inputs": row.tolist(), "targets": said.tolist()} for row, said in zip(inputs, targets, strict=True)]

    def _read(self, name: str) -> VersionedDataset:
        folders = {"datasets_dir": self._config.datasets_dir, "cache_dir": self._config.cache_dir}
        dataset = load_dataset(name, **folders, datasets=self.datasets)
        read = replace(dataset, train=FileBackedSplit.of(dataset.train), test=FileBackedSplit.of(dataset.test))
        return VersionedDataset(read, _version(dataset))


def split_of(dataset: Dataset, split: str) -> Split:
    """The training or the test images; the validation images are still among the former."""
    return dataset.train if split == "train" else dataset.test


def _version(dataset: Dataset) -> str:
    digest = hashlib.sha256()
    for split in (dataset.train, dataset.test):
        digest.update(split.labels.tobytes())
        digest.update(split.inputs[:100].tobytes())  # pixels are not all read for it
    return digest.hexdigest()[:12]
