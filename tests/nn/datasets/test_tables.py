"""Tables: their examples and their output grids."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn.datasets import BUILT_IN_DATASETS, Dataset, is_available, load_dataset

GATES = {"and_gate": [0, 0, 0, 1], "or_gate": [0, 1, 1, 1], "xor_gate": [0, 1, 1, 0], "nand_gate": [1, 1, 1, 0]}
TABLES = [*GATES, "squares", "random_regression"]


def load(name: str) -> Dataset:
    return load_dataset(name, datasets_dir=Path("nowhere"), cache_dir=Path("nowhere"))


@pytest.mark.parametrize("name", TABLES)
def test_tables_match_the_registry(name: str) -> None:
    dataset, spec = load(name), BUILT_IN_DATASETS.get(name)
    assert is_available(name, Path("nowhere"))
    assert dataset.image_shape is spec.image_shape is None
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (spec.train_size, 0, 0)
    assert (dataset.n_features, dataset.n_outputs) == (spec.n_features, spec.n_outputs)
    assert dataset.class_names == spec.class_names
    assert (dataset.train.targets is not None) == bool(spec.target_names)
    assert dataset.output_grid is not None
    assert spec.output_plot is not None
    assert len(dataset.output_grid.axes) == {"boundary": 2, "curve": 1, "scatter": 0}[spec.output_plot]
    # the training examples are the last inputs of the grid
    np.testing.assert_array_equal(dataset.output_grid.inputs[dataset.output_grid.n_drawn :], dataset.train.inputs)


@pytest.mark.parametrize(("name", "labels"), GATES.items())
def test_gates_have_the_truth_table_of_their_operator(name: str, labels: list[int]) -> None:
    dataset = load(name)
    assert dataset.train.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert dataset.train.labels.tolist() == labels
    assert dataset.class_codes.tolist() == [[0.0], [1.0]]


def test_grid_of_a_gate_is_row_by_row() -> None:
    grid = load("or_gate").output_grid
    assert grid is not None
    x, y = grid.axes
    assert (x[0], x[-1]) == (y[0], y[-1]) == (-0.5, 1.5)
    plane = grid.inputs[: grid.n_drawn].reshape(len(y), len(x), 2)
    np.testing.assert_array_equal(plane[3, :, 0], x)
    np.testing.assert_array_equal(plane[:, 5, 1], y)


def test_grid_of_squares_is_a_curve_over_x() -> None:
    dataset = load("squares")
    assert dataset.train.inputs.tolist() == [[1, 1], [2, 4], [3, 9], [4, 16], [5, 25]]
    assert dataset.train.targets is not None
    assert dataset.train.targets.tolist() == [[1], [4], [9], [16], [25]]
    assert dataset.output_grid is not None
    (x,) = dataset.output_grid.axes
    np.testing.assert_allclose(dataset.output_grid.inputs[: len(x)], np.stack([x, x**2], axis=1))


def test_random_numbers_are_reproducible_and_normal() -> None:
    first, again = load("random_regression").train, load("random_regression").train
    assert first.targets is not None
    assert again.targets is not None
    np.testing.assert_array_equal(first.inputs, again.inputs)
    np.testing.assert_array_equal(first.targets, again.targets)
    assert abs(first.inputs.mean()) < 0.02
    assert abs(first.inputs.std() - 1) < 0.02
    assert abs(np.corrcoef(first.inputs[:, 0], first.targets[:, 0])[0, 1]) < 0.4
