"""Scores of a network on images that it does not train on."""

from __future__ import annotations

import numpy as np
import pytest

from nn.datasets.scaling import Scaling
from nn.hyperparameters.schema import Hyperparameters
from nn.model.losses import LOSSES
from nn.model.network import Network
from nn.training.batches import ExampleLoader
from nn.training.evaluation import evaluate, score
from tests.support.datasets.small_dataset import small_dataset

DATASET = small_dataset(n_test=41)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("max_rows", [1, 7, 41, 64])
def test_scores_do_not_depend_on_the_chunk_size(loss: str, max_rows: int) -> None:
    h = Hyperparameters(hidden_sizes=(6,), loss=loss, dtype="float64", dropout_rate=0.5, l2=1.0)
    rng = np.random.default_rng(0)
    network = Network.from_hyperparameters(h, 16, 3, rng, dropout_rng=rng, max_rows=max_rows)
    loader = ExampleLoader(DATASET, Scaling.of_inputs("unit", DATASET, h.dtype), h.dtype, max_rows)
    found = evaluate(network, loader, DATASET.test)

    inputs, labels = DATASET.test.inputs / 16, DATASET.test.labels
    whole = Network.from_parameters(h, 16, 3, network.parameters)
    losses = whole.loss.values(whole.outputs(inputs), np.eye(3)[labels])
    np.testing.assert_allclose(found.losses, losses)
    np.testing.assert_allclose(found.probabilities, whole.predict_proba(inputs))
    np.testing.assert_array_equal(found.predicted, whole.predict(inputs))
    assert found.cost == pytest.approx(losses.mean())  # without the penalty
    assert found.accuracy == pytest.approx(float((whole.predict(inputs) == labels).mean()))
    assert (type(found.accuracy), type(found.cost)) == (float, float)  # not NumPy types, which JSON does not support
    if max_rows >= len(labels):
        block = next(loader.read(DATASET.test))
        scored, n_right = score(network, network.outputs(block.inputs), block)
        np.testing.assert_allclose(scored, losses, rtol=1e-5)
        assert n_right == round(found.accuracy * len(labels))


def test_equal_rounded_probabilities_are_resolved_by_the_logits() -> None:
    """In float32 the sigmoid of all three logits is 1, but the prediction is the class with the largest logit."""
    h = Hyperparameters(hidden_sizes=(), loss="binary_cross_entropy")
    network = Network(h, 16, 3)
    network.layers[0].biases[:] = [30.0, 50.0, 40.0]
    loader = ExampleLoader(DATASET, Scaling.of_inputs("unit", DATASET, h.dtype), h.dtype, 64)
    found = evaluate(network, loader, DATASET.test)
    assert (found.probabilities == 1).all()
    assert (found.predicted == 1).all()
