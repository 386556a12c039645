"""The order of the examples in the batches of an epoch."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn.examples.sampling import SAMPLINGS
from nn.hyperparameters.schema import Hyperparameters
from nn.training.events import TrainingStarted
from tests.support.event_recorder import record, without_times


@given(n_examples=st.integers(1, 300), seed=st.integers(0, 99))
def test_without_replacement_each_example_is_drawn_once(n_examples: int, seed: int) -> None:
    order = SAMPLINGS["without_replacement"](n_examples, 7, np.random.default_rng(seed))
    assert sorted(order.tolist()) == list(range(n_examples))


def test_with_replacement_each_draw_is_independent() -> None:
    order = SAMPLINGS["with_replacement"](10_000, 7, np.random.default_rng(0))
    assert len(order) == 10_000
    assert 0 <= order.min() < 100
    assert 9_900 < order.max() < 10_000
    n_seen = len(np.unique(order))
    assert 6_200 < n_seen < 6_450  # a fraction of 1 − 1/e is expected


def test_sliding_windows_move_by_one_and_wrap_around() -> None:
    order = SAMPLINGS["sliding_window"](5, 3, np.random.default_rng(0))
    assert order.reshape(5, 3).tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 0], [4, 0, 1]]


def test_sliding_windows_take_one_step_per_image() -> None:
    result, recording = record(sampling="sliding_window", batch_size=5, epochs=2, validation_fraction=0)
    assert [epoch.gradient_evaluations for epoch in result.history] == [120, 240]
    started = recording.events[0]
    assert isinstance(started, TrainingStarted)
    assert started.batches_per_epoch == 120


def test_samplings_differ_except_with_full_batches() -> None:
    costs = {name: record(sampling=name, epochs=1)[0].history[0].train_cost for name in SAMPLINGS}
    assert len(set(costs.values())) == 3
    full = [record(sampling=name, batching="full_batch")[0].history for name in SAMPLINGS]
    assert without_times(full[0]) == without_times(full[1]) == without_times(full[2])


def test_every_option_of_the_schema_is_implemented() -> None:
    assert set(Hyperparameters.model_json_schema()["properties"]["sampling"]["enum"]) == set(SAMPLINGS)
