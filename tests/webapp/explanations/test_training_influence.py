"""Epochs from which training influence is computed, and learning-rate sums over the epochs that each one represents."""

from __future__ import annotations

from typing import Any

import pytest

from nn.hyperparameters.schema import Hyperparameters
from nn.training.schedules import learning_rate
from webapp.explanations.training_influence import MAX_EARLIER, choose_epochs, learning_rate_sum, represented_epochs


@pytest.mark.parametrize(
    ("epoch", "epochs"),
    [
        (1, [1]),
        (3, [1, 2, 3]),
        (31, [1, 2, 4, 8, 16, 31]),
        (32, [1, 4, 16, 32]),
        (200, [1, 4, 16, 64, 200]),
        (1024, [1, 16, 256, 1024]),
    ],
)
def test_chosen_epochs_are_powers_and_the_explained_epoch(epoch: int, epochs: list[int]) -> None:
    assert choose_epochs(range(1, 2001), epoch) == epochs


def test_all_epochs_share_few_networks() -> None:
    chosen = [choose_epochs(range(1, 1001), epoch) for epoch in range(1, 1001)]
    assert all(len(epochs) <= MAX_EARLIER + 1 for epochs in chosen)
    assert {epoch for epochs in chosen for epoch in epochs[:-1]} == {1, 2, 4, 8, 16, 64, 256}


def test_only_stored_epochs_are_chosen() -> None:
    assert choose_epochs(range(1, 1000, 7), 22) == [1, 8, 22]
    assert choose_epochs(range(1, 1000, 7), 30) == [1, 8, 22, 30]  # the weights of epoch 30 are in a checkpoint
    assert choose_epochs([], 30) == [30]


@pytest.mark.parametrize("epochs", [[1], [7], [1, 2, 3], [1, 4, 16, 64, 200], [1, 31, 61, 90]])
def test_each_epoch_is_assigned_to_the_chosen_epoch_nearest_by_ratio(epochs: list[int]) -> None:
    expected: dict[int, list[int]] = {chosen: [] for chosen in epochs}
    for epoch in range(1, epochs[-1] + 1):
        nearest = min(epochs, key=lambda chosen: (max(chosen / epoch, epoch / chosen), chosen))
        expected[nearest].append(epoch)
    assert [list(represented) for represented in represented_epochs(epochs)] == list(expected.values())


@pytest.mark.parametrize(
    "values",
    [{"schedule": "cosine"}, {"schedule": "step", "decay_every": 5, "decay_rate": 0.1}, {"schedule": "constant"}],
)
def test_the_learning_rates_of_the_represented_epochs_are_summed(values: dict[str, Any]) -> None:
    h = Hyperparameters(epochs=60, learning_rate=0.3, **values)
    epochs = [1, 4, 16, 50]
    sums = [learning_rate_sum(h, represented) for represented in represented_epochs(epochs)]
    assert sums[2] == pytest.approx(sum(learning_rate(h, epoch) for epoch in range(9, 29)))
    assert sum(sums) == pytest.approx(sum(learning_rate(h, epoch) for epoch in range(1, 51)))


def test_the_epochs_of_a_line_search_are_counted() -> None:
    assert learning_rate_sum(Hyperparameters(optimizer="lbfgs", batching="full_batch"), range(3, 9)) == 6.0
