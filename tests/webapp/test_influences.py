"""Which networks stand for a run when the influence of its training images is asked for."""

from __future__ import annotations

import pytest

from webapp.influences import MOST_NETWORKS, chosen_epochs, stood_for


@pytest.mark.parametrize(
    ("last", "epochs"), [(0, []), (1, [1]), (3, [1, 2, 3]), (5, [1, 2, 3, 4, 5]), (30, [1, 8, 16, 23, 30])]
)
def test_those_of_a_run_that_has_ended_are_evenly_spaced(last: int, epochs: list[int]) -> None:
    assert chosen_epochs(range(1, last + 1), last, has_ended=True) == epochs


def test_those_of_a_run_that_goes_on_change_seldom() -> None:
    chosen = [chosen_epochs(range(1, last + 1), last, has_ended=False) for last in range(1, 200)]
    assert chosen[0] == [1]
    assert chosen[12] == [1, 4, 8, 12]
    assert all(1 < len(epochs) <= MOST_NETWORKS for epochs in chosen[1:])
    seen = {epoch for epochs in chosen for epoch in epochs}
    assert len(seen) < 20


def test_only_epochs_that_were_kept_are_taken() -> None:
    assert chosen_epochs(range(1, 31, 7), 30, has_ended=True) == [1, 8, 15, 22, 29]
    assert chosen_epochs([1, 21], 30, has_ended=False) == [1, 21]
    assert chosen_epochs([], 30, has_ended=True) == []


def test_each_epoch_is_counted_with_the_nearest_of_those() -> None:
    epochs, last = [1, 8, 16, 23, 30], 30
    by_hand = [
        sum(min(epochs, key=lambda one: (abs(one - epoch), one)) == each for epoch in range(1, 31)) for each in epochs
    ]
    assert stood_for(epochs, last) == by_hand == [4, 8, 7, 7, 4]
    assert stood_for([1], 3) == [3]
    assert stood_for([7], 7) == [7]
