"""Confidences of a nearly certain network, over HTTP, compared with those computed from the stored weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests.support.app_client import Trained
from tests.support.explained_runs import dataset_of, forward, softmax
from tests.support.run_engine import make_config

EPOCHS = 12
RELATIVE_ERROR = 0.01  # of the stored p and 1 − p


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    """A run after which many confidences differ from 1 by less than 10⁻⁷."""
    config = make_config(tmp_path_factory.mktemp("certain"))
    with Trained(config, epochs=EPOCHS, learning_rate=0.02, hidden_sizes=[64]) as trained:
        yield trained


@pytest.fixture(scope="module")
def logits(run: Trained) -> Any:
    """The logits (n_images, n_classes) in float64."""
    return forward(run, EPOCHS, dataset_of(run).test.inputs / 16)


@pytest.fixture(scope="module")
def complements(logits: Any) -> Any:
    """The differences (n_images,) of the confidences from 1, without cancellation."""
    probabilities = softmax(logits)
    np.put_along_axis(probabilities, logits.argmax(axis=1)[:, np.newaxis], 0.0, axis=1)
    return probabilities.sum(axis=1)


def test_no_confidence_is_rounded_to_1(run: Trained, complements: Any) -> None:
    assert (complements < 1e-7).sum() > 3
    listed = run.list_images("answer=any")
    found = np.array([1 - item["confidence"] for item in listed])
    assert (found > 0).all()
    np.testing.assert_allclose(found, complements, rtol=RELATIVE_ERROR, atol=1e-15)
    assert all(item["confidence"] == item["probabilities"][item["predicted_label"]] for item in listed)


def test_small_probabilities_have_small_relative_errors(run: Trained, logits: Any) -> None:
    listed = run.list_images("answer=any")
    found = np.array([item["probabilities"] for item in listed])
    np.testing.assert_allclose(found, softmax(logits), rtol=0.02, atol=1e-30)
    true = dataset_of(run).test.labels
    margins = found.max(axis=1) - found[np.arange(len(true)), true]
    np.testing.assert_allclose([item["margin"] for item in listed], margins, atol=2e-6)


def test_the_coverage_at_each_threshold_is_that_of_the_exact_confidences(run: Trained, complements: Any) -> None:
    thresholds = run.get("/calibration")["thresholds"]
    assert thresholds[100] == {"threshold": 1.0, "coverage": 0.0, "accuracy": None}
    for point in thresholds[:100]:
        limit = 1 - point["threshold"]
        lowest, highest = ((complements <= limit * factor).mean() for factor in (0.99, 1.01))
        assert lowest - 1e-9 <= point["coverage"] <= highest + 1e-9
    assert run.get("/misclassified?answer=any&min_confidence=1")["total"] == 0


def test_images_are_sorted_by_their_exact_confidence(run: Trained, complements: Any) -> None:
    items = run.get("/misclassified?answer=any&sort=confidence&order=asc&limit=500")["items"]
    ordered = complements[[item["index"] for item in items]]
    assert (ordered[1:] <= ordered[:-1] * (1 + RELATIVE_ERROR)).all()
