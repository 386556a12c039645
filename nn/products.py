"""Matrix products, in two threads where that pays."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from nn.arrays import Floats

LARGE = 50_000_000  # multiplications from which a second thread pays, such as 256 images times 784 × 512 weights

Product = Callable[[Floats, Floats, Floats], object]

_second_thread = ThreadPoolExecutor(1, thread_name_prefix="product")


def product_of(n_multiplications: int) -> Product:
    """The function that computes a product of that many multiplications, as `product(a, b, out)`.

    Which one it is depends on the size alone, never on the machine or its load: the same run rounds the same.
    """
    return in_two_halves if n_multiplications >= LARGE else np.dot


def in_two_halves(a: Floats, b: Floats, out: Floats) -> None:
    """Write a · b into `out`, the lower half of its rows in another thread; NumPy lets both run at once.

    The linear algebra library has threads of its own, but they wait by spinning: on a machine with other work to do
    they made a product take ten times as long, where this one takes no longer than in one thread.
    """
    half = len(out) // 2
    lower = _second_thread.submit(np.dot, a[half:], b, out[half:])
    np.dot(a[:half], b, out[:half])
    lower.result()
