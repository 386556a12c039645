"""The initial network of a run: its costs, its units and its step length, compared with training itself."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from nn.datasets import BUILT_IN_DATASETS, Dataset, load_dataset
from nn.datasets.tables import load_table
from nn.diagnosis.start_examination import examine_start
from nn.diagnosis.start_profile import StartProfile
from nn.diagnosis.telemetry import LayerTelemetry, Telemetry
from nn.hyperparameters.schema import Hyperparameters
from nn.presets.catalog import PRESETS
from nn.training.trainer import train
from tests.support.datasets.small_dataset import small_dataset
from tests.support.event_recorder import record

SMALL = small_dataset()


def examine(dataset: Dataset = SMALL, **values: Any) -> StartProfile:
    values = {"hidden_sizes": (8,), "batch_size": 16} | values
    return examine_start(Hyperparameters.parse(values), dataset)


def first_cost_of_training(**values: Any) -> float:
    """Return the cost of the first full-batch epoch, which is the cost before the first step."""
    result, _ = record(batching="full_batch", epochs=1, **values)
    cost = result.history[0].train_cost
    assert cost is not None
    return cost


def known(measurements: Telemetry | LayerTelemetry) -> dict[str, Any]:
    """Return the measured numbers by field, without those of the layers and the classes."""
    return {name: value for name, value in asdict(measurements).items() if isinstance(value, int | float)}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"seed": 5, "hidden_sizes": (6, 4), "activation": "sigmoid", "initializer": "normal"},
        {"input_scaling": "standardize", "images_per_class": 20, "validation_fraction": 0.3},
        {"loss": "quadratic", "output_activation": "tanh", "bias_initializer": "normal", "dtype": "float64"},
    ],
)
def test_the_first_cost_is_that_of_training(values: dict[str, Any]) -> None:
    values = {"images_per_class": 30, "validation_fraction": 0.15} | values  # so few that all are measured
    profile = examine(batching="full_batch", **values)
    assert profile.telemetry.first_cost == pytest.approx(first_cost_of_training(**values), rel=1e-5)


@pytest.mark.parametrize(
    "values",
    [
        {"dropout_rate": 0.5, "l2": 0.1},
        {"loss": "binary_cross_entropy", "activation": "tanh", "initializer": "normal"},
        {"loss": "quadratic", "output_activation": "sigmoid", "activation": "sigmoid", "initializer": "normal"},
        {"loss": "mean_squared_error", "output_activation": "tanh", "dtype": "float64", "input_scaling": "standardize"},
    ],
)
def test_the_measurements_are_those_of_the_telemetry_before_the_first_step(values: dict[str, Any]) -> None:
    """Only the gradient differs, which the telemetry measures on a mini-batch, with dropout."""
    profile = examine(**values)
    _, recording = record(**values)
    measured, examined = recording.epochs[0].telemetry[0], profile.telemetry
    assert profile.n_examples == 100  # of 108
    assert (measured.epoch, measured.step) == (0, 0)
    assert examined.first_cost == examined.cost
    assert examined.predicted_counts == measured.predicted_counts
    assert known(examined) == pytest.approx(known(measured), rel=1e-6)
    for layer, expected in zip(examined.layers, measured.layers, strict=True):
        same = replace(layer, gradient_norm=expected.gradient_norm, penalty_ratio=expected.penalty_ratio)
        assert known(same) == pytest.approx(known(expected), rel=1e-6)


def test_the_first_cost_excludes_the_penalty_and_the_reduction() -> None:
    costs = {examine(**values).telemetry.first_cost for values in ({}, {"l2": 1.0}, {"reduction": "sum"})}
    assert len(costs) == 1


def test_the_expected_cost_is_that_of_equal_probabilities() -> None:
    telemetry = examine(hidden_sizes=(200,), initializer="normal", initializer_scale=1e-4).telemetry
    assert telemetry.expected_first_cost == pytest.approx(np.log(3))
    assert telemetry.first_cost == pytest.approx(np.log(3), rel=1e-3)


def test_large_initial_weights_saturate_sigmoid_units() -> None:
    values: dict[str, Any] = {"input_scaling": "none", "activation": "sigmoid", "hidden_sizes": (50,)}
    saturated, healthy = (
        examine(initializer=initializer, **values).telemetry.layers[0].saturated_fraction
        for initializer in ("normal", "glorot")
    )
    assert saturated is not None
    assert healthy is not None
    assert saturated > 0.8
    assert examine(hidden_sizes=(50,), activation="sigmoid").telemetry.layers[0].saturated_fraction == 0.0


def test_constant_weights_give_identical_units() -> None:
    layers = examine(initializer="constant", initializer_scale=0.1).telemetry.layers
    assert [layer.identical_fraction for layer in layers] == [1.0, 1.0]
    assert [layer.identical_fraction for layer in examine().telemetry.layers] == [0.0, 0.0]


def test_sums_and_norms_are_those_of_the_layers() -> None:
    """With one linear layer of equal weights w, each logit is w times the sum of the inputs."""
    few = small_dataset(90)  # so few that all of them are measured
    profile = examine(few, hidden_sizes=(), initializer="constant", initializer_scale=0.5, validation_fraction=0)
    (layer,) = profile.telemetry.layers
    sums = few.train.inputs.sum(axis=1) / 16
    assert layer.sum_mean == pytest.approx(0.5 * sums.mean(), rel=1e-5)
    assert layer.sum_std == pytest.approx(0.5 * sums.std(), rel=1e-4)
    assert layer.weight_norm == pytest.approx(0.5 * np.sqrt(16 * 3), rel=1e-6)
    assert layer.n_units == 3
    assert layer.n_parameters == 16 * 3 + 3


@pytest.mark.parametrize("scaling", ["none", "standardize"])
def test_the_step_length_of_a_linear_regression_is_exact(scaling: str) -> None:
    """The Hessian of a squared error of one linear unit is 2 XᵀX / n, where X includes a column of ones."""
    spec = BUILT_IN_DATASETS.get("squares")
    table = load_table(spec)
    values = {
        "dataset": "squares",
        "loss": "mean_squared_error",
        "output_activation": "linear",
        "input_scaling": scaling,
    }
    h = Hyperparameters.parse(
        {**values, "hidden_sizes": (), "optimizer": "sgd", "learning_rate": 0.01, "batching": "full_batch"}
    )
    inputs = table.train.take(np.arange(len(table.train)))
    if scaling == "standardize":
        inputs = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0, ddof=1)
    x = np.column_stack([inputs, np.ones(len(table.train))])
    exact = 0.01 * np.linalg.eigvalsh(2 * x.T @ x / len(x))[-1]
    assert examine_start(h, table).step_length == pytest.approx(exact, rel=2e-2)
    summed = h.changed({"reduction": "sum"})
    assert examine_start(summed, table).step_length == pytest.approx(exact * len(x), rel=2e-2)


@pytest.mark.parametrize(
    ("values", "limit"),
    [
        ({"optimizer": "sgd"}, 2.0),
        ({"optimizer": "sgd", "momentum": 0.9}, 3.8),
        ({"optimizer": "sgd", "momentum": 0.5, "nesterov": True}, 1.5),
        ({"optimizer": "adam"}, None),
        ({"optimizer": "rmsprop"}, None),
    ],
)
def test_momentum_raises_the_limit_of_the_step_length(values: dict[str, Any], limit: float | None) -> None:
    assert examine(**values).step_limit == (None if limit is None else pytest.approx(limit))


@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.6, False), (0.6, True)])
def test_plain_gradient_descent_diverges_above_the_limit_only(momentum: float, nesterov: bool) -> None:
    """On a linear regression, whose cost is quadratic, the limit separates falling and rising costs exactly."""
    table = load_table(BUILT_IN_DATASETS.get("squares"))
    h = Hyperparameters.parse(
        {
            "dataset": "squares",
            "loss": "mean_squared_error",
            "output_activation": "linear",
            "input_scaling": "standardize",
            "hidden_sizes": (),
            "optimizer": "sgd",
            "momentum": momentum,
            "nesterov": nesterov,
            "learning_rate": 1.0,
            "batching": "full_batch",
            "epochs": 120,
            "dtype": "float64",
        }
    )
    profile = examine_start(h, table)
    assert profile.step_length is not None
    assert profile.step_limit is not None
    limit = profile.step_limit / profile.step_length  # the learning rate at the limit

    def costs(learning_rate: float) -> list[Any]:
        changed = h.changed({"learning_rate": learning_rate})
        result = train(changed, table, on_event=lambda _event: None)
        return [epoch.train_cost for epoch in result.history]

    below, above = costs(0.9 * limit), costs(1.1 * limit)
    assert below[-1] < below[5]
    assert above[-1] > 10 * above[5]


def test_line_searches_have_no_step_length() -> None:
    profile = examine(optimizer="lbfgs", batching="full_batch")
    assert profile.step_length is None
    assert profile.step_limit is None


def test_a_large_network_is_examined_on_fewer_examples() -> None:
    profile = examine(hidden_sizes=(1000, 900), optimizer="sgd")
    assert profile.n_examples == 100  # as many as in the telemetry
    assert 0 < profile.n_curvature_examples < 108
    assert profile.step_length is not None
    for values in ({"hidden_sizes": (2000, 2000), "optimizer": "sgd"}, {"hidden_sizes": (1000, 900)}):
        left_out = examine(**values)
        assert left_out.step_length is None
        assert left_out.n_curvature_examples == 0
        assert left_out.n_examples > 0


def test_an_overflow_gives_a_cost_that_is_not_finite() -> None:
    profile = examine(
        hidden_sizes=(50,) * 8,
        activation="linear",
        initializer="constant",
        initializer_scale=100.0,
        loss="quadratic",
        output_activation="linear",
        input_scaling="none",
    )
    assert not np.isfinite(profile.telemetry.first_cost)


@pytest.mark.parametrize(
    "preset",
    [preset for preset in PRESETS.values() if not preset.hyperparameters.dataset_spec.files],
    ids=lambda preset: preset.id,
)
def test_every_preset_on_included_data_can_be_examined(preset: Any, tmp_path: Any) -> None:
    h = preset.hyperparameters
    profile = examine_start(h, load_dataset(h.dataset, datasets_dir=tmp_path, cache_dir=tmp_path))
    assert profile.n_examples > 0
    assert len(profile.telemetry.layers) == len(h.hidden_sizes) + 1
