"""The limit on BLAS threads."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from threadpoolctl import threadpool_info

from nn.parallel.blas_threads import limit_blas_to_one_thread


def count_threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_a_context_limits_blas_to_one_thread() -> None:
    before = count_threads()
    with limit_blas_to_one_thread():
        assert count_threads() == {1}
    assert count_threads() == before


@pytest.mark.parametrize("first_to_end", [0, 1])
def test_the_limit_holds_until_the_last_of_two_overlapping_contexts_ends(first_to_end: int) -> None:
    before = count_threads()
    contexts = [ExitStack(), ExitStack()]
    for context in contexts:
        context.enter_context(limit_blas_to_one_thread())
    contexts.pop(first_to_end).close()
    assert count_threads() == {1}
    contexts.pop().close()
    assert count_threads() == before


def test_an_error_ends_the_limit() -> None:
    before = count_threads()
    with pytest.raises(ZeroDivisionError), limit_blas_to_one_thread():
        1 / 0  # noqa: B018
    assert count_threads() == before
