"""Label errors: images that the network confidently predicts as another class."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn.analysis.label_errors import find_label_errors
from nn.analysis.predictions import PredictionScores
from tests.support.random_predictions import predictions_from, random_predictions

FLOAT16_TOLERANCE = 0.002


def find_suspects(outputs: list[list[float]], labels: list[int]) -> list[bool]:
    predictions = predictions_from(outputs, np.zeros(len(labels)))
    found = find_label_errors(PredictionScores(predictions, np.array(labels, np.uint8)))
    return [bool(suspect) for suspect in found]


def test_a_label_is_suspect_if_another_class_exceeds_its_mean_output() -> None:
    outputs = [
        [0.9, 0.1],  # t₀ = (0.9 + 0.7 + 0.2 + 0.45) / 4 = 0.5625
        [0.7, 0.3],
        [0.2, 0.8],
        [0.45, 0.55],
        [0.1, 0.9],  # t₁ = (0.9 + 0.4 + 0.45) / 3 = 0.5833…
        [0.6, 0.4],
        [0.55, 0.45],
    ]
    labels = [0, 0, 0, 0, 1, 1, 1]
    assert find_suspects(outputs, labels) == [False, False, True, False, False, True, False]


def test_outputs_need_not_sum_to_1() -> None:
    outputs = [[0.9, 0.95], [0.2, 0.1], [0.05, 0.2], [0.6, 0.9]]  # t₀ = 0.55, t₁ = 0.55
    assert find_suspects(outputs, [0, 0, 1, 1]) == [True, False, False, False]


def test_a_class_without_images_makes_no_label_suspect() -> None:
    assert find_suspects([[0.1, 0.2, 0.9], [0.2, 0.1, 0.3]], [0, 1]) == [False, False]


def test_images_with_outputs_that_are_not_finite_are_ignored() -> None:
    outputs = [[0.6, 0.4], [math.nan, 0.1], [0.7, 0.3], [0.2, 0.8], [math.inf, 0.2]]
    assert find_suspects(outputs, [0, 0, 1, 1, 1]) == [False, False, True, False, False]
    assert find_suspects([[math.nan, math.nan]], [1]) == [False]


@given(st.integers(0, 50))
def test_suspects_equal_the_rule_image_by_image(seed: int) -> None:
    predictions, labels = random_predictions(seed=seed)
    outputs = predictions.probabilities.astype(np.float64)
    thresholds = [outputs[labels == label, label].mean() for label in range(10)]
    found = find_label_errors(PredictionScores(predictions, labels)).tolist()
    for index, (row, label) in enumerate(zip(outputs, labels.tolist(), strict=True)):
        prediction = int(predictions.predicted[index])
        distance = row[prediction] - thresholds[prediction]
        if abs(distance) > FLOAT16_TOLERANCE:
            assert found[index] == (prediction != label and distance > 0)
    assert 0 < sum(found) < (predictions.predicted != labels).sum()
