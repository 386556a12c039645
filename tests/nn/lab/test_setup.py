"""Setups of the lab: clear messages for what cannot be shown."""

from __future__ import annotations

from typing import Any

import pytest

from nn.errors import HyperparameterError
from nn.lab.bugs import BUGS
from nn.lab.setup import BugChoice, LabSetup
from tests.support.lab.checks import set_up


@pytest.mark.parametrize("name", BUGS)
def test_each_bug_has_hyperparameters_that_suit_it(name: str) -> None:
    setup = set_up(name)
    bug = BUGS[name]
    assert bug.problems(setup.setting) == {}
    assert (bug.scope == "network") == (setup.placements[0].layers == ())


@pytest.mark.parametrize(
    ("name", "values", "field", "message"),
    [
        ("B02", {"loss": "softmax_cross_entropy"}, "loss", "must be quadratic or squared_error or mean_squared_error"),
        ("B03", {"activation": "relu"}, "activation", "must be sigmoid or tanh for B03"),
        ("B13", {"activation": "tanh"}, "activation", "must be relu for B13"),
        ("B07", {"batch_size": 20, "epochs": 1}, "batch_size", "as many units as a batch has images"),
        ("B12", {"hidden_sizes": (16, 12)}, "hidden_sizes", "as many units as inputs"),
        ("B22", {"hidden_sizes": (16, 12)}, "hidden_sizes", "two hidden layers of equal size"),
        ("B03", {"hidden_sizes": ()}, "hidden_sizes", "needs a hidden layer"),
        ("B24", {"hidden_sizes": ()}, "hidden_sizes", "a hidden layer"),
        ("B19", {"use_bias": False}, "use_bias", "must be on for B19"),
        ("B17", {"l2": 0}, "l2", "must be greater than 0 for B17"),
        ("B18", {"dropout_rate": 0}, "dropout_rate", "must be greater than 0 for B18"),
        ("B25", {"dataset": "xor_gate"}, "dataset", "must be digits or digits_in_order"),
        ("B01", {"dataset": "mnist"}, "dataset", "must be one of digits"),
        ("B01", {"optimizer": "adam"}, "optimizer", "must be sgd in the lab"),
        ("B01", {"nesterov": True, "momentum": 0.9}, "nesterov", "must be off in the lab"),
        ("B01", {"hidden_sizes": (65,)}, "hidden_sizes", "must be at most 64 units each"),
        ("B01", {"hidden_sizes": (8,) * 6}, "hidden_sizes", "must have at most 5 layers"),
        ("B01", {"epochs": 15}, "epochs", "must be at most 14: the lab takes at most 1,000 steps"),
        ("B01", {"batch_size": 1, "epochs": 1}, "batch_size", "must be at least 2: the lab takes at most 1,000 steps"),
        (
            "B01",
            {"hidden_sizes": (64,) * 5, "batching": "full_batch", "epochs": 100},
            "epochs",
            "must be at most 32: more would take too long in the lab",
        ),
        ("B01", {"initializer": "constant"}, "initializer", "B24"),
        ("B01", {"initializer": "normal", "initializer_scale": 0}, "initializer_scale", "greater than 0"),
        ("B01", {"learning_rate": -1}, "learning_rate", "must be greater than 0"),
    ],
)
def test_hyperparameters_that_hide_or_stop_a_bug_are_named(
    name: str, values: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(HyperparameterError) as caught:
        set_up(name, **values)
    assert message in caught.value.fields[field]


@pytest.mark.parametrize(
    ("choices", "field", "message"),
    [
        ([], "bugs", "must be 1 to 4 bugs"),
        ([BugChoice("B01")] * 5, "bugs", "must be 1 to 4 bugs"),
        ([BugChoice("B99")], "bug", "must be one of B01"),
        ([BugChoice("B01", 1)], "layer", "must be omitted: B01 is not in a single layer"),
        ([BugChoice("B03", 3)], "layer", "must be one of 1, 2 for B03"),
        ([BugChoice("B03", 0)], "layer", "must be one of 1, 2 for B03"),
    ],
)
def test_wrong_choices_are_named(choices: list[BugChoice], field: str, message: str) -> None:
    with pytest.raises(HyperparameterError) as caught:
        LabSetup.parse(choices, {})
    assert message in caught.value.fields[field]


def test_bugs_that_exclude_each_other_are_named() -> None:
    with pytest.raises(HyperparameterError, match="for B14"):
        set_up("B14", "B02")


def test_a_layer_restricts_a_bug_to_it() -> None:
    assert set_up("B03").placements[0].layers == (0, 1)
    assert set_up(("B03", 2)).placements[0].layers == (1,)
