"""Lists, the confusion matrix, the accuracy and explanations predict the same class, also where outputs saturate."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.storage.weights_history import WeightsHistory
from tests.support.app_client import RunClient, Trained
from tests.support.explained_runs import dataset_of, files_of
from tests.support.run_engine import make_config

EPOCHS = 2
N_IMAGES = 359


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    """A run with large weights. In float32, several sigmoid outputs of many images are exactly 1 or equally small."""
    config = make_config(tmp_path_factory.mktemp("saturated"))
    values: dict[str, Any] = {"hidden_sizes": [48, 20], "initializer": "normal", "input_scaling": "standardize"}
    with Trained(config, **values, loss="quadratic", epochs=EPOCHS, seed=1) as trained:
        yield trained


@pytest.fixture(scope="module")
def labels(run: Trained) -> list[int]:
    """The listed class of each test image."""
    return [item["predicted_label"] for item in run.list_images("answer=any")]


def classes_of_logits(run: RunClient) -> Any:
    """Return the class (n_images,) with the largest logit, computed in float64 from the stored weights."""
    data = dataset_of(run)
    with np.load(files_of(run).checkpoint("last"), allow_pickle=False) as checkpoint:
        values = (data.test.inputs - checkpoint["scaling_offset"]) * checkpoint["scaling_scale"]
    with WeightsHistory.open(files_of(run).weights) as history:
        parameters = np.asarray(history.read(EPOCHS), np.float64)
    for n_inputs, n_units in ((64, 48), (48, 20), (20, 10)):
        weights, parameters = np.split(parameters, [n_inputs * n_units])
        biases, parameters = np.split(parameters, [n_units])
        values = np.maximum(values, 0.0) if n_inputs != 64 else values
        values = values @ weights.reshape(n_inputs, n_units) + biases
    return values.argmax(axis=1)


def test_the_list_predicts_the_class_with_the_largest_logit(run: Trained, labels: list[int]) -> None:
    assert len(labels) == N_IMAGES
    assert labels == classes_of_logits(run).tolist()


def test_every_explanation_predicts_the_listed_class(run: Trained, labels: list[int]) -> None:
    explained = [run.get(f"/explanations/{index}") for index in range(N_IMAGES)]
    assert [found["predicted_label"] for found in explained] == labels
    center = len(explained[0]["shifts"]["predicted"]) // 2
    assert [found["shifts"]["predicted"][center][center] for found in explained] == labels
    assert all(found["predicted_label"] != found["rival_label"] for found in explained)
    assert all(found["gap"]["value"] >= 0 for found in explained)


def test_accuracy_and_confusion_matrix_count_the_listed_classes(run: Trained, labels: list[int]) -> None:
    true = dataset_of(run).test.labels
    accuracy = run.get(f"/epochs?after={EPOCHS - 1}")["items"][0]["test_accuracy"]
    assert accuracy == pytest.approx((true == labels).mean(), abs=1e-12)
    matrix = np.array(run.get("/confusion_matrix")["matrix"])
    assert matrix.sum() == N_IMAGES
    assert np.trace(matrix) == round(accuracy * N_IMAGES)
    assert matrix.sum(axis=0).tolist() == np.bincount(labels, minlength=10).tolist()


def test_the_counterfactual_of_every_misclassified_image_can_be_requested(run: Trained, labels: list[int]) -> None:
    true = dataset_of(run).test.labels
    assert labels[10] == true[10]  # although several outputs are equal
    for index in np.flatnonzero(true != labels)[::60].tolist():
        found = run.get(f"/explanations/{index}/repair")
        assert found["predicted_label"] == true[index] or not found["found"]


def test_equal_logits_are_explained_as_they_are_listed(tmp_path: Path) -> None:
    """All weights are equal, so all logits are equal up to rounding, which is different in float32 and float64."""
    values: dict[str, Any] = {"initializer": "constant", "initializer_scale": 0.1, "learning_rate": 1e-30}
    with Trained(make_config(tmp_path), **values, hidden_sizes=[48], optimizer="sgd", epochs=1) as run:
        labels = [item["predicted_label"] for item in run.list_images("answer=any")]
        explained = [run.get(f"/explanations/{index}") for index in range(0, N_IMAGES, 9)]
        assert [found["predicted_label"] for found in explained] == labels[::9]
        assert all(abs(found["gap"]["value"]) < 1e-9 for found in explained)
