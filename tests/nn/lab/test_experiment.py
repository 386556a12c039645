"""Experiments: both networks start alike, and an experiment repeats bit for bit."""

from __future__ import annotations

from nn.lab.experiment import MAX_POINTS, run_experiment
from tests.support.lab.checks import set_up


def test_both_networks_start_alike() -> None:
    result = run_experiment(set_up("B03", epochs=2))
    right, wrong = result.right.curves, result.wrong.curves
    assert right.epochs == wrong.epochs == [0, 1, 2]
    assert right.train_cost[0] == wrong.train_cost[0]
    assert right.train_cost[-1] < right.train_cost[0]
    assert right.train_cost[-1] != wrong.train_cost[-1]


def test_an_experiment_repeats_bit_for_bit() -> None:
    first, second = (run_experiment(set_up("B18", epochs=2, seed=7)) for _ in range(2))
    assert first.wrong == second.wrong
    assert first.right == second.right
    assert first.gradient_check == second.gradient_check


def test_the_seed_changes_the_experiment() -> None:
    first, second = (run_experiment(set_up("B03", epochs=1, seed=seed)) for seed in (1, 2))
    assert first.right.curves.train_cost != second.right.curves.train_cost


def test_telemetry_has_a_value_for_each_point() -> None:
    result = run_experiment(set_up("B13", epochs=2))
    layer = result.wrong.telemetry[0]
    assert [each.layer for each in result.wrong.telemetry] == [1, 2, 3]
    assert layer.gradient_norm[0] is None
    assert all(value is not None and value > 0 for value in layer.gradient_norm[1:] + layer.update_ratio[1:])
    assert len(layer.dead_fraction) == len(result.wrong.curves.epochs) == 3
    assert all(value is not None for value in layer.dead_fraction)
    assert set(layer.saturated_fraction) == {None}


def test_units_of_a_network_with_positive_weights_saturate() -> None:
    result = run_experiment(set_up("B23", epochs=1))
    right, wrong = (training.telemetry[0].saturated_fraction[0] for training in (result.right, result.wrong))
    assert right is not None
    assert wrong is not None
    assert wrong > right + 0.3


def test_a_table_has_few_points_and_learns() -> None:
    curves = run_experiment(set_up("B03", dataset="xor_gate")).right.curves
    assert len(curves.epochs) <= MAX_POINTS + 1
    assert curves.epochs[-1] == 300
    assert curves.train_accuracy[-1] == 1.0
    assert curves.train_accuracy == curves.test_accuracy
