"""Which networks stand for a run when the influence of its training images is asked for, and for how much learning."""

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
def test_they_are_powers_and_the_one_that_is_explained(epoch: int, epochs: list[int]) -> None:
    assert choose_epochs(range(1, 2001), epoch) == epochs


def test_few_networks_serve_all_epochs() -> None:
    chosen = [choose_epochs(range(1, 1001), epoch) for epoch in range(1, 1001)]
    assert all(len(epochs) <= MAX_EARLIER + 1 for epochs in chosen)
    assert {one for epochs in chosen for one in epochs[:-1]} == {1, 2, 4, 8, 16, 64, 256}


def test_only_epochs_that_were_kept_are_taken() -> None:
    assert choose_epochs(range(1, 1000, 7), 22) == [1, 8, 22]
    assert choose_epochs(range(1, 1000, 7), 30) == [1, 8, 22, 30]  # 30 is in a checkpoint
    assert choose_epochs([], 30) == [30]


@pytest.mark.parametrize("epochs", [[1], [7], [1, 2, 3], [1, 4, 16, 64, 200], [1, 31, 61, 90]])
def test_each_epoch_up_to_the_last_is_counted_once_with_the_nearest_by_ratio(epochs: list[int]) -> None:
    by_hand: dict[int, list[int]] = {one: [] for one in epochs}
    for epoch in range(1, epochs[-1] + 1):
        by_hand[min(epochs, key=lambda one: (max(one / epoch, epoch / one), one))].append(epoch)
    assert [list(those) for those in represented_epochs(epochs)] == list(by_hand.values())


@pytest.mark.parametrize(
    "values",
    [{"schedule": "cosine"}, {"schedule": "step", "decay_every": 5, "decay_rate": 0.1}, {"schedule": "constant"}],
)
def test_learning_is_the_sum_of_the_rates_of_the_epochs(values: dict[str, Any]) -> None:
    h = Hyperparameters(epochs=60, learning_rate=0.3, **values)
    epochs = [1, 4, 16, 50]
    logits = [learning_rate_sum(h, those) for those in represented_epochs(epochs)]
    assert logits[2] == pytest.approx(sum(learning_rate(h, epoch) for epoch in range(9, 29)))
    assert sum(logits) == pytest.approx(sum(learning_rate(h, epoch) for epoch in range(1, 51)))


def test_where_steps_are_looked_for_epochs_are_counted() -> None:
    assert learning_rate_sum(Hyperparameters(optimizer="lbfgs", batching="full_batch"), range(3, 9)) == 6.0
