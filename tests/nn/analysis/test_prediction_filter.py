"""Filtering and sorting images."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nn.analysis.learning_dynamics import LEARNING_CATEGORIES, LearningCategory, LearningSnapshot
from nn.analysis.prediction_filter import Correctness, PredictionFilter, SortKey, SortOrder, sort_indices
from nn.analysis.predictions import Predictions, PredictionScores
from tests.support.random_predictions import predictions_from, random_predictions

SORTS: tuple[SortKey, ...] = ("confidence", "loss", "margin")
ORDERS: tuple[SortOrder, ...] = ("asc", "desc")


class Images:
    """Predictions for images with random learning categories. Some images are flagged, some are label suspects."""

    def __init__(self, predictions: Predictions, labels: NDArray[np.uint8], seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        n = len(labels)
        self.scores = PredictionScores(predictions, labels)
        self.learning = LearningSnapshot(rng.integers(0, 5, n, np.uint8), rng.integers(0, 9, n, np.int32))
        self.flagged = rng.random(n) < 0.3
        self.suspects = ~self.scores.is_correct & (rng.random(n) < 0.3)

    def select(self, **choices: Any) -> list[int]:
        indices = PredictionFilter(**choices).indices(
            self.scores, self.learning, flagged=self.flagged, suspects=self.suspects
        )
        return [int(index) for index in indices]

    def select_sorted(self, sort: SortKey, order: SortOrder, **choices: Any) -> list[int]:
        indices = np.array(self.select(**choices), np.intp)
        return [int(index) for index in sort_indices(indices, getattr(self.scores, sort), order)]


images = Images(*random_predictions())


def test_the_default_filter_selects_every_misclassified_image() -> None:
    misclassified = np.flatnonzero(images.scores.predicted != images.scores.true_labels).tolist()
    assert images.select() == misclassified
    assert 50 < len(misclassified) < 150


@given(true=st.none() | st.integers(-1, 300), predicted=st.none() | st.integers(-1, 300))
def test_classes_select_one_cell_of_the_confusion_matrix(true: int | None, predicted: int | None) -> None:
    pairs = zip(images.scores.true_labels.tolist(), images.scores.predicted.tolist(), strict=True)
    assert images.select(true=true, predicted=predicted) == [
        index
        for index, (label, prediction) in enumerate(pairs)
        if label != prediction and true in (None, label) and predicted in (None, prediction)
    ]


FRACTIONS = st.none() | st.floats(0, 1, width=16)


@given(
    answer=st.sampled_from(get_args(Correctness)),
    min_confidence=FRACTIONS,
    max_confidence=FRACTIONS,
    max_margin=FRACTIONS,
    history=st.none() | st.sampled_from(LearningCategory),
    flagged=st.none() | st.booleans(),
    suspects=st.booleans(),
)
def test_selected_images_meet_every_condition(**choices: Any) -> None:
    def matches(index: int) -> bool:
        (item,) = images.scores.image_predictions([index])
        assert item.confidence is not None
        assert item.margin is not None
        correctness = "right" if item.true_label == item.predicted_label else "wrong"
        wanted = choices["answer"]
        least, most = choices["min_confidence"], choices["max_confidence"]
        return all(
            [
                bool(images.suspects[index]) if choices["suspects"] else wanted in (correctness, "any"),
                least is None or item.confidence >= least,
                most is None or item.confidence <= most,
                choices["max_margin"] is None or item.margin <= choices["max_margin"],
                choices["history"] in (None, LEARNING_CATEGORIES[images.learning.categories[index]]),
                choices["flagged"] in (None, bool(images.flagged[index])),
            ]
        )

    assert images.select(**choices) == [index for index in range(len(images.scores)) if matches(index)]


def test_limits_are_inclusive() -> None:
    predictions = predictions_from([[1.0, 0.0], [1.0, 1.0]], [1.0, 1.0])
    certain = Images(predictions, np.array([1, 1], np.uint8))
    assert certain.select(min_confidence=1.0, max_confidence=1.0) == [0, 1]
    assert certain.select(max_margin=0.0) == [1]


def test_limits_exclude_images_without_a_score() -> None:
    unknown = Images(predictions_from([[math.nan, 0.5]], [math.nan]), np.array([1], np.uint8))
    assert unknown.select() == [0]
    for limit in ({"min_confidence": 0.0}, {"max_confidence": 1.0}, {"max_margin": 1.0}):
        assert unknown.select(**limit) == []


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("sort", SORTS)
def test_each_sort_key_works_in_both_orders(sort: SortKey, order: SortOrder) -> None:
    indices = images.select_sorted(sort, order)
    scores = getattr(images.scores, sort)[indices].tolist()
    assert scores == sorted(scores, reverse=order == "desc")
    assert sorted(indices) == images.select()
    assert len(set(scores)) > 20


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("sort", SORTS)
def test_ties_keep_the_order_of_the_images(sort: SortKey, order: SortOrder) -> None:
    identical = predictions_from(np.tile([0.25, 0.75], (50, 1)), np.ones(50))
    assert Images(identical, np.zeros(50, np.uint8)).select_sorted(sort, order) == list(range(50))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("sort", SORTS)
def test_values_that_are_not_finite_sort_last(sort: SortKey, order: SortOrder) -> None:
    outputs = np.array([[math.nan] * 3, [0.1, 0.2, 0.7], [0.1, math.inf, 0.0], [0.1, 0.3, 0.6], [-math.inf, 0.4, 0.5]])
    losses = np.array([math.nan, 2.0, math.inf, 1.0, math.inf])
    mixed = Images(predictions_from(outputs, losses), np.full(5, 0, np.uint8))
    indices = mixed.select_sorted(sort, order)
    finite = [1, 3] if order == "desc" else [3, 1]
    assert indices == [*finite, 2, 4]  # image 0 counts as correct: argmax returns the first NaN
    for item in mixed.scores.image_predictions(indices[2:]):
        assert (item.confidence, item.margin, item.loss, item.probabilities) == (None, None, None, None)


def test_integer_keys_are_sorted_too() -> None:
    key = np.array([3, 1, 2], np.uint8)
    assert sort_indices(np.array([0, 1, 2]), key, "desc").tolist() == [0, 2, 1]


def test_10000_images_take_milliseconds() -> None:
    predictions, labels = random_predictions(10_000)
    all_misclassified = replace(predictions, predicted=((labels + 1) % 10).astype(np.uint8))
    times = []
    for _ in range(20):
        started = time.thread_time()
        assert len(Images(all_misclassified, labels).select_sorted("confidence", "desc")) == 10_000
        times.append(time.thread_time() - started)
    assert min(times) < 0.03  # it takes 4 ms on an idle machine
