"""The examples that the networks of the lab learn from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.datasets import Dataset, Split, load_dataset
from nn.datasets.scaling import Scaling
from nn.hyperparameters.schema import Hyperparameters


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Scaled inputs (n, n_features), target outputs (n, n_outputs) and labels (n,) of some examples."""

    inputs: Float64Array
    targets: Float64Array
    labels: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: NDArray[np.intp]) -> Examples:
        """Return the examples at `rows`, in that order."""
        return Examples(self.inputs[rows], self.targets[rows], self.labels[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Splits:
    """The training and test examples. A table has no test examples of its own, so its training examples are both."""

    train: Examples
    test: Examples
    has_own_test: bool


def load_splits(hyperparameters: Hyperparameters) -> Splits:
    """Return the examples of one of the data sets that come with the program."""
    dataset = _load(hyperparameters.dataset)
    scaling = Scaling.of_inputs(hyperparameters.input_scaling, dataset, np.float64)

    def examples(split: Split) -> Examples:
        labels = split.labels.astype(np.intp)
        inputs = scaling.in_float64(split.take(np.arange(len(split))))
        return Examples(inputs, dataset.class_codes[labels], labels)

    train, has_own_test = examples(dataset.train), len(dataset.test) > 0
    return Splits(train, examples(dataset.test) if has_own_test else train, has_own_test)


@cache
def _load(name: str) -> Dataset:
    return load_dataset(name, datasets_dir=Path(), cache_dir=Path())  # these data sets have no files of their own
