"""Schedules: the learning rate of each epoch."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.hyperparameters.schema import Hyperparameters
from nn.training.schedules import SCHEDULES, learning_rate


def rates(**values: Any) -> list[float]:
    h = Hyperparameters(learning_rate=2.0, **values)
    return [learning_rate(h, epoch) for epoch in range(1, h.epochs + 1)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"schedule": "constant", "epochs": 3}, [2.0, 2.0, 2.0]),
        ({"schedule": "linear", "epochs": 5, "final_learning_rate_fraction": 0.2}, [2.0, 1.6, 1.2, 0.8, 0.4]),
        ({"schedule": "cosine", "epochs": 3, "final_learning_rate_fraction": 0.5}, [2.0, 1.5, 1.0]),
        ({"schedule": "exponential", "epochs": 4, "decay_rate": 0.5}, [2.0, 1.0, 0.5, 0.25]),
        ({"schedule": "step", "epochs": 5, "decay_rate": 0.5, "decay_every": 2}, [2.0, 2.0, 1.0, 1.0, 0.5]),
    ],
)
def test_known_rates(values: dict[str, Any], expected: list[float]) -> None:
    assert rates(**values) == pytest.approx(expected, rel=1e-15)


@given(
    schedule=st.sampled_from(["linear", "cosine"]),
    epochs=st.integers(2, 50),
    final=st.floats(0, 1),
)
def test_falling_schedules_end_at_the_final_fraction(schedule: str, epochs: int, final: float) -> None:
    found = rates(schedule=schedule, epochs=epochs, final_learning_rate_fraction=final)
    assert found[0] == pytest.approx(2.0)
    assert found[-1] == pytest.approx(2.0 * final, abs=1e-15)
    assert all(later <= earlier + 1e-15 for earlier, later in itertools.pairwise(found))


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_single_epoch_has_the_full_rate(schedule: str) -> None:
    assert rates(schedule=schedule, epochs=1) == [2.0]


def test_every_option_of_the_schema_is_implemented() -> None:
    assert set(Hyperparameters.model_json_schema()["properties"]["schedule"]["enum"]) == set(SCHEDULES)
