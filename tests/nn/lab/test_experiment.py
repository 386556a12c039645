"""Experiments: both networks start alike, and an experiment repeats bit for bit."""

from __future__ import annotations

from nn.lab.examples import load_splits
from nn.lab.experiment import MAX_POINTS, Training, run_experiment, train
from nn.lab.setup import LabSetup
from tests.support.lab.checks import set_up


def right(setup: LabSetup) -> Training:
    return train(setup.right_learner(load_splits(setup.hyperparameters)))


def wrong(setup: LabSetup) -> Training:
    return train(setup.wrong_learner(load_splits(setup.hyperparameters)))


def test_both_networks_start_alike() -> None:
    result = run_experiment(set_up("B03", epochs=2))
    right_curves, wrong_curves = result.right.curves, result.wrong.curves
    assert right_curves.epochs == wrong_curves.epochs == [0, 1, 2]
    assert right_curves.train_cost[0] == wrong_curves.train_cost[0]
    assert right_curves.train_cost[-1] < right_curves.train_cost[0]
    assert right_curves.train_cost[-1] != wrong_curves.train_cost[-1]


def test_an_experiment_repeats_bit_for_bit() -> None:
    first, second = (run_experiment(set_up("B18", epochs=2, seed=7)) for _ in range(2))
    assert first.wrong == second.wrong
    assert first.right == second.right
    assert first.gradient_check == second.gradient_check


def test_the_seed_changes_the_experiment() -> None:
    first, second = (right(set_up("B03", epochs=1, seed=seed)) for seed in (1, 2))
    assert first.curves.train_cost != second.curves.train_cost


def test_telemetry_has_a_value_for_each_point() -> None:
    result = wrong(set_up("B13", epochs=2))
    layer = result.telemetry[0]
    assert [each.layer for each in result.telemetry] == [1, 2, 3]
    assert layer.gradient_norm[0] is None
    assert all(value is not None and value > 0 for value in layer.gradient_norm[1:] + layer.update_ratio[1:])
    assert len(layer.dead_fraction) == len(result.curves.epochs) == 3
    assert all(value is not None for value in layer.dead_fraction)
    assert set(layer.saturated_fraction) == {None}


def test_units_of_a_network_with_positive_weights_saturate() -> None:
    setup = set_up("B23", epochs=1)
    usual, saturated = (training.telemetry[0].saturated_fraction[0] for training in (right(setup), wrong(setup)))
    assert usual is not None
    assert saturated is not None
    assert saturated > usual + 0.3


def test_a_table_has_few_points_and_learns() -> None:
    curves = right(set_up("B03", dataset="xor_gate")).curves
    assert len(curves.epochs) <= MAX_POINTS + 1
    assert curves.epochs[-1] == 300
    assert curves.train_accuracy[-1] == 1.0
    assert curves.train_accuracy == curves.test_accuracy
