"""What is kept of the outputs, which images were got wrong, and the figures of each."""

from __future__ import annotations

import json
import math
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix as reference_confusion_matrix

from nn.predictions import (
    ImagePrediction,
    Predictions,
    SortKey,
    SortOrder,
    confusion_matrix,
    misclassified,
    prediction,
)

SORTS: tuple[SortKey, ...] = ("confidence", "loss", "margin", "index")
ORDERS: tuple[SortOrder, ...] = ("asc", "desc")


def some(n_images: int = 200, n_classes: int = 10, seed: int = 0) -> tuple[Predictions, NDArray[np.uint8]]:
    """Predictions of random outputs, and labels of which about half are right."""
    rng = np.random.default_rng(seed)
    outputs = rng.dirichlet(np.full(n_classes, 0.3), n_images).astype(np.float32)
    labels = np.where(rng.random(n_images) < 0.5, outputs.argmax(axis=1), rng.integers(0, n_classes, n_images))
    losses = -np.log(np.maximum(outputs[np.arange(n_images), labels], 1e-30))
    return Predictions.from_outputs(outputs, losses), labels.astype(np.uint8)


def wrong(predictions: Predictions, labels: NDArray[np.uint8], **choices: Any) -> list[ImagePrediction]:
    return misclassified(predictions, labels, **{"limit": len(labels), **choices})[1]


def test_16_bits_tell_the_nearly_sure_from_the_sure_and_the_tiny_from_nothing() -> None:
    outputs = np.array([[1.0, 0.0, 1e-30, 1e-9, 1e-4, 0.1, 0.5, 0.99, 0.9999, 0.999999]], np.float32)
    kept = Predictions.from_outputs(outputs, np.zeros(1))
    dtypes = [part.dtype.name for part in (kept.log_probabilities, kept.losses, kept.predicted)]
    assert dtypes == ["float16", "float32", "uint8"]
    assert kept.probabilities.dtype == np.float32
    assert kept.probabilities[0, :2].tolist() == [1, 0]
    np.testing.assert_allclose(kept.probabilities, outputs, rtol=0.02)
    np.testing.assert_allclose(1 - kept.probabilities[0, 7:], 1 - outputs[0, 7:], rtol=0.1)


def test_the_class_is_that_of_the_outputs_in_full_precision() -> None:
    outputs = np.array([[0.5, 0.50001, 0.0], [1.5, 1.2, 2.0], [-3.0, -2.0, -1.0]])
    kept = Predictions.from_outputs(outputs, np.zeros(3))
    assert kept.predicted.tolist() == [1, 2, 2]
    assert kept.probabilities.min() >= 0
    assert kept.probabilities.max() <= 1
    assert len(kept) == 3


def test_what_is_given_is_not_changed() -> None:
    outputs, losses = np.array([[0.25, 2.0, math.nan]]), np.array([1e300])
    before = outputs.copy()
    kept = Predictions.from_outputs(outputs, losses)
    np.testing.assert_array_equal(outputs, before)
    assert math.isinf(kept.losses[0])


def test_only_wrong_images_are_listed_each_with_its_figures() -> None:
    predictions, labels = some()
    total, items = misclassified(predictions, labels, sort="index", order="asc", limit=len(labels))
    indices = np.flatnonzero(predictions.predicted != labels)
    assert 50 < total < 150
    assert [item.index for item in items] == indices.tolist()
    for item in items:
        outputs = predictions.probabilities[item.index]
        assert item.true_label == labels[item.index] != item.predicted_label == predictions.predicted[item.index]
        assert item.probabilities == tuple(outputs.tolist())
        assert item.confidence == outputs[item.predicted_label]
        assert item.margin == outputs[item.predicted_label] - outputs[item.true_label]
        assert item.loss == predictions.losses[item.index]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("sort", SORTS)
def test_each_sort_goes_both_ways(sort: SortKey, order: SortOrder) -> None:
    figures = [getattr(item, sort) for item in wrong(*some(), sort=sort, order=order)]
    assert figures == sorted(figures, reverse=order == "desc")
    assert len(set(figures)) > 20


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("sort", ["confidence", "loss", "margin"])
def test_ties_are_in_the_order_of_the_images(sort: SortKey, order: SortOrder) -> None:
    predictions = Predictions.from_outputs(np.tile([0.25, 0.75], (50, 1)), np.ones(50))
    items = wrong(predictions, np.zeros(50, np.uint8), sort=sort, order=order)
    assert [item.index for item in items] == list(range(50))


@given(true=st.none() | st.integers(-1, 300), predicted=st.none() | st.integers(-1, 300))
def test_filters_keep_one_cell_of_the_confusion_matrix(true: int | None, predicted: int | None) -> None:
    predictions, labels = some()
    expected = [
        index
        for index, (label, answer) in enumerate(zip(labels.tolist(), predictions.predicted.tolist(), strict=True))
        if label != answer and true in (None, label) and predicted in (None, answer)
    ]
    total, items = misclassified(
        predictions, labels, true=true, predicted=predicted, sort="index", order="asc", limit=len(labels)
    )
    assert [item.index for item in items] == expected
    assert total == len(expected)


@given(offset=st.integers(0, 250), limit=st.integers(0, 250))
def test_pages_are_parts_of_the_whole(offset: int, limit: int) -> None:
    predictions, labels = some()
    total, page = misclassified(predictions, labels, sort="loss", offset=offset, limit=limit)
    everything = wrong(predictions, labels, sort="loss")
    assert total == len(everything)
    assert page == everything[offset : offset + limit]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("sort", ["confidence", "loss", "margin"])
def test_what_is_not_finite_is_listed_last(sort: SortKey, order: SortOrder) -> None:
    outputs = np.array([[math.nan] * 3, [0.1, 0.2, 0.7], [0.1, math.inf, 0.0], [0.1, 0.3, 0.6], [-math.inf, 0.4, 0.5]])
    losses = np.array([math.nan, 2.0, math.inf, 1.0, math.inf])
    items = wrong(Predictions.from_outputs(outputs, losses), np.full(5, 0, np.uint8), sort=sort, order=order)
    finite = [1, 3] if order == "desc" else [3, 1]
    assert [item.index for item in items] == [*finite, 2, 4]  # image 0 counts as right: NaN is first among equals
    for item in items[2:]:
        assert (item.confidence, item.margin, item.loss, item.probabilities) == (None, None, None, None)


def test_a_diverged_network_gives_json_without_nan() -> None:
    predictions = Predictions.from_outputs(np.full((4, 3), math.nan), np.full(4, math.nan))
    items = wrong(predictions, np.array([0, 1, 2, 1], np.uint8))
    assert [item.index for item in items] == [1, 2, 3]
    text = json.dumps([item.to_json() for item in items], allow_nan=False)
    assert json.loads(text)[0] == {
        "index": 1,
        "true_label": 1,
        "predicted_label": 0,
        "confidence": None,
        "loss": None,
        "margin": None,
        "probabilities": None,
    }


def test_one_image_right_or_wrong() -> None:
    predictions, labels = some()
    items = {item.index: item for item in wrong(predictions, labels)}
    for index in range(len(labels)):
        found = prediction(predictions, labels, index)
        assert found.index == index
        assert found == items.get(index, found)
        if index not in items:
            assert found.margin == 0
    assert json.loads(json.dumps(found.to_json()))["probabilities"] == list(found.probabilities or ())


@pytest.mark.parametrize("index", [-1, 200, 10**30])
def test_an_image_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError, match="the last is 199"):
        prediction(*some(), index)


@given(st.integers(0, 100))
def test_the_confusion_matrix_is_that_of_scikit_learn(seed: int) -> None:
    predictions, labels = some(seed=seed)
    matrix = confusion_matrix(labels, predictions.predicted, 10)
    assert matrix.dtype == np.int64
    np.testing.assert_array_equal(matrix, reference_confusion_matrix(labels, predictions.predicted, labels=range(10)))


def test_classes_that_never_occur_have_a_row_and_a_column() -> None:
    labels = np.array([3, 3], np.uint8)
    assert confusion_matrix(labels, np.array([3, 1], np.uint8), 4).tolist() == [[0] * 4] * 3 + [[0, 1, 0, 1]]


def test_10000_images_take_milliseconds() -> None:
    predictions, labels = some(10_000)
    all_wrong = replace(predictions, predicted=((labels + 1) % 10).astype(np.uint8))
    times = []
    for _ in range(20):
        started = time.perf_counter()
        assert misclassified(all_wrong, labels)[0] == 10_000
        confusion_matrix(labels, all_wrong.predicted, 10)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.02  # 2 ms on a quiet machine
