"""How long one epoch of MNIST takes: python -m benchmarks.epoch_time [--epochs 7] [--datasets-dir DIR]

Shuffling, gathering and scaling are counted; loading and evaluation are not. Each line gives the median, the fastest
and the slowest epoch in seconds, and beside them the bare matrix products that any such network must do, measured in
turn with the epochs so that both meet the same machine.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from nn.batches import Reader
from nn.clock import Clock
from nn.datasets import Dataset, load_dataset
from nn.hyperparameters import Hyperparameters
from nn.learning import Learner
from nn.network import Network
from nn.products import product_of
from nn.random_streams import RandomStreams
from nn.scaling import Scaling

WORKLOADS: dict[str, dict[str, Any]] = {
    "784-30-10 sigmoid quadratic, batch 10, SGD": {
        "hidden_sizes": (30,),
        "activation": "sigmoid",
        "loss": "quadratic",
        "initializer": "normal",
        "optimizer": "sgd",
        "learning_rate": 3.0,
        "batch_size": 10,
    },
    "784-128-10 ReLU softmax, batch 32, SGD": {
        "hidden_sizes": (128,),
        "optimizer": "sgd",
        "learning_rate": 0.1,
        "batch_size": 32,
    },
    "784-128-10 ReLU softmax, batch 128, Adam": {"hidden_sizes": (128,), "learning_rate": 0.001, "batch_size": 128},
    "784-512-512-10 ReLU softmax, batch 256, Adam": {
        "hidden_sizes": (512, 512),
        "learning_rate": 0.001,
        "batch_size": 256,
    },
}


class Unattended:
    def proceed(self) -> bool:
        return True


def make_epoch(h: Hyperparameters, dataset: Dataset) -> Callable[[], object]:
    """A function that trains for one epoch."""
    streams = RandomStreams(h.seed)
    network = Network.from_hyperparameters(h, dataset.n_features, dataset.n_outputs, streams.initialization)
    scaling = Scaling.of_inputs(h.input_scaling, dataset, h.dtype)
    learner = Learner(
        h,
        network,
        Reader(dataset, scaling, h.dtype, network.max_rows),
        dataset.train,
        order=streams.order,
        control=Unattended(),
        clock=Clock(),
        on_progress=lambda _progress: None,
    )
    return lambda: learner.learn(1, h.learning_rate)


def make_products(h: Hyperparameters, dataset: Dataset) -> Callable[[], object]:
    """A function that computes the products of one epoch, forward and back, on arrays that are there already."""
    sizes = (dataset.n_features, *h.hidden_sizes, dataset.n_classes)
    rng = np.random.default_rng(0)
    values = [rng.random((h.batch_size, size), np.float32) for size in sizes]
    weights = [rng.random(shape, np.float32) for shape in pairwise(sizes)]
    gradients = [np.empty_like(each) for each in weights]

    def products() -> None:
        for _ in range(len(dataset.train) // h.batch_size):
            for inputs, outputs, layer in zip(values[:-1], values[1:], weights, strict=True):
                product_of(h.batch_size * layer.size)(inputs, layer, outputs)
            for place in range(len(weights) - 1, -1, -1):
                product = product_of(h.batch_size * weights[place].size)
                product(values[place].T, values[place + 1], gradients[place])
                if place:
                    product(values[place + 1], weights[place].T, values[place])

    return products


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=7, help="epochs to measure, after one to warm up")
    parser.add_argument("--datasets-dir", type=Path, default=Path(os.environ.get("MISFIT_DATASETS_DIR", "data")))
    arguments = parser.parse_args()
    with TemporaryDirectory() as cache_dir, np.errstate(all="ignore"), threadpool_limits(1, user_api="blas"):
        dataset = load_dataset("mnist", datasets_dir=arguments.datasets_dir, cache_dir=Path(cache_dir))
        print(f"{'seconds per epoch':46}   median  fastest  slowest     bare")
        for title, chosen in WORKLOADS.items():
            h = Hyperparameters(dataset="mnist", validation_fraction=0, **chosen)
            epoch, products = make_epoch(h, dataset), make_products(h, dataset)
            epoch()
            pairs = [(seconds(epoch), seconds(products)) for _ in range(arguments.epochs)]
            ours, bare = zip(*pairs, strict=True)
            figures = (median(ours), min(ours), max(ours), median(bare))
            print(f"{title:46}" + "".join(f"{figure:9.3f}" for figure in figures), flush=True)


if __name__ == "__main__":
    main()
