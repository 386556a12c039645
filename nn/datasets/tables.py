"""Tables: logic gates and two regressions."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from nn.datasets.dataset import Dataset, Split
from nn.datasets.output_grid import OutputGrid
from nn.datasets.spec import DatasetSpec

# For each gate, the labels of the inputs (0, 0), (0, 1), (1, 0) and (1, 1).
GATES = {"and_gate": (0, 0, 0, 1), "or_gate": (0, 1, 1, 1), "xor_gate": (0, 1, 1, 0), "nand_gate": (1, 1, 1, 0)}
SQUARES = "squares"
REGRESSION_SEED = 7


def load_table(spec: DatasetSpec) -> Dataset:
    """Return the table that `spec` names; all of its examples belong to the training split."""
    if spec.name in GATES:
        return _gate(spec)
    return _squares(spec) if spec.name == SQUARES else _random_regression(spec)


def _gate(spec: DatasetSpec) -> Dataset:
    inputs = np.array(list(product((0.0, 1.0), repeat=2)))
    axis = np.linspace(-0.5, 1.5, 33)
    plane = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    grid = OutputGrid((axis, axis), np.concatenate([plane, inputs]))
    return Dataset.from_splits(spec, Split(inputs, np.array(GATES[spec.name], np.uint8)), output_grid=grid)


def _squares(spec: DatasetSpec) -> Dataset:
    def features(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([x, x**2], axis=1)

    x = np.arange(1.0, 6.0)
    axis = np.linspace(0.0, 6.0, 61)
    grid = OutputGrid((axis,), np.concatenate([features(axis), features(x)]))
    return Dataset.from_splits(spec, _regression(features(x), x[:, np.newaxis] ** 2), output_grid=grid)


def _random_regression(spec: DatasetSpec) -> Dataset:
    """Draw inputs and targets from the standard normal distribution, without a relation between them."""
    rng = np.random.default_rng(REGRESSION_SEED)
    inputs = rng.standard_normal((spec.train_size, spec.n_features))
    targets = rng.standard_normal((spec.train_size, spec.n_outputs))
    return Dataset.from_splits(spec, _regression(inputs, targets), output_grid=OutputGrid((), inputs))


def _regression(inputs: NDArray[np.float64], targets: NDArray[np.float64]) -> Split:
    return Split(inputs, np.zeros(len(inputs), np.uint8), targets)
