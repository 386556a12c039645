"""The right network of the lab: its gradient is that of the dashboard's network, and no check raises an alarm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn.lab.examples import load_splits
from nn.model.activations import ACTIVATIONS
from nn.model.losses import LOSSES
from nn.model.network import Network
from tests.support.lab.checks import check, first_batch, right_setup, set_up

LOSSES_WITH_OUTPUTS = [
    (name, output)
    for name, loss in LOSSES.items()
    for output in (["sigmoid"] if loss.expects_logits else ["sigmoid", "tanh", "linear"])
]
OTHER_CHOICES: list[dict[str, Any]] = [
    {"use_bias": False, "l2": 0.01},
    {"reduction": "sum", "bias_initializer": "normal", "dropout_rate": 0.4, "l1": 0.01, "l2": 0.1},
]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(("loss", "output_activation"), LOSSES_WITH_OUTPUTS)
def test_no_check_raises_an_alarm(activation: str, loss: str, output_activation: str) -> None:
    for seed, values in enumerate(OTHER_CHOICES):
        setup = right_setup(
            hidden_sizes=(6, 5),
            activation=activation,
            loss=loss,
            output_activation=output_activation,
            batch_size=10,
            seed=seed,
            **values,
        )
        checked = check(setup, max_compared=12)
        assert checked.disagreement is None, (values, checked.disagreement)
        assert checked.matches == []
        assert checked.failed == [], values
        assert sum(each.n_compared for each in checked.checks) > 12, values


@pytest.mark.parametrize("scale", [0.01, 2.0])
@pytest.mark.parametrize("input_scaling", ["none", "unit", "standardize"])
def test_extreme_inputs_and_weights_raise_no_alarm(scale: float, input_scaling: str) -> None:
    setup = right_setup(
        hidden_sizes=(8, 8, 8, 8),
        initializer="normal",
        initializer_scale=scale,
        input_scaling=input_scaling,
        learning_rate=10.0,
        reduction="sum",
    )
    checked = check(setup)
    assert (checked.disagreement, checked.matches, checked.failed) == (None, [], [])


@pytest.mark.parametrize("dataset", ["or_gate", "and_gate", "xor_gate", "digits_in_order"])
def test_other_data_sets_raise_no_alarm(dataset: str) -> None:
    checked = check(right_setup(dataset=dataset))
    assert (checked.disagreement, checked.matches, checked.failed) == (None, [], [])


def test_units_that_start_at_their_kink_are_compared_nearby() -> None:
    """With biases of 0, the input (0, 0) of a gate is exactly at the kink of relu."""
    setup = right_setup(dataset="xor_gate", activation="relu", bias_initializer="zeros")
    checked = check(setup)
    assert (checked.disagreement, checked.failed) == (None, [])
    assert all(each.n_compared for each in checked.checks)
    wrong = check(set_up(("B08", 1), dataset="xor_gate", activation="relu", bias_initializer="zeros"))
    assert (wrong.found, wrong.failed) == ((1, "biases"), [])


@pytest.mark.parametrize("loss", LOSSES)
def test_cost_and_gradient_are_those_of_the_network_of_the_dashboard(loss: str) -> None:
    setup = right_setup(loss=loss, activation="relu", l1=0.01, l2=0.02, bias_initializer="normal")
    splits = load_splits(setup.hyperparameters)
    learner, batch = setup.right_learner(splits), first_batch(setup, splits)
    network = Network(setup.hyperparameters, learner.sizes[0], learner.sizes[-1])
    network.parameters[:] = np.concatenate(
        [array.ravel() for pair in zip(learner.weights, learner.biases, strict=True) for array in pair]
    )
    logits = network.forward(batch.inputs)
    assert learner.cost(learner.forward(batch.inputs), batch.targets) == pytest.approx(
        network.cost(logits, batch.targets), rel=1e-12
    )
    gradient = learner.backward(batch.targets)
    network.backward(batch.targets)
    for layer, dense in enumerate(network.layers):
        np.testing.assert_allclose(gradient.weights[layer], dense.weights_gradient, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(gradient.biases[layer], dense.biases_gradient, rtol=1e-9, atol=1e-12)
