"""Matrix products in two threads, compared with those of NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.parallel.matrix_product import LARGE, multiply_in_two_threads, select_product
from tests.support.busy_second_thread import busy_second_thread

SIDE = st.integers(1, 40)


@given(n_rows=SIDE, n_inner=SIDE, n_columns=SIDE, a_transposed=st.booleans(), b_transposed=st.booleans())
def test_two_halves_make_the_whole_product(
    n_rows: int, n_inner: int, n_columns: int, a_transposed: bool, b_transposed: bool
) -> None:
    rng = np.random.default_rng(0)
    a = rng.random((n_inner, n_rows)).T if a_transposed else rng.random((n_rows, n_inner))
    b = rng.random((n_columns, n_inner)).T if b_transposed else rng.random((n_inner, n_columns))
    out = np.full((n_rows, n_columns), np.nan)
    multiply_in_two_threads(a, b, out)
    np.testing.assert_allclose(out, a @ b, rtol=1e-13)


def test_small_products_stay_in_one_thread() -> None:
    assert select_product(LARGE - 1) is np.dot
    assert select_product(LARGE) is multiply_in_two_threads


def test_errors_of_the_second_thread_are_raised() -> None:
    out = np.empty((4, 3), np.float32)  # float64 products need a float64 array
    with pytest.raises(ValueError, match="output array"):
        multiply_in_two_threads(np.ones((4, 2)), np.ones((2, 3)), out)


@pytest.mark.parametrize(("n_rows", "n_inner", "n_columns"), [(256, 784, 300), (1024, 1000, 64)])
def test_a_busy_second_thread_changes_no_bit(n_rows: int, n_inner: int, n_columns: int) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.random((n_rows, n_inner), np.float32), rng.random((n_inner, n_columns), np.float32)
    idle, busy = np.empty((2, n_rows, n_columns), np.float32)
    multiply_in_two_threads(a, b, idle)
    with busy_second_thread():
        multiply_in_two_threads(a, b, busy)
    np.testing.assert_array_equal(busy, idle)
