"""Predictions: stored outputs, the scores of each image, and the confusion matrix."""

from __future__ import annotations

import json
import math
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix as reference_confusion_matrix

from nn.analysis.predictions import Predictions, PredictionScores, confusion_matrix, predicted_classes
from tests.support.random_predictions import predictions_from, random_predictions


def test_16_bits_preserve_probabilities_near_0_and_near_1() -> None:
    log_odds = np.concatenate([np.linspace(-20, 20, 999), [-700.0, 700.0]])[:, np.newaxis]
    predictions = Predictions.from_log_odds(log_odds, np.zeros(1001), np.zeros(1001, np.uint8))
    dtypes = [part.dtype.name for part in (predictions.log_odds, predictions.losses, predictions.predicted)]
    assert dtypes == ["float16", "float32", "uint8"]
    found = predictions.log_odds.astype(np.float64)
    probabilities, expected = (1 / (1 + np.exp(-values[:-1])) for values in (found, log_odds))
    complements, expected_complements = (1 / (1 + np.exp(values[1:])) for values in (found, log_odds))
    np.testing.assert_allclose(probabilities, expected, rtol=0.01)
    np.testing.assert_allclose(complements, expected_complements, rtol=0.01)
    np.testing.assert_allclose(predictions.probabilities[:-1], probabilities, rtol=1e-12)
    assert (predictions.probabilities < 1).all()


def test_only_probabilities_of_exactly_0_and_1_are_stored_as_0_and_1() -> None:
    log_odds = [[-np.inf, np.inf, -1e30, 1e30]]
    predictions = Predictions.from_log_odds(log_odds, np.zeros(1), np.ones(1, np.uint8))
    assert np.isinf(predictions.log_odds).tolist() == [[True, True, False, False]]
    assert predictions.probabilities[0, :2].tolist() == [0, 1]
    assert 1 - 1e-15 < predictions.probabilities[0, 3] < 1


def test_the_first_of_the_classes_with_the_largest_logit_is_predicted() -> None:
    assert predicted_classes(np.array([[0.0, 1.0, 1.0], [2.0, 2.0, 2.0], [-3.0, -2.0, -1.0]])).tolist() == [1, 0, 2]


def test_from_log_odds_does_not_change_its_arguments() -> None:
    log_odds, losses = np.array([[0.25, 1e30, math.nan]]), np.array([1e300])
    before = log_odds.copy()
    predictions = Predictions.from_log_odds(log_odds, losses, np.zeros(1, np.uint8))
    np.testing.assert_array_equal(log_odds, before)
    assert math.isinf(predictions.losses[0])


def test_each_image_prediction_has_the_scores_of_its_image() -> None:
    predictions, labels = random_predictions()
    indices = np.flatnonzero(predictions.predicted != labels)
    assert 50 < len(indices) < 150
    items = PredictionScores(predictions, labels).image_predictions(indices.tolist())
    assert [item.index for item in items] == indices.tolist()
    for item in items:
        outputs = predictions.probabilities[item.index]
        assert item.true_label == labels[item.index] != item.predicted_label == predictions.predicted[item.index]
        assert item.probabilities == tuple(outputs.tolist())
        assert item.confidence == outputs[item.predicted_label]
        assert item.margin == outputs[item.predicted_label] - outputs[item.true_label]
        assert item.loss == predictions.losses[item.index]


def test_a_diverged_network_gives_json_without_nan() -> None:
    predictions = predictions_from(np.full((4, 3), math.nan), np.full(4, math.nan))
    items = PredictionScores(predictions, np.array([0, 1, 2, 1], np.uint8)).image_predictions([1, 2, 3])
    text = json.dumps([asdict(item) for item in items], allow_nan=False)
    assert json.loads(text)[0] == {
        "index": 1,
        "true_label": 1,
        "predicted_label": 0,
        "confidence": None,
        "loss": None,
        "margin": None,
        "probabilities": None,
    }


def test_the_scores_of_all_images_equal_those_of_each_image() -> None:
    predictions, labels = random_predictions()
    scores = PredictionScores(predictions, labels)
    items = scores.image_predictions(range(len(labels)))
    assert scores.is_correct.tolist() == [item.true_label == item.predicted_label for item in items]
    for name in ("confidence", "margin", "loss"):
        assert getattr(scores, name).tolist() == [getattr(item, name) for item in items]
    assert scores.true_probability.tolist() == [(item.probabilities or ())[item.true_label] for item in items]
    assert {item.margin for item in items if item.true_label == item.predicted_label} == {0}
    assert json.loads(json.dumps(asdict(items[-1])))["probabilities"] == list(items[-1].probabilities or ())


def test_an_image_with_an_output_of_nan_or_infinity_has_no_scores() -> None:
    outputs = np.array([[0.1, math.nan, 0.7], [0.1, 0.2, 0.7]])
    scores = PredictionScores(predictions_from(outputs, np.array([math.inf, 1.0])), np.array([1, 1], np.uint8))
    for values in (scores.confidence, scores.true_probability, scores.margin, scores.loss):
        assert np.isfinite(values).tolist() == [False, True]


@pytest.mark.parametrize("index", [-1, 200, 10**30])
def test_an_unknown_image_raises_an_error(index: int) -> None:
    with pytest.raises(IndexError, match="the last is 199"):
        PredictionScores(*random_predictions()).image_predictions([0, index])


@given(st.integers(0, 100))
def test_the_confusion_matrix_equals_that_of_scikit_learn(seed: int) -> None:
    predictions, labels = random_predictions(seed=seed)
    matrix = confusion_matrix(labels, predictions.predicted, 10)
    assert matrix.dtype == np.int64
    np.testing.assert_array_equal(matrix, reference_confusion_matrix(labels, predictions.predicted, labels=range(10)))


def test_classes_that_never_occur_have_a_row_and_a_column() -> None:
    labels = np.array([3, 3], np.uint8)
    assert confusion_matrix(labels, np.array([3, 1], np.uint8), 4).tolist() == [[0] * 4] * 3 + [[0, 1, 0, 1]]
