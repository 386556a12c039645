"""Annotations of images: they belong to the data set, are loaded once, and can be changed field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import event

from nn.datasets import BUILT_IN_DATASETS
from nn.hyperparameters.schema import Hyperparameters
from webapp.annotations.service import Annotation, Annotations
from webapp.config import Config
from webapp.datasets.library import DatasetLibrary
from webapp.errors import InvalidError, NotFoundError
from webapp.storage.annotation_store import AnnotationStore
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore


@pytest.fixture
def library(config: Config) -> DatasetLibrary:
    return DatasetLibrary(config, BUILT_IN_DATASETS)


@pytest.fixture
def service(store: RunStore, library: DatasetLibrary) -> Annotations:
    return Annotations(AnnotationStore(store.engine), library)


def test_missing_fields_keep_their_values(service: Annotations) -> None:
    service.change("digits", "test", [4, 2], {"flagged": True})
    service.change("digits", "test", [2], {"label": 9, "note": " a 9,\nfor sure "})
    assert service.of_split("digits", "test") == {2: Annotation(True, 9, "a 9,\nfor sure"), 4: Annotation(True)}
    service.change("digits", "test", [2], {"flagged": False})
    assert service.of_split("digits", "test")[2] == Annotation(False, 9, "a 9,\nfor sure")


def test_an_empty_annotation_is_returned_but_not_stored(service: Annotations, store: RunStore) -> None:
    service.change("digits", "test", [1], {"flagged": True, "label": 0, "note": "x"})
    assert service.change("digits", "test", [1, 5], {"flagged": False, "label": None, "note": " \n"}) == {
        1: Annotation(),
        5: Annotation(),
    }
    assert service.of_split("digits", "test") == {}
    assert AnnotationStore(store.engine).read("digits", "test") == {}


def test_splits_and_data_sets_have_separate_annotations(service: Annotations) -> None:
    service.change("digits", "test", [0], {"label": 0})
    service.change("digits", "train", [0], {"label": 1})
    service.change("mnist", "test", [0], {"label": 2})
    found = [
        service.of_split(*split)[0].label for split in (("digits", "test"), ("digits", "train"), ("mnist", "test"))
    ]
    assert found == [0, 1, 2]
    assert service.of_split("mnist", "train") == {}


def test_annotations_survive_a_restart_and_the_deletion_of_a_run(
    config: Config, store: RunStore, service: Annotations, library: DatasetLibrary
) -> None:
    run = store.add_run(name="a", preset=None, hyperparameters=Hyperparameters(dataset="digits"), parameter_count=1)
    service.change("digits", "test", [300, 3], {"note": "“ſ” or 5?"})
    store.change_status(run.id, RunStatus.STOPPED)
    assert store.delete_run(run.id)
    store.close()

    again = RunStore(config.database)
    stored = Annotations(AnnotationStore(again.engine), library).of_split("digits", "test")
    assert list(stored.items()) == [(3, Annotation(note="“ſ” or 5?")), (300, Annotation(note="“ſ” or 5?"))]
    again.close()


def test_a_split_is_loaded_once(service: Annotations, store: RunStore) -> None:
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _cursor, text, *_rest: statements.append(text))
    before = service.of_split("digits", "test")
    service.of_split("digits", "test")
    assert len([text for text in statements if text.startswith("SELECT")]) == 1
    service.change("digits", "test", [7], {"flagged": True})
    assert service.of_split("digits", "test") == {7: Annotation(True)}
    assert len([text for text in statements if text.startswith("SELECT")]) == 1
    assert before == {}, "a returned mapping does not change"


@pytest.mark.parametrize(
    ("indices", "changes", "field"),
    [
        (None, {"flagged": True}, "indices"),
        ([], {"flagged": True}, "indices"),
        (list(range(350)) + list(range(151)), {"flagged": True}, "indices"),
        (3, {"flagged": True}, "indices"),
        ([0, 359], {"flagged": True}, "indices"),
        ([-1], {"flagged": True}, "indices"),
        ([True], {"flagged": True}, "indices"),
        ([1.0], {"flagged": True}, "indices"),
        ([float("inf")], {"flagged": True}, "indices"),
        ([[1]], {"flagged": True}, "indices"),
        ([1], {"flagged": 1}, "flagged"),
        ([1], {"flagged": None}, "flagged"),
        ([1], {"label": 10}, "label"),
        ([1], {"label": False}, "label"),
        ([1], {"label": "3"}, "label"),
        ([1], {"note": None}, "note"),
        ([1], {"note": "x" * 2001}, "note"),
        ([1], {"note": "a\0b"}, "note"),
        ([1], {"flagged": True, "note": "\ud800"}, "note"),
    ],
)
def test_an_invalid_field_is_named_and_nothing_changes(
    service: Annotations, indices: object, changes: Mapping[str, Any], field: str
) -> None:
    service.change("digits", "test", [1], {"label": 3})
    with pytest.raises(InvalidError) as raised:
        service.change("digits", "test", indices, changes)
    assert list(raised.value.fields) == [field]
    assert service.of_split("digits", "test") == {1: Annotation(label=3)}


@pytest.mark.parametrize("dataset", ["xor_gate", "random_regression", "nothing", ""])
def test_tables_and_unknown_data_sets_have_no_annotations(service: Annotations, dataset: str) -> None:
    with pytest.raises(NotFoundError):
        service.of_split(dataset, "train")
    with pytest.raises(NotFoundError):
        service.change(dataset, "train", [0], {"flagged": True})
