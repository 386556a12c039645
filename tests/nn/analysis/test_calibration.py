"""Confidence against accuracy, by hand and by loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from nn.analysis.calibration import Bin, Calibration, Threshold, compute_calibration
from nn.analysis.predictions import Predictions, PredictionScores
from tests.support.random_predictions import some


def of(outputs: list[list[float]], labels: list[int]) -> Calibration:
    predictions = Predictions.from_outputs(outputs, np.zeros(len(labels)))
    return compute_calibration(PredictionScores(predictions, np.array(labels, np.uint8)))


def test_a_few_images_by_hand() -> None:
    # 1 is kept exactly, exp(−0.5) = 0.60653… too: −0.5 and 0 are numbers of 16 bits.
    some_sure = math.exp(-0.5)
    found = of([[1.0, 0.0], [0.0, 1.0], [some_sure, 0.0], [some_sure, 0.1]], [0, 0, 0, 1])
    assert (found.images, found.accuracy) == (4, 0.5)
    assert found.expected_calibration_error == pytest.approx(2 / 4 * abs(0.5 - some_sure) + 2 / 4 * abs(0.5 - 1))
    filled = {place: bin for place, bin in enumerate(found.bins) if bin.images}
    confidence = filled[6].confidence or 0.0
    assert confidence == pytest.approx(some_sure)
    assert filled == {6: Bin(0.6, 0.7, 2, confidence, 0.5), 9: Bin(0.9, 1.0, 2, 1.0, 0.5)}
    assert found.bins[0] == Bin(0.0, 0.1, 0, None, None)
    assert len(found.thresholds) == 101
    assert found.thresholds[0] == Threshold(0.0, 1.0, 0.5)
    assert found.thresholds[60] == Threshold(0.6, 1.0, 0.5)
    assert found.thresholds[61] == Threshold(0.61, 0.5, 0.5)
    assert found.thresholds[100] == Threshold(1.0, 0.5, 0.5)


def test_no_image_above_a_threshold_leaves_no_accuracy() -> None:
    assert of([[0.5, 0.4]], [0]).thresholds[100] == Threshold(1.0, 0.0, None)


def test_outputs_that_are_all_0_are_in_the_first_bin() -> None:
    found = of([[0.0, 0.0]], [1])
    assert found.bins[0] == Bin(0.0, 0.1, 1, 0.0, 0.0)
    assert found.expected_calibration_error == 0


def test_what_is_not_finite_has_no_confidence() -> None:
    found = of([[math.nan, 0.9], [1.0, 0.0]], [1, 0])
    assert (found.images, found.accuracy, found.expected_calibration_error) == (2, 0.5, 0)
    assert sum(bin.images for bin in found.bins) == 1
    assert found.thresholds[0] == Threshold(0.0, 0.5, 1.0)
    nothing = of([[math.nan, math.nan]], [1])
    assert (nothing.accuracy, nothing.expected_calibration_error) == (0, None)
    assert nothing.thresholds[0] == Threshold(0.0, 0.0, None)


def test_no_images_at_all() -> None:
    nothing = compute_calibration(
        PredictionScores(Predictions.from_outputs(np.empty((0, 3)), np.empty(0)), np.empty(0, np.uint8))
    )
    assert (nothing.images, nothing.accuracy, nothing.expected_calibration_error) == (0, None, None)


@given(st.integers(0, 100))
def test_bins_are_those_of_scikit_learn(seed: int) -> None:
    predictions, labels = some(500, seed=seed)
    scores = PredictionScores(predictions, labels)
    found = compute_calibration(scores)
    accuracies, confidences = calibration_curve(scores.is_correct, scores.confidence.astype(float), n_bins=10)
    filled = [bin for bin in found.bins if bin.images]
    np.testing.assert_allclose(np.array([bin.accuracy for bin in filled], float), accuracies)
    np.testing.assert_allclose(np.array([bin.confidence for bin in filled], float), confidences)
    assert sum(bin.images for bin in filled) == 500


@given(st.integers(0, 100))
def test_thresholds_image_by_image(seed: int) -> None:
    predictions, labels = some(seed=seed)
    scores = PredictionScores(predictions, labels)
    sure = list(zip(scores.confidence.tolist(), scores.is_correct.tolist(), strict=True))
    for place, found in enumerate(compute_calibration(scores).thresholds):
        covered = [is_correct for confidence, is_correct in sure if confidence >= place / 100]
        assert found.threshold == place / 100
        assert found.coverage == len(covered) / len(sure)
        assert found.accuracy == (sum(covered) / len(covered) if covered else None)
