"""The random change that serves as a control."""

from __future__ import annotations

from collections import Counter

import pytest

from nn.hyperparameters.schema import Hyperparameters, describe_fields
from nn.presets.catalog import PRESETS
from nn.trials.random_change import NOT_DRAWN, random_change


def names(h: Hyperparameters, n_seeds: int = 200) -> Counter[str]:
    return Counter(
        name for seed in range(n_seeds) if (change := random_change(h, seed)) is not None for name in change.changes
    )


@pytest.mark.parametrize("preset", PRESETS)
def test_each_draw_is_one_valid_change_of_a_hyperparameter_that_applies(preset: str) -> None:
    h = PRESETS[preset].hyperparameters
    for seed in range(20):
        change = random_change(h, seed)
        assert change is not None
        ((name, value),) = change.changes.items()
        assert h.changed({name: value}) != h
        conditions = describe_fields()[name]["applies_when"]
        assert all(getattr(h, other) in values for other, values in conditions.items())


def test_draws_vary_over_most_of_the_schema() -> None:
    drawn = names(Hyperparameters())
    assert len(drawn) >= 12
    assert not set(drawn) & NOT_DRAWN
    assert max(drawn.values()) < 40


def test_the_seed_of_the_run_decides() -> None:
    h = Hyperparameters(seed=5)
    assert random_change(h) == random_change(h) == random_change(Hyperparameters(), 5)


def test_excluded_hyperparameters_do_not_change() -> None:
    everything = set(describe_fields())
    assert random_change(Hyperparameters(), excluded=everything) is None
    change = random_change(Hyperparameters(), excluded=everything - {"l2"})
    assert change is not None
    assert set(change.changes) == {"l2"}
