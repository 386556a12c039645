"""Matrix products that use two threads for large matrices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nn.array_types import FloatArray
from nn.parallel.second_thread import Task

LARGE = 50_000_000  # multiplications above which a second thread saves time, such as 256 images times 784 × 256 weights
HEAD_START = 3_000_000  # multiplications that the first thread makes before the second one wakes up

Product = Callable[[FloatArray, FloatArray, FloatArray], object]


def select_product(n_multiplications: int) -> Product:
    """Return the function `product(a, b, out)` for a product of this many multiplications.

    The choice depends on the size only, never on the machine or its load, so that a repeated run rounds identically.
    """
    return multiply_in_two_threads if n_multiplications >= LARGE else np.dot


def multiply_in_two_threads(a: FloatArray, b: FloatArray, out: FloatArray) -> None:
    """Write a · b into `out`; the second thread computes the lower rows, slightly fewer than half.

    The threads of the linear algebra library (BLAS) keep a core busy while they wait. On a busy machine, a product took
    ten times as long with them, while this function takes no longer than a single thread.
    """
    multiplications_per_row = b.size
    first = min((len(out) + HEAD_START // multiplications_per_row) // 2, len(out))
    lower = Task(np.dot, a[first:], b, out[first:])
    np.dot(a[:first], b, out[:first])
    lower.finish()
