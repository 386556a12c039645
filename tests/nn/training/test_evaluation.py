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
    losses = whole.loss.values(whole.logits(inputs), np.eye(3)[labels])
    np.testing.assert_allclose(found.predictions.losses, losses, rtol=1e-6)
    np.testing.assert_allclose(found.predictions.probabilities, whole.predict_proba(inputs), rtol=1e-3)
    np.testing.assert_array_equal(found.predictions.predicted, whole.predict(inputs))
    assert found.cost == pytest.approx(losses.mean())  # without the penalty
    assert found.accuracy == pytest.approx(float((whole.predict(inputs) == labels).mean()))
    assert (type(found.accuracy), type(found.cost)) == (float, float)  # not NumPy types, which JSON does not support
    if max_rows >= len(labels):
        block = next(loader.read(DATASET.test))
        scored, n_right = score(network, network.logits(block.inputs), block)
        np.testing.assert_allclose(scored, losses, rtol=1e-5)
        assert n_right == round(found.accuracy * len(labels))


@pytest.mark.parametrize(
    ("loss", "output_activation"),
    [("binary_cross_entropy", "linear"), ("quadratic", "sigmoid"), ("squared_error", "tanh")],
)
def test_equal_rounded_outputs_are_resolved_by_the_logits(loss: str, output_activation: str) -> None:
    """In float32 all three outputs are 1, but the prediction is the class with the largest logit."""
    h = Hyperparameters(hidden_sizes=(), loss=loss, output_activation=output_activation)
    network = Network(h, 16, 3)
    network.layers[0].biases[:] = [30.0, 50.0, 40.0]
    loader = ExampleLoader(DATASET, Scaling.of_inputs("unit", DATASET, h.dtype), h.dtype, 64)
    found = evaluate(network, loader, DATASET.test)
    assert (network.predict_proba(DATASET.test.inputs) == 1).all()
    assert (found.predictions.predicted == 1).all()
    assert found.accuracy == (DATASET.test.labels == 1).mean()
    assert (found.predictions.probabilities < 1).all()  # the stored log odds are not rounded to those of 1
