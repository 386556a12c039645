"""Sizes of counterfactuals, compared with an independent optimizer.

`python tasks.py bench counterfactuals [--images 30]`

A counterfactual is the smallest change of an image that gives it another class. The problem has many local solutions,
so Misfit's result is an upper bound. For 30 test images of each of ten networks, this benchmark divides Misfit's size
by the size of the best change that SciPy finds: L-BFGS-B with an increasing penalty and then SLSQP, from up to eight
starting points, each in one or two units. The ten networks have all activation functions and all input scalings. The
images are the misclassified ones, and then correctly classified ones with the runner-up as the label. A ratio below 1
means that SciPy found no change as small as Misfit's. The benchmark also measures the processor time for each image:
one alone, as on the page, and all together, as for the list by smallest change.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from benchmarks.contenders.scipy_counterfactual import ScipyCounterfactual, ScipyNetwork
from benchmarks.measuring.mnist import DATASETS_DIR
from benchmarks.measuring.tables import markdown_table
from nn.datasets import load_dataset
from nn.explanations.counterfactual import PixelScaling, counterfactual_sizes, minimal_counterfactual
from nn.explanations.forward_pass import Float64Network
from nn.hyperparameters.schema import Hyperparameters
from nn.training.trainer import train

N_GUIDES = 5  # for each class, as on the page
N_TIMED = 10
TOLERANCE = 1.01

STANDARDIZED: dict[str, Any] = {"input_scaling": "standardize", "learning_rate": 0.03, "momentum": 0.9, "epochs": 4}
UNIT: dict[str, Any] = {"input_scaling": "unit", "learning_rate": 0.1, "momentum": 0.9, "epochs": 4}
UNSCALED: dict[str, Any] = {"input_scaling": "none", "learning_rate": 0.001, "momentum": 0.9, "epochs": 8}
NETWORKS: tuple[dict[str, Any], ...] = (
    STANDARDIZED
    | {"hidden_sizes": [40, 20], "activation": "tanh", "loss": "quadratic", "learning_rate": 0.3, "epochs": 25},
    STANDARDIZED | {"hidden_sizes": [40, 20], "activation": "relu"},
    UNSCALED | {"hidden_sizes": [40, 20], "activation": "relu"},
    STANDARDIZED | {"hidden_sizes": [40, 20], "activation": "leaky_relu"},
    UNIT | {"hidden_sizes": [24, 16, 12], "activation": "leaky_relu"},
    UNSCALED | {"hidden_sizes": [40, 20], "activation": "tanh"},
    STANDARDIZED | {"hidden_sizes": [32], "activation": "sigmoid", "learning_rate": 0.15, "epochs": 8},
    UNIT | {"hidden_sizes": [32], "activation": "sigmoid", "learning_rate": 0.5, "epochs": 8},
    STANDARDIZED | {"hidden_sizes": [20], "activation": "linear"},
    UNIT | {"hidden_sizes": [32], "activation": "relu"},
)


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Network, images (n, n_features) with pixels in 0…1, their labels (n,), and other images of the data set."""

    name: str
    network: Float64Network
    scaling: PixelScaling
    scipy_network: ScipyNetwork
    images: NDArray[np.float64]
    labels: NDArray[np.intp]
    guides: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Sizes (n,) of both optimizers, and Misfit's seconds of processor time for each image."""

    name: str
    ours: NDArray[np.float64]
    scipy: NDArray[np.float64]
    seconds_alone: float
    seconds_together: float

    @property
    def ratios(self) -> NDArray[np.float64]:
        """Misfit's sizes divided by SciPy's, where at least one of them found a change.

        A ratio is infinite where only SciPy found one, and 0 where only Misfit found one.
        """
        ours = np.where(np.isfinite(self.ours), self.ours, np.inf)
        either = np.isfinite(ours) | np.isfinite(self.scipy)
        return np.asarray(ours[either] / self.scipy[either])


def make_problem(values: dict[str, Any], n_images: int) -> Problem:
    """Train a network on the digits, and choose its images."""
    initializer = "he" if "relu" in values["activation"] else "glorot"
    h = Hyperparameters.parse(values | {"initializer": initializer, "optimizer": "sgd", "seed": 5})
    with TemporaryDirectory() as cache_dir:
        dataset = load_dataset(h.dataset, datasets_dir=DATASETS_DIR, cache_dir=Path(cache_dir))
    result = train(h, dataset, on_event=lambda _: None)
    network, scaling = Float64Network.from_network(result.network), PixelScaling(result.scaling, dataset.pixel_max)
    pixels = dataset.test.take(np.arange(len(dataset.test))) / dataset.pixel_max
    ranking = np.argsort(-network.logits(scaling.inputs(pixels)), axis=1)
    predicted, runners_up, labels = ranking[:, 0], ranking[:, 1], dataset.test.labels.astype(np.intp)
    is_correct = predicted == labels
    chosen = np.argsort(is_correct, kind="stable")[:n_images]
    scale = np.broadcast_to(np.asarray(scaling.slopes, np.float64), pixels.shape[1])
    offset = np.broadcast_to(np.asarray(result.scaling.offset, np.float64) / dataset.pixel_max, pixels.shape[1])
    layers = tuple((layer.weights, layer.biases) for layer in network.layers)
    guides = np.concatenate([np.flatnonzero(predicted == label)[:N_GUIDES] for label in range(dataset.n_classes)])
    return Problem(
        name=f"{h.activation} {'-'.join(map(str, h.hidden_sizes))}, {h.input_scaling}",
        network=network,
        scaling=scaling,
        scipy_network=ScipyNetwork(layers, h.activation, offset, scale),
        images=pixels[chosen],
        labels=np.where(is_correct, runners_up, labels)[chosen],
        guides=pixels[guides],
    )


def measure(values: dict[str, Any], n_images: int) -> Outcome:
    """Compute the sizes of all images of one network with both optimizers."""
    with threadpool_limits(1, user_api="blas"), np.errstate(all="ignore"):
        problem = make_problem(values, n_images)
        network, scaling, images, labels = problem.network, problem.scaling, problem.images, problem.labels
        started = time.process_time()
        ours = counterfactual_sizes(network, scaling, images, labels, problem.guides)
        together = (time.process_time() - started) / len(images)
        n_timed = min(N_TIMED, len(images))
        started = time.process_time()
        for image, label in zip(images[:n_timed], labels, strict=False):
            minimal_counterfactual(network, scaling, image, int(label), problem.guides)
        alone = (time.process_time() - started) / n_timed
        rng = np.random.default_rng(0)
        scipy = [
            ScipyCounterfactual(problem.scipy_network, image, int(label)).size(problem.guides, rng)
            for image, label in zip(images, labels, strict=True)
        ]
    return Outcome(problem.name, ours, np.array(scipy), alone, together)


def table(images: int = 30) -> str:
    """Compare all networks, and return Markdown tables."""
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(NETWORKS))) as pool:
        outcomes = list(pool.map(measure, NETWORKS, [images] * len(NETWORKS)))
    rows = [
        [*ratio_cells(each.name, each.ratios), f"{1e3 * each.seconds_alone:.0f}", f"{1e3 * each.seconds_together:.0f}"]
        for each in outcomes
    ]
    rows.append([*ratio_cells("all", np.concatenate([each.ratios for each in outcomes])), "", ""])
    counts = [f"above {TOLERANCE}", f"below {1 / TOLERANCE:.2f}"]
    header = ["network", "images", "median", "p90", "p99", "largest", *counts, "ms, one alone", "ms, all together"]
    return f"Ratios of the sizes, and Misfit's milliseconds per image:\n\n{markdown_table(header, rows)}"


def ratio_cells(name: str, ratios: NDArray[np.float64]) -> list[str]:
    """Return the cells of a row that describe the distribution of `ratios` (n,)."""
    quantiles = [f"{value:.3f}" for value in np.quantile(ratios, [0.5, 0.9, 0.99, 1.0], method="higher")]
    counts = [str((ratios > TOLERANCE).sum()), str((ratios < 1 / TOLERANCE).sum())]
    return [name, str(len(ratios)), *quantiles, *counts]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=30)
    print(table(parser.parse_args().images))


if __name__ == "__main__":
    main()
