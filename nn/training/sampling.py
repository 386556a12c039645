"""Which examples the batches of an epoch have."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Order = NDArray[np.intp]


def _without_replacement(n_examples: int, _batch_size: int, rng: np.random.Generator) -> Order:
    return rng.permutation(n_examples)


def _with_replacement(n_examples: int, _batch_size: int, rng: np.random.Generator) -> Order:
    return rng.integers(n_examples, size=n_examples)


def _sliding_window(n_examples: int, batch_size: int, _rng: np.random.Generator) -> Order:
    """A window from each example on; the last ones go on at the beginning."""
    return (np.arange(n_examples)[:, np.newaxis] + np.arange(batch_size)).ravel() % n_examples


# Each gives the examples of one epoch in the order in which batches of `batch_size` take them.
SAMPLINGS: dict[str, Callable[[int, int, np.random.Generator], Order]] = {
    "without_replacement": _without_replacement,
    "with_replacement": _with_replacement,
    "sliding_window": _sliding_window,
}
