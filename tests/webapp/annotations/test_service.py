"""What is said of images: kept with the data set, read once, changed in part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import event

from nn.datasets import BUILT_IN_DATASETS
from nn.hyperparameters.schema import Hyperparameters
from webapp.annotations.service import Annotation, Annotations
from webapp.config import Config
from webapp.errors import InvalidError, NotFoundError
from webapp.storage.annotation_store import AnnotationStore
from webapp.storage.run_status import RunStatus
from webapp.storage.run_store import RunStore


@pytest.fixture
def service(store: RunStore) -> Annotations:
    return Annotations(AnnotationStore(store.engine), BUILT_IN_DATASETS)


def test_what_is_left_out_stays(service: Annotations) -> None:
    service.change("digits", "test", [4, 2], {"flagged": True})
    service.change("digits", "test", [2], {"label": 9, "note": " a 9,\nfor sure "})
    assert service.of("digits", "test") == {2: Annotation(True, 9, "a 9,\nfor sure"), 4: Annotation(True)}
    service.change("digits", "test", [2], {"flagged": False})
    assert service.of("digits", "test")[2] == Annotation(False, 9, "a 9,\nfor sure")


def test_an_image_of_which_nothing_is_said_any_more_is_forgotten_but_answered(
    service: Annotations, store: RunStore
) -> None:
    service.change("digits", "test", [1], {"flagged": True, "label": 0, "note": "x"})
    assert service.change("digits", "test", [1, 5], {"flagged": False, "label": None, "note": " \n"}) == {
        1: Annotation(),
        5: Annotation(),
    }
    assert service.of("digits", "test") == {}
    assert AnnotationStore(store.engine).read("digits", "test") == {}


def test_splits_and_data_sets_are_apart(service: Annotations) -> None:
    service.change("digits", "test", [0], {"label": 0})
    service.change("digits", "train", [0], {"label": 1})
    service.change("mnist", "test", [0], {"label": 2})
    found = [service.of(*place)[0].label for place in (("digits", "test"), ("digits", "train"), ("mnist", "test"))]
    assert found == [0, 1, 2]
    assert service.of("mnist", "train") == {}


def test_they_outlive_the_server_and_the_run(config: Config, store: RunStore, service: Annotations) -> None:
    run = store.add_run(name="a", preset=None, hyperparameters=Hyperparameters(dataset="digits"), parameter_count=1)
    service.change("digits", "test", [300, 3], {"note": "“ſ” or 5?"})
    store.change_status(run.id, RunStatus.STOPPED)
    assert store.delete_run(run.id)
    store.close()

    again = RunStore(config.store_url)
    said = Annotations(AnnotationStore(again.engine), BUILT_IN_DATASETS).of("digits", "test")
    assert list(said.items()) == [(3, Annotation(note="“ſ” or 5?")), (300, Annotation(note="“ſ” or 5?"))]
    again.close()


def test_a_split_is_read_once(service: Annotations, store: RunStore) -> None:
    statements: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _cursor, text, *_rest: statements.append(text))
    before = service.of("digits", "test")
    service.of("digits", "test")
    assert len([text for text in statements if text.startswith("SELECT")]) == 1
    service.change("digits", "test", [7], {"flagged": True})
    assert service.of("digits", "test") == {7: Annotation(True)}
    assert len([text for text in statements if text.startswith("SELECT")]) == 1
    assert before == {}, "what was handed out does not change"


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
def test_what_cannot_be_used_is_named_and_nothing_is_changed(
    service: Annotations, indices: object, changes: Mapping[str, Any], field: str
) -> None:
    service.change("digits", "test", [1], {"label": 3})
    with pytest.raises(InvalidError) as refusal:
        service.change("digits", "test", indices, changes)
    assert list(refusal.value.fields) == [field]
    assert service.of("digits", "test") == {1: Annotation(label=3)}


@pytest.mark.parametrize("dataset", ["xor_gate", "random_regression", "nothing", ""])
def test_there_are_none_for_tables_and_for_what_there_is_not(service: Annotations, dataset: str) -> None:
    with pytest.raises(NotFoundError):
        service.of(dataset, "train")
    with pytest.raises(NotFoundError):
        service.change(dataset, "train", [0], {"flagged": True})
