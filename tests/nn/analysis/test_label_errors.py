"""Label errors: the class that several sources favor instead of the label."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.analysis.label_errors import find_label_errors, mean_probabilities

NETWORK = [[0.9, 0.1, 0.0], [0.2, 0.8, 0.0], [0.5, 0.2, 0.3]]
NEIGHBORS = [[2.0, 8.0, 0.0], [0.0, 10.0, 0.0], [0.0, 0.0, 10.0]]


def as_source(rows: list[list[float]]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array(rows, np.float64)


def test_the_score_is_the_mean_probability_of_the_suggested_class_minus_that_of_the_label() -> None:
    found = find_label_errors(np.array([1, 0, 2], np.uint8), [as_source(NETWORK), as_source(NEIGHBORS)])
    # Means: (0.55, 0.45, 0), (0.1, 0.9, 0), (0.25, 0.1, 0.65).
    assert found.suggested.tolist() == [0, 1, 2]
    assert found.scores == pytest.approx([0.1, 0.8, 0.0], abs=1e-6)


def test_neighbors_can_outvote_a_confident_network() -> None:
    labels = np.array([1], np.uint8)
    alone = find_label_errors(labels, [as_source([[0.7, 0.3]])])
    together = find_label_errors(labels, [as_source([[0.7, 0.3]]), as_source([[1, 9]])])
    assert (alone.suggested[0], together.suggested[0]) == (0, 1)
    assert (alone.scores[0] > 0, together.scores[0]) == (True, 0)


def test_each_source_has_the_same_weight_whatever_its_outputs_sum_to() -> None:
    sigmoid_outputs = as_source([[0.9, 0.9, 0.0]])
    assert mean_probabilities([sigmoid_outputs, as_source([[0, 0, 10]])])[0] == pytest.approx([0.25, 0.25, 0.5])


@pytest.mark.parametrize("row", [[math.nan, 0.5], [math.inf, 0.5], [0.0, 0.0]])
def test_a_source_without_usable_outputs_is_left_out(row: list[float]) -> None:
    known = as_source([[0.25, 0.75]])
    assert mean_probabilities([as_source([row]), known]).tolist() == known.tolist()
    unknown = find_label_errors(np.array([0], np.uint8), [as_source([row])])
    assert np.isnan(unknown.scores).all()


@given(st.integers(0, 100))
def test_scores_are_in_0_to_1_and_0_where_the_label_is_the_most_probable_class(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sources = [rng.random((40, 5), np.float64) for _ in range(rng.integers(1, 4))]
    labels = rng.integers(0, 5, 40).astype(np.uint8)
    found = find_label_errors(labels, sources)
    assert ((found.scores >= 0) & (found.scores <= 1)).all()
    assert ((found.scores == 0) == (found.suggested == labels)).all()
