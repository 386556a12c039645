"""Calibration, compared with values computed by hand, by loops and by scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from nn.analysis.calibration import Bin, Calibration, Threshold, compute_calibration
from nn.analysis.predictions import Predictions, PredictionScores
from tests.support.random_predictions import predictions_from, random_predictions


def calibration_of(outputs: list[list[float]], labels: list[int]) -> Calibration:
    predictions = predictions_from(outputs, np.zeros(len(labels)))
    return compute_calibration(PredictionScores(predictions, np.array(labels, np.uint8)))


def test_a_few_images_by_hand() -> None:
    # 1 and σ(½) = 0.62245… are stored exactly, because float16 represents their log odds ∞ and ½ exactly.
    confidence_of_two = 1 / (1 + math.exp(-0.5))
    calibration = calibration_of(
        [[1.0, 0.0], [0.0, 1.0], [confidence_of_two, 0.0], [confidence_of_two, 0.1]], [0, 0, 0, 1]
    )
    assert (calibration.images, calibration.accuracy) == (4, 0.5)
    assert calibration.expected_calibration_error == pytest.approx(
        2 / 4 * abs(0.5 - confidence_of_two) + 2 / 4 * abs(0.5 - 1)
    )
    filled = {index: bin for index, bin in enumerate(calibration.bins) if bin.images}
    confidence = filled[6].confidence or 0.0
    assert confidence == pytest.approx(confidence_of_two)
    assert filled == {6: Bin(0.6, 0.7, 2, confidence, 0.5), 9: Bin(0.9, 1.0, 2, 1.0, 0.5)}
    assert calibration.bins[0] == Bin(0.0, 0.1, 0, None, None)
    assert len(calibration.thresholds) == 101
    assert calibration.thresholds[0] == Threshold(0.0, 1.0, 0.5)
    assert calibration.thresholds[62] == Threshold(0.62, 1.0, 0.5)
    assert calibration.thresholds[63] == Threshold(0.63, 0.5, 0.5)
    assert calibration.thresholds[100] == Threshold(1.0, 0.5, 0.5)


def test_no_image_above_a_threshold_leaves_no_accuracy() -> None:
    assert calibration_of([[0.5, 0.4]], [0]).thresholds[100] == Threshold(1.0, 0.0, None)


def test_an_image_whose_outputs_are_all_0_is_in_the_first_bin() -> None:
    calibration = calibration_of([[0.0, 0.0]], [1])
    assert calibration.bins[0] == Bin(0.0, 0.1, 1, 0.0, 0.0)
    assert calibration.expected_calibration_error == 0


def test_outputs_that_are_not_finite_have_no_confidence() -> None:
    calibration = calibration_of([[math.nan, 0.9], [1.0, 0.0]], [1, 0])
    assert (calibration.images, calibration.accuracy, calibration.expected_calibration_error) == (2, 0.5, 0)
    assert sum(bin.images for bin in calibration.bins) == 1
    assert calibration.thresholds[0] == Threshold(0.0, 0.5, 1.0)
    nothing = calibration_of([[math.nan, math.nan]], [1])
    assert (nothing.accuracy, nothing.expected_calibration_error) == (0, None)
    assert nothing.thresholds[0] == Threshold(0.0, 0.0, None)


def test_an_empty_data_set_has_no_calibration() -> None:
    nothing = compute_calibration(
        PredictionScores(predictions_from(np.empty((0, 3)), np.empty(0)), np.empty(0, np.uint8))
    )
    assert (nothing.images, nothing.accuracy, nothing.expected_calibration_error) == (0, None, None)


@pytest.mark.parametrize("log_odds", [7.0, 12.0, 20.0, 40.0, 700.0, 70_000.0])
def test_the_threshold_of_1_covers_no_image_whose_confidence_is_less(log_odds: float) -> None:
    stored = Predictions.from_log_odds([[log_odds, -log_odds]], [0.0], np.zeros(1, np.uint8))
    calibration = compute_calibration(PredictionScores(stored, np.zeros(1, np.uint8)))
    assert [point.coverage for point in calibration.thresholds[-2:]] == [1.0, 0.0]


@given(st.integers(0, 100))
def test_bins_equal_those_of_scikit_learn(seed: int) -> None:
    predictions, labels = random_predictions(500, seed=seed)
    scores = PredictionScores(predictions, labels)
    calibration = compute_calibration(scores)
    accuracies, confidences = calibration_curve(scores.is_correct, scores.confidence, n_bins=10)
    filled = [bin for bin in calibration.bins if bin.images]
    np.testing.assert_allclose(np.array([bin.accuracy for bin in filled], float), accuracies)
    np.testing.assert_allclose(np.array([bin.confidence for bin in filled], float), confidences)
    assert sum(bin.images for bin in filled) == 500


@given(st.integers(0, 100))
def test_thresholds_equal_a_count_image_by_image(seed: int) -> None:
    predictions, labels = random_predictions(seed=seed)
    scores = PredictionScores(predictions, labels)
    images = list(zip(scores.confidence.tolist(), scores.is_correct.tolist(), strict=True))
    for index, point in enumerate(compute_calibration(scores).thresholds):
        covered = [is_correct for confidence, is_correct in images if confidence >= index / 100]
        assert point.threshold == index / 100
        assert point.coverage == len(covered) / len(images)
        assert point.accuracy == (sum(covered) / len(covered) if covered else None)
