"""Networks that all contenders train, described independently of any library."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring.mnist import load_mnist

N_PIXELS, N_CLASSES = 784, 10
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8  # of Adam
FIRST_WEIGHTS_SEED = 1  # with 0 or 2, "nielsen" reaches only 85 % for some orders of the images

FloatArray = NDArray[np.float32]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Workload:
    """Network, and the hyperparameters with which all contenders train it.

    With `units` "sigmoid", all layers have sigmoid units, and the loss is half the squared distance to the one-hot
    target. The initial weights and biases have a standard normal distribution. With "relu", hidden layers have ReLU
    units, and the loss is softmax cross-entropy. The initial weights are normal with variance 2 / fan_in, and the
    biases are 0. The cost of a mini-batch is the mean over its images. The last mini-batch of an epoch may be smaller.
    """

    hidden_sizes: tuple[int, ...]
    units: Literal["sigmoid", "relu"]
    batch_size: int
    optimizer: Literal["sgd", "adam"]
    learning_rate: float

    @property
    def title(self) -> str:
        """Title such as `784-30-10 sigmoid, quadratic, batches of 10, SGD 3.0`."""
        sizes = "-".join(map(str, self.sizes))
        units = "sigmoid, quadratic" if self.units == "sigmoid" else "ReLU, softmax"
        optimizer = "SGD" if self.optimizer == "sgd" else "Adam"
        return f"{sizes} {units}, batches of {self.batch_size}, {optimizer} {self.learning_rate}"

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of units in each layer, starting with the pixels."""
        return (N_PIXELS, *self.hidden_sizes, N_CLASSES)

    def first_layers(self) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Draw the initial weights (fan_in, fan_out) and biases (fan_out,) of each layer."""
        rng = np.random.default_rng(FIRST_WEIGHTS_SEED)
        for fan_in, fan_out in pairwise(self.sizes):
            weights = rng.standard_normal((fan_in, fan_out), np.float32)
            if self.units == "sigmoid":
                yield weights, rng.standard_normal(fan_out, np.float32)
            else:
                yield weights * np.float32(math.sqrt(2 / fan_in)), np.zeros(fan_out, np.float32)


WORKLOADS = {
    "nielsen": Workload((30,), "sigmoid", 10, "sgd", 3.0),
    "small_batches": Workload((128,), "relu", 32, "sgd", 0.1),
    "modern": Workload((128,), "relu", 128, "adam", 0.001),
    "wide": Workload((512, 512), "relu", 256, "adam", 0.001),
}


@dataclass(frozen=True, slots=True, eq=False)
class Images:
    """MNIST in the format that most libraries expect: float32 pixels 0…1 (n_images, 784) and labels (n_images,)."""

    train: FloatArray
    train_labels: Indices
    test: FloatArray
    test_labels: Indices

    @classmethod
    def load(cls) -> Images:
        """Load all images into memory."""
        data = load_mnist()
        train, test = (split.inputs.astype(np.float32) / np.float32(255) for split in (data.train, data.test))
        return cls(train, data.train.labels.astype(np.int64), test, data.test.labels.astype(np.int64))

    def accuracy(self, outputs: NDArray[np.floating]) -> float:
        """Return the fraction of the test images that these outputs (n_images, 10) classify correctly."""
        return float((np.asarray(outputs).argmax(axis=1) == self.test_labels).mean())
