"""The length of trials, which follows from a cost model."""

from __future__ import annotations

import pytest

from nn.hyperparameters.schema import Hyperparameters
from nn.trials.budget import plan_trials, seconds_per_epoch


def test_digits_take_all_their_epochs_and_examples() -> None:
    plan = plan_trials(Hyperparameters(), 1294, 144)
    assert (plan.epochs, plan.train_size) == (30, 1294)


def test_a_long_epoch_takes_a_part_of_the_examples() -> None:
    h = Hyperparameters(dataset="mnist", hidden_sizes=(512, 512), epochs=10)
    plan = plan_trials(h, 54_000, 1000)
    assert plan.train_size < 54_000
    assert plan.epochs >= 3
    assert plan.epochs * seconds_per_epoch(h, plan.train_size, 1000) <= plan.seconds


@pytest.mark.parametrize("epochs", [1, 7, 30])
def test_given_epochs_are_taken(epochs: int) -> None:
    h = Hyperparameters(dataset="mnist", hidden_sizes=(512, 512), epochs=10)
    assert plan_trials(h, 54_000, 1000, epochs).epochs == min(epochs, 10)


def test_a_sum_over_all_examples_keeps_all_examples() -> None:
    """With fewer examples, each step would be shorter."""
    h = Hyperparameters(dataset="mnist", hidden_sizes=(512,), reduction="sum", batching="full_batch")
    assert plan_trials(h, 54_000, 1000).train_size == 54_000


def test_a_costly_candidate_takes_fewer_epochs() -> None:
    h = Hyperparameters(batching="full_batch", epochs=100)
    plan = plan_trials(h, 1294, 144)
    assert 1 <= plan.epochs_of(h.changed({"batching": "mini_batch", "batch_size": 1}), plan.epochs, 144) < plan.epochs
