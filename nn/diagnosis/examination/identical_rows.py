"""Search for identical examples and identical inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn.datasets.dataset import Split

ROWS_PER_CHUNK = 512  # a chunk of 512 images of 784 bytes fits the processor's cache


def shared_fraction(split: Split, train: Split) -> float | None:
    """Return the fraction of the examples of `split` that are identical to a training example; None if it is empty."""
    if not len(split):
        return None
    hashes = _hashes(split)
    train_hashes = np.unique(_hashes(train))
    return float(np.isin(hashes, train_hashes, assume_unique=False).mean())


def _hashes(split: Split) -> NDArray[np.uint64]:
    """Return a 64-bit hash (n_examples,) of the inputs of each example. Equal inputs have equal hashes.

    The hash is a sum of products with random odd numbers modulo 2⁶⁴, so the hashes of two different examples are equal
    with a probability below 10⁻⁹.
    """
    inputs = split.inputs
    n_bytes = inputs.shape[1] * inputs.itemsize
    n_words = -(-n_bytes // 8)
    factors = np.random.default_rng(0).integers(1, 2**64 - 1, size=n_words, dtype=np.uint64) | np.uint64(1)
    hashes = np.empty(len(split), np.uint64)
    buffer = np.zeros((ROWS_PER_CHUNK, 8 * n_words), np.uint8)
    words = buffer.view(np.uint64)
    for start in range(0, len(split), ROWS_PER_CHUNK):
        rows = np.arange(start, min(start + ROWS_PER_CHUNK, len(split)))
        stored = np.ascontiguousarray(split.take(rows) + 0)  # −0.0 becomes 0.0, which is equal to it
        buffer[: len(rows), :n_bytes] = stored.view(np.uint8).reshape(len(rows), n_bytes)
        chunk = words[: len(rows)]
        # Mixing the high bits down makes differences in high bytes of a word reach all bits of the hash.
        mixed = (chunk ^ (chunk >> np.uint64(29))) * factors
        hashes[rows] = (mixed ^ (mixed >> np.uint64(32))).sum(axis=1, dtype=np.uint64)
    return hashes


def identical_columns(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Return True for each column of `values` (n_rows, n_columns) that equals another column."""
    columns = np.ascontiguousarray(values.T)
    keys = columns.view(np.dtype((np.void, columns.itemsize * columns.shape[1]))).ravel()
    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return np.asarray(counts[inverse] > 1)
