"""What people say of images: flags, the labels that they would give, notes. Kept with the data set, not with a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from nn.datasets import DatasetRegistry, DatasetSpec
from nn.errors import DatasetError
from webapp.errors import InvalidError, NotFoundError
from webapp.storage.annotation_store import NOTHING_SAID, Annotation, AnnotationStore
from webapp.validation import clean_note, read_whole_number

__all__ = ["Annotation", "Annotations"]

MAX_AT_ONCE = 500


class Annotations:
    """Finds and changes what is said of the images of a split, `train` or `test`.

    Each split is read once and then kept in memory: every list of images asks for it.
    """

    def __init__(self, store: AnnotationStore, datasets: DatasetRegistry) -> None:
        self._datasets = datasets
        self._store = store
        self._known: dict[tuple[str, str], Mapping[int, Annotation]] = {}

    def of(self, dataset: str, split: str) -> Mapping[int, Annotation]:
        """What is said of each annotated image, by its index, in order; it does not change afterwards.

        Raises NotFoundError where there is no data set of that name, or it is a table.
        """
        self._spec(dataset)
        place = dataset, split
        if place not in self._known:
            self._known[place] = MappingProxyType(self._store.read(dataset, split))
        return self._known[place]

    def change(self, dataset: str, split: str, indices: object, changes: Mapping[str, object]) -> dict[int, Annotation]:
        """Say something of one or more images; what then is said of each.

        `changes` may hold `flagged` (true or false), `label` (a class, or None for no opinion) and `note` (empty for
        none); what it does not hold stays. Raises NotFoundError as `of`, InvalidError with the fields that cannot be
        used.
        """
        spec = self._spec(dataset)
        chosen = _read_indices(indices, spec.train_size if split == "train" else spec.test_size)
        values: dict[str, Any] = {name: _read_change(name, value, spec.n_classes) for name, value in changes.items()}
        before = self.of(dataset, split)
        changed = {index: replace(before.get(index, NOTHING_SAID), **values) for index in chosen}
        self._store.write(dataset, split, changed)
        said = {index: said for index, said in {**before, **changed}.items() if said != NOTHING_SAID}
        self._known[dataset, split] = MappingProxyType(dict(sorted(said.items())))
        return changed

    def _spec(self, dataset: str) -> DatasetSpec:
        try:
            spec = self._datasets.get(dataset)
        except DatasetError as error:
            raise NotFoundError(str(error)) from None
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
