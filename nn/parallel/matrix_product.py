"""Matrix products, in two threads where that pays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nn.array_types import FloatArray
from nn.parallel.second_thread import Task

LARGE = 50_000_000  # multiplications from which a second thread pays, such as 256 images times 784 × 256 weights
HEAD_START = 3_000_000  # multiplications that the first thread makes before the second one is awake

Product = Callable[[FloatArray, FloatArray, FloatArray], object]


def select_product(n_multiplications: int) -> Product:
    """The function that computes a product of that many multiplications, as `product(a, b, out)`.

    Which one it is depends on the size alone, never on the machine or its load: the same run rounds the same.
    """
    return multiply_in_two_threads if n_multiplications >= LARGE else np.dot


def multiply_in_two_threads(a: FloatArray, b: FloatArray, out: FloatArray) -> None:
    """Write a · b into `out`, the lower rows, somewhat less than half of them, in the second thread.

    The linear algebra library has threads of its own, but they wait by spinning: on a machine with other work to do
    they made a product take ten times as long, where this one takes no longer than in one thread.
    """
    multiplications_per_row = b.size
    first = min((len(out) + HEAD_START // multiplications_per_row) // 2, len(out))
    lower = Task(np.dot, a[first:], b, out[first:])
    np.dot(a[:first], b, out[:first])
    lower.finish()
