"""Entropy of the labels in mini-batches, compared with that of random mini-batches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from nn.array_types import Float64Array, LabelArray
from nn.examples.sampling import select_sampling
from nn.hyperparameters.schema import Hyperparameters
from nn.random_streams import RandomStreams

MAX_BATCHES = 200  # examined batches, spread over the first epoch
MAX_LABELS = 200_000  # examined labels
LARGE_BATCH = 2000  # above this, the entropy of a random batch is that of the class fractions, to within 1/2 %


def relative_batch_entropy(hyperparameters: Hyperparameters, labels: LabelArray, n_classes: int) -> float | None:
    """Return the mean entropy of the labels in the batches of the first epoch, relative to that of random batches.

    `labels` (n_examples,) are those of the training split, in stored order. The batches are exactly those that training
    will use. The result is None if a batch has one example, or all labels are equal.
    """
    h = hyperparameters
    batch_size = h.batch_size_for(len(labels))
    expected = _expected_entropy(np.bincount(labels, minlength=n_classes), batch_size)
    if batch_size < 2 or expected <= 0:
        return None
    if h.takes_windows:
        starts = np.arange(len(labels))
        order = None
    else:
        order = select_sampling(h)(len(labels), batch_size, RandomStreams(h.seed).order)
        starts = np.arange(0, len(labels) - batch_size + 1, batch_size)  # without a smaller last batch
    n_batches = max(1, min(len(starts), MAX_BATCHES, MAX_LABELS // batch_size))
    chosen = starts[np.linspace(0, len(starts) - 1, n_batches).round().astype(np.intp)]
    rows = (chosen[:, np.newaxis] + np.arange(batch_size)) % len(labels)
    batches = labels[rows if order is None else order[rows]]
    cells = batches + n_classes * np.arange(n_batches)[:, np.newaxis]
    counts = np.bincount(cells.ravel(), minlength=n_batches * n_classes).reshape(n_batches, n_classes)
    return float(_entropies(counts / batch_size).mean() / expected)


def _entropies(fractions: Float64Array) -> Float64Array:
    """Return the entropy of each row of `fractions` (n, n_classes)."""
    return np.asarray(-xlogy(fractions, fractions).sum(axis=-1))


def _expected_entropy(class_counts: NDArray[np.intp], batch_size: int) -> float:
    """Return the expected entropy of `batch_size` labels, drawn from `class_counts` (n_classes,) without replacement.

    The number of labels of each class then follows a hypergeometric distribution.
    """
    total = class_counts.sum()
    if batch_size > LARGE_BATCH:
        return float(_entropies(class_counts / total))
    drawn = np.arange(batch_size + 1)
    own, others = class_counts[:, np.newaxis], total - class_counts[:, np.newaxis]
    probabilities = np.exp(
        _log_choices(own, drawn) + _log_choices(others, batch_size - drawn) - _log_choices(total, batch_size)
    )
    return float(-(probabilities @ xlogy(drawn / batch_size, drawn / batch_size)).sum())


def _log_choices(n: NDArray[np.intp], k: NDArray[np.intp] | int) -> Float64Array:
    """Return the logarithm of the number of ways to choose `k` of `n`; −∞ if `k` exceeds `n`."""
    possible = np.maximum(n - k, 0)
    return np.where(k <= n, gammaln(n + 1.0) - gammaln(np.asarray(k) + 1.0) - gammaln(possible + 1.0), -np.inf)
