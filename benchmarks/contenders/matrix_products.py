"""Only the matrix products of an epoch, on preallocated arrays: a lower bound for the time of an epoch."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.contenders.turns import parse_arguments, take_turns
from benchmarks.contenders.workloads import Workload

N_IMAGES = 60_000


def products_of(workload: Workload) -> Callable[[], None]:
    """Return a function that computes the matrix products of the forward and backward passes of one epoch."""
    rng = np.random.default_rng(0)
    values = [rng.random((workload.batch_size, size), np.float32) for size in workload.sizes]
    weights = [rng.random(shape, np.float32) for shape in pairwise(workload.sizes)]
    gradients = [np.empty_like(each) for each in weights]
    outputs, inputs = [np.empty_like(each) for each in values], [np.empty_like(each) for each in values]

    def compute_products() -> None:
        for _ in range(math.ceil(N_IMAGES / workload.batch_size)):
            for layer, weight in enumerate(weights):
                np.dot(values[layer], weight, outputs[layer + 1])
            for layer in reversed(range(len(weights))):
                np.dot(values[layer].T, values[layer + 1], gradients[layer])
                if layer:
                    np.dot(values[layer + 1], weights[layer].T, inputs[layer])

    return compute_products


def main() -> None:
    workload, n_threads = parse_arguments()
    with threadpool_limits(n_threads):
        take_turns(products_of(workload), lambda: math.nan)


if __name__ == "__main__":
    main()
