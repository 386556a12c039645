"""Detection of identical units in wide layers."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from nn.diagnosis.measurement.identical_units import IdenticalUnits

N_INPUTS, N_UNITS = 300, 3000  # so many units that nearly all have a neighbor with about the same projection


def wide_layer() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(0, 0.1, (N_INPUTS, N_UNITS)).astype(np.float32), rng.normal(0, 0.1, N_UNITS).astype(np.float32)


def test_units_that_all_differ_are_compared_without_a_copy_of_their_weights() -> None:
    weights, biases = wide_layer()
    units = IdenticalUnits(weights, biases)
    tracemalloc.start()
    try:
        assert units.fraction() == 0.0
        assert tracemalloc.get_traced_memory()[1] < weights.nbytes
    finally:
        tracemalloc.stop()


def test_identical_units_of_a_wide_layer_are_counted() -> None:
    weights, biases = wide_layer()
    for copy, unit in ((7, 2000), (8, 2000), (9, 1000)):
        weights[:, copy], biases[copy] = weights[:, unit], biases[unit]
    assert IdenticalUnits(weights, biases).fraction() == pytest.approx(5 / N_UNITS)
    weights[:] = 0.1
    assert IdenticalUnits(weights, biases[:0]).fraction() == 1.0


@pytest.mark.parametrize("row", [0, N_INPUTS - 1])
def test_units_that_differ_in_one_weight_are_not_identical(row: int) -> None:
    weights, biases = wide_layer()
    weights[:, 7], biases[7] = weights[:, 2000], biases[2000]
    weights[row, 7] += 0.01
    assert IdenticalUnits(weights, biases).fraction() == 0.0


def test_units_that_differ_in_the_bias_are_not_identical() -> None:
    weights, biases = wide_layer()
    weights[:, 7], biases[7] = weights[:, 2000], biases[2000] + 0.01
    assert IdenticalUnits(weights, biases).fraction() == 0.0
