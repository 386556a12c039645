"""Sampling: the order of the examples in the batches of an epoch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nn.hyperparameters.schema import Hyperparameters

Order = NDArray[np.intp]
Sampling = Callable[[int, int, np.random.Generator], Order]


def _without_replacement(n_examples: int, _batch_size: int, rng: np.random.Generator) -> Order:
    return rng.permutation(n_examples)


def _with_replacement(n_examples: int, _batch_size: int, rng: np.random.Generator) -> Order:
    return rng.integers(n_examples, size=n_examples)


def _sliding_window(n_examples: int, batch_size: int, _rng: np.random.Generator) -> Order:
    """Return one window for each example: this example and the following ones, `batch_size` in total.

    After the last example, a window continues with the first one.
    """
    return (np.arange(n_examples)[:, np.newaxis] + np.arange(batch_size)).ravel() % n_examples


# The arguments are the number of examples, the batch size and a random generator. Each function returns the indices
# of all examples of one epoch, batch by batch.
SAMPLINGS: dict[str, Sampling] = {
    "without_replacement": _without_replacement,
    "with_replacement": _with_replacement,
    "sliding_window": _sliding_window,
}


def select_sampling(hyperparameters: Hyperparameters) -> Sampling:
    """Return the sampling of a run. Full-batch training uses each example once, in random order."""
    h = hyperparameters
    return SAMPLINGS[h.sampling if h.batching == "mini_batch" else "without_replacement"]
