"""Annotations of images: flags, labels and notes. They belong to the data set, not to a run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from nn.datasets import DatasetSpec
from webapp.datasets.library import DatasetLibrary
from webapp.errors import InvalidError, NotFoundError
from webapp.storage.annotation_store import EMPTY_ANNOTATION, Annotation, AnnotationStore
from webapp.validation import clean_note, read_whole_number

__all__ = ["Annotation", "Annotations"]

MAX_AT_ONCE = 500


class Annotations:
    """Loads and changes the annotations of the images in a split (`train` or `test`).

    The annotations of a split are loaded once and then cached in memory, because every list of images contains them.
    """

    def __init__(self, store: AnnotationStore, library: DatasetLibrary) -> None:
        self._library = library
        self._store = store
        self._cache: dict[tuple[str, str], Mapping[int, Annotation]] = {}
        self._versions: dict[tuple[str, str], str] = {}

    def of_split(self, dataset: str, split: str) -> Mapping[int, Annotation]:
        """Return the annotations of a split by image index, in ascending order. The returned mapping never changes.

        Raises NotFoundError if the data set does not exist or is a table.
        """
        self._spec(dataset)
        key = dataset, split
        if key not in self._cache:
            self._cache[key] = MappingProxyType(self._store.read(dataset, split))
        return self._cache[key]

    def version(self, dataset: str, split: str) -> str:
        """Return twelve characters that change if an annotation of the split changes. Raises NotFoundError."""
        key = dataset, split
        if key not in self._versions:
            content = repr(list(self.of_split(dataset, split).items()))
            self._versions[key] = hashlib.sha256(content.encode()).hexdigest()[:12]
        return self._versions[key]

    def change(self, dataset: str, split: str, indices: object, changes: Mapping[str, object]) -> dict[int, Annotation]:
        """Change the annotations of one or more images, and return the changed annotations.

        `changes` may contain `flagged` (true or false), `label` (a class, or None for no label) and `note` (empty for
        no note). Missing fields keep their values. Raises NotFoundError if the data set does not exist or is a table.
        Raises InvalidError, which names the invalid fields.
        """
        spec = self._spec(dataset)
        train_size, test_size = self._library.sizes(dataset)
        chosen = _read_indices(indices, train_size if split == "train" else test_size)
        values: dict[str, Any] = {name: _read_change(name, value, spec.n_classes) for name, value in changes.items()}
        before = self.of_split(dataset, split)
        changed = {index: replace(before.get(index, EMPTY_ANNOTATION), **values) for index in chosen}
        self._store.write(dataset, split, changed)
        after = {index: each for index, each in {**before, **changed}.items() if each != EMPTY_ANNOTATION}
        self._cache[dataset, split] = MappingProxyType(dict(sorted(after.items())))
        self._versions.pop((dataset, split), None)
        return changed

    def _spec(self, dataset: str) -> DatasetSpec:
        spec = self._library.spec(dataset)
        if spec.kind == "table":
            raise NotFoundError(f"{spec.title} is a table of numbers, without images to annotate.")
        return spec


def _read_indices(value: object, n_images: int) -> list[int]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_AT_ONCE:
        raise InvalidError({"indices": f"must be a list of 1 to {MAX_AT_ONCE} whole numbers"})
    return list(dict.fromkeys(read_whole_number("indices", index, last=n_images - 1) for index in value))


def _read_change(name: str, value: object, n_classes: int) -> object:
    if name == "note":
        return clean_note(value)
    if name == "label":
        return None if value is None else read_whole_number("label", value, last=n_classes - 1)
    if not isinstance(value, bool):
        raise InvalidError({name: "must be true or false"})
    return value
