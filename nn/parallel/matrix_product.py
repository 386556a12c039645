"""Matrix products that use two threads for large matrices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nn.array_types import FloatArray
from nn.parallel.second_thread import Task

LARGE = 50_000_000  # number of multiplications above which a second thread saves time, slightly below 256 × 784 × 256
HEAD_START = 3_000_000  # number of multiplications that the first thread completes before the second thread wakes up

Product = Callable[[FloatArray, FloatArray, FloatArray], object]


def select_product(n_multiplications: int) -> Product:
    """Return the function `product(a, b, out)` for matrix products that take `n_multiplications`.

    The choice depends only on the size, not on the machine or its load, so that a repeated run rounds identically.
    """
    return multiply_in_two_threads if n_multiplications >= LARGE else np.dot


def multiply_in_two_threads(a: FloatArray, b: FloatArray, out: FloatArray) -> None:
    """Write a · b into `out`; the second thread computes the lower rows, slightly fewer than half.

    The threads of the linear algebra library (BLAS) keep cores busy while they wait. Therefore a product with BLAS
    threads took ten times as long on a busy machine. On such a machine, this function takes no longer than a single
    thread.
    """
    multiplications_per_row = b.size
    first = min((len(out) + HEAD_START // multiplications_per_row) // 2, len(out))
    lower = Task(np.dot, a[first:], b, out[first:])
    np.dot(a[:first], b, out[:first])
    lower.finish()
