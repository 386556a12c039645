"""The data sets of the server: each is loaded once and then shared."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from nn.datasets import Dataset, DatasetRegistry, DatasetSpec, Split, is_available, load_dataset
from nn.datasets.file_reads import FileBackedSplit
from nn.datasets.identity.fingerprint import fingerprint
from nn.datasets.identity.published import FileState, describe_other_files, file_states
from nn.datasets.mnist import stored_sizes
from nn.errors import DatasetError
from webapp.config import Config
from webapp.datasets.image_split import ImageSplit
from webapp.errors import InvalidError, NotFoundError
from webapp.threads import RLock, in_thread

SHOWN_FEATURES = 20
FileStates = tuple[FileState | None, ...]


@dataclass(frozen=True, slots=True)
class VersionedDataset:
    """A data set, the states of its files when it was loaded, and the fingerprints of its splits."""

    dataset: Dataset
    states: FileStates
    train_fingerprint: str
    test_fingerprint: str

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that change if an image or a label changes."""
        return hashlib.sha256(f"{self.train_fingerprint} {self.test_fingerprint}".encode()).hexdigest()[:12]


class ExamplePage(NamedTuple):
    """A page of examples as JSON objects, and the number of examples on all pages."""

    items: list[dict[str, Any]]
    total: int


class DatasetLibrary:
    """Loads the data sets of a registry; pixels stay on disk until they are needed.

    A data set is loaded again when its files have changed. If files have been deleted, the loaded data set remains.
    """

    def __init__(self, config: Config, datasets: DatasetRegistry) -> None:
        self.datasets = datasets
        self._config = config
        self._loaded: dict[str, VersionedDataset] = {}
        self._warnings: dict[str, tuple[FileStates, str | None]] = {}
        self._locks: defaultdict[str, RLock] = defaultdict(RLock)

    def spec(self, name: str) -> DatasetSpec:
        """Return the facts about a data set.

        Raises NotFoundError for an unknown name; the message lists the known names.
        """
        try:
            return self.datasets.get(name)
        except DatasetError as error:
            raise NotFoundError(str(error)) from None

    def is_available(self, name: str) -> bool:
        """Return True if every file of the data set exists."""
        return is_available(name, self._config.datasets_dir, self.datasets)

    def sizes(self, name: str) -> tuple[int, int]:
        """Return the numbers of training and test examples in the stored files; without files, the published ones."""
        spec = self.spec(name)
        return stored_sizes(spec, self._config.datasets_dir) or (spec.train_size, spec.test_size)

    def load(self, name: str) -> Dataset:
        """Return a data set.

        Raises DatasetMissingError if files are missing, and DatasetError if a file is damaged or the cache cannot be
        written.
        """
        return self.load_version(name).dataset

    def load_version(self, name: str) -> VersionedDataset:
        """Return a data set with its fingerprints. Raises the same errors as `load`."""
        self.spec(name)
        with self._locks[name]:
            states = self._file_states(name)
            loaded = self._loaded.get(name)
            if loaded is None or (loaded.states != states and None not in states):
                loaded = self._loaded[name] = in_thread(self._read, name, states)
            return loaded

    def file_warning(self, name: str) -> str | None:
        """Describe the files of the data set that are not its published files. Return None if there are none."""
        spec, states = self.spec(name), self._file_states(name)
        found = self._warnings.get(name)
        if found is None or found[0] != states:
            text = in_thread(describe_other_files, spec, self._config.datasets_dir, self.datasets) if states else None
            found = self._warnings[name] = (states, text)
        return found[1]

    def images(self, name: str, split: str) -> ImageSplit:
        """Return the images of split "train" or "test".

        Raises NotFoundError for a table, and all errors that `load` raises.
        """
        found = self.load_version(name)
        dataset = found.dataset
        if dataset.image_shape is None:
            raise NotFoundError(f"{self.spec(name).title} is a table of numbers, without images.")
        return ImageSplit(_split_of(dataset, split), dataset.image_shape, dataset.pixel_max, found.version)

    def examples(self, name: str, split: str, *, label: int | None, offset: int, limit: int) -> ExamplePage:
        """Return a page of a split's examples, in their stored order.

        `label` selects one class; None selects all classes. Rows of a table contain only the first inputs. Raises
        InvalidError for an unknown class, NotFoundError for an unknown data set, and all errors that `load` raises.
        """
        spec = self.spec(name)
        if label is not None and label >= spec.n_classes:
            raise InvalidError({"label": _label_problem(spec)})
        examples = _split_of(self.load(name), split)
        rows = np.arange(len(examples)) if label is None else np.flatnonzero(examples.labels == label)
        chosen = rows[offset : offset + limit]
        labels = examples.labels[chosen].tolist() if spec.n_classes else [None] * len(chosen)
        values = _table_rows(examples.part(chosen)) if spec.kind == "table" else [{} for _ in chosen]
        facts = zip(chosen.tolist(), labels, values, strict=True)
        return ExamplePage([{"index": index, "label": label, **row} for index, label, row in facts], len(rows))

    def _file_states(self, name: str) -> FileStates:
        return file_states(self.spec(name), self._config.datasets_dir)

    def _read(self, name: str, states: FileStates) -> VersionedDataset:
        dataset = load_dataset(
            name,
            datasets_dir=self._config.datasets_dir,
            cache_dir=self._config.cache_dir,
            datasets=self.datasets,
        )
        train, test = FileBackedSplit.from_split(dataset.train), FileBackedSplit.from_split(dataset.test)
        return VersionedDataset(replace(dataset, train=train, test=test), states, fingerprint(train), fingerprint(test))


def _split_of(dataset: Dataset, split: str) -> Split:
    return dataset.train if split == "train" else dataset.test


def _table_rows(examples: Split) -> list[dict[str, list[float]]]:
    inputs = examples.take(np.arange(len(examples)))[:, :SHOWN_FEATURES]
    targets = np.empty((len(examples), 0)) if examples.targets is None else examples.targets
    return [{"inputs": row.tolist(), "targets": true.tolist()} for row, true in zip(inputs, targets, strict=True)]


def _label_problem(spec: DatasetSpec) -> str:
    return f"must be less than {spec.n_classes}" if spec.n_classes else "must be omitted: there are no classes"
