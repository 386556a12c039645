"""Accuracy of trained networks on real images, and a comparison of training with a plain loop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.datasets import load_dataset
from nn.hyperparameters.schema import Hyperparameters
from nn.model.network import Network
from nn.random_streams import RandomStreams
from nn.training.trainer import train
from tests.support.datasets.small_dataset import small_dataset


@pytest.mark.parametrize("seed", range(5))
def test_the_default_run_reaches_96_percent_accuracy_on_digits(seed: int, tmp_path: Path) -> None:
    digits = load_dataset("digits", datasets_dir=tmp_path, cache_dir=tmp_path)
    result = train(Hyperparameters(seed=seed), digits, on_event=lambda _event: None)
    assert (result.history[-1].test_accuracy or 0) >= 0.96


def test_two_epochs_on_mnist_reach_95_5_percent(mnist_dir: Path, tmp_path: Path) -> None:
    mnist = load_dataset("mnist", datasets_dir=mnist_dir, cache_dir=tmp_path)
    h = Hyperparameters(dataset="mnist", hidden_sizes=(128,), batch_size=128, learning_rate=0.003, epochs=2)
    result = train(h, mnist, on_event=lambda _event: None)
    assert (result.history[-1].test_accuracy or 0) >= 0.955


@pytest.mark.parametrize(
    ("n_train", "values"),
    [
        (101, {"batch_size": 10, "l1": 0.01, "l2": 0.02}),
        (90, {"batching": "full_batch", "l2": 0.02}),
        (2500, {"batch_size": 1100, "l1": 0.001}),  # batches that need two passes through the network
    ],
)
def test_a_network_with_a_hidden_layer_trains_as_a_plain_loop_does(n_train: int, values: dict[str, Any]) -> None:
    """The loop has tanh, softmax and penalties, and shares only the initial weights with the network."""
    dataset = small_dataset(n_train)
    common: dict[str, Any] = {"hidden_sizes": (8,), "epochs": 3, "dtype": "float64", "optimizer": "sgd"}
    common |= {"activation": "tanh", "learning_rate": 0.1, "schedule": "exponential", "decay_rate": 0.5}
    h = Hyperparameters(**common, **values, validation_fraction=0)
    history = train(h, dataset, on_event=lambda _event: None).history

    streams = RandomStreams(h.seed)
    hidden, output = Network.from_hyperparameters(h, 16, 3, streams.initialization).layers
    w1, b1, w2, b2 = (np.array(part) for part in (hidden.weights, hidden.biases, output.weights, output.biases))
    images, labels = dataset.train.inputs / 16, dataset.train.labels
    batch_size = n_train if h.batching == "full_batch" else h.batch_size
    for result in history:
        order, cost, n_correct = streams.order.permutation(n_train), 0.0, 0
        for start in range(0, n_train, batch_size):
            rows = order[start : start + batch_size]
            x, y = images[rows], np.eye(3)[labels[rows]]
            a = np.tanh(x @ w1 + b1)
            exponentials = np.exp(a @ w2 + b2)
            p = exponentials / exponentials.sum(axis=1, keepdims=True)
            penalty = sum(h.l1 * np.abs(w).sum() + h.l2 / 2 * (w**2).sum() for w in (w1, w2))
            cost += -np.log((p * y).sum(axis=1)).sum() + len(rows) * penalty
            n_correct += (p.argmax(axis=1) == labels[rows]).sum()
            d2 = (p - y) / len(rows)
            d1 = d2 @ w2.T * (1 - a**2)
            slopes = [x.T @ d1 + h.l1 * np.sign(w1) + h.l2 * w1, d1.sum(axis=0)]
            slopes += [a.T @ d2 + h.l1 * np.sign(w2) + h.l2 * w2, d2.sum(axis=0)]
            for part, slope in zip((w1, b1, w2, b2), slopes, strict=True):
                part -= 0.1 * 0.5 ** (result.epoch - 1) * slope
        assert result.train_cost == pytest.approx(cost / n_train, rel=1e-10)
        assert result.train_accuracy == n_correct / n_train
        logits = np.tanh(dataset.test.inputs / 16 @ w1 + b1) @ w2 + b2
        losses = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(logits)), dataset.test.labels]
        assert result.test_cost == pytest.approx(losses.mean(), rel=1e-10)
        assert result.test_accuracy == (logits.argmax(axis=1) == dataset.test.labels).mean()
