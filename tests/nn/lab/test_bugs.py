"""Each documented bug is found at the right layer and kind, or by the small test that sees it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from nn.lab.bug import Placement
from nn.lab.bugs import BUGS, TAUGHT_FIRST
from nn.lab.examples import load_splits
from nn.lab.experiment import Curves, train
from nn.lab.setup import learner_with
from nn.lab.small_tests import SMALL_TESTS
from tests.support.lab.checks import check, set_up, wrong_arrays

VISIBLE = [name for name, bug in BUGS.items() if bug.is_visible]
INVISIBLE = [name for name, bug in BUGS.items() if not bug.is_visible]
PLACES = [(name, layer + 1) for name in VISIBLE for layer in BUGS[name].layers(set_up(name).setting)]
DEEP = {"hidden_sizes": (10, 10, 10), "batch_size": 10, "epochs": 1}


def wrong_curves(bug: str, **values: object) -> Curves:
    setup = set_up(bug, **values)
    return train(setup.wrong_learner(load_splits(setup.hyperparameters))).curves


def test_all_documented_bugs_exist() -> None:
    assert {f"B{number:02}" for number in range(1, 31)} <= set(BUGS)
    assert tuple(BUGS)[: len(TAUGHT_FIRST)] == TAUGHT_FIRST
    assert len({bug.title for bug in BUGS.values()}) == len(BUGS)
    assert {name: bug for name, bug in BUGS.items() if bug.right == bug.wrong} == {}


def test_a_small_test_names_each_invisible_bug_and_no_other() -> None:
    assert sorted(bug for test in SMALL_TESTS for bug in test.bugs) == sorted(INVISIBLE)


@pytest.mark.parametrize(("name", "layer"), PLACES)
def test_a_visible_bug_is_found_in_its_layer_and_matched(name: str, layer: int) -> None:
    checked = check(set_up((name, layer)), tests=False)
    assert checked.found == (layer, BUGS[name].kind)
    assert {bug for bug, _ in checked.matches} == {name}
    assert (name, layer) in checked.matches


@pytest.mark.parametrize("name", VISIBLE)
def test_a_visible_bug_in_all_layers_is_found_in_the_last_of_them(name: str) -> None:
    setup = set_up(name)
    checked = check(setup)
    assert checked.found == (max(setup.placements[0].layers) + 1, BUGS[name].kind)
    assert {bug for bug, _ in checked.matches} == {name}
    assert checked.failed == []


@pytest.mark.parametrize("name", INVISIBLE)
def test_an_invisible_bug_is_named_by_its_own_test_only(name: str) -> None:
    checked = check(set_up(name))
    assert (checked.disagreement, checked.matches) == (None, [])
    assert checked.named == [name]


@pytest.mark.parametrize("name", ["B03", "B04", "B05", "B10", "B12", "B21", "B22", "B28", "B06", "B07", "B07c"])
def test_a_bug_in_the_second_of_three_hidden_layers(name: str) -> None:
    checked = check(set_up((name, 2), **DEEP), tests=False)
    assert checked.found == (2, BUGS[name].kind)
    assert checked.matches[0] == (name, 2)
    affected = {layer for layer, _ in wrong_arrays(checked.checks)}
    assert affected == ({2} if BUGS[name].kind == "weights" else {1, 2})


def test_a_bug_of_one_layer_in_the_middle_leaves_the_others_right() -> None:
    checked = check(set_up(("B08", 2), **DEEP), tests=False)
    assert wrong_arrays(checked.checks) == [(2, "biases")]


@pytest.mark.parametrize(
    ("bugs", "found"),
    [
        ((("B12", 3), ("B03", 1)), (3, "weights")),
        ((("B03", 1), ("B12", 3)), (3, "weights")),
        ((("B08", 4), ("B03", 2)), (4, "biases")),
        ((("B08", 2), ("B12", 2)), (2, "both")),
        (("B14", "B20"), (4, "both")),
    ],
)
def test_two_bugs_at_once(bugs: tuple[str | tuple[str, int], ...], found: tuple[int, str]) -> None:
    assert check(set_up(*bugs, **DEEP), tests=False).found == found


def test_each_of_two_invisible_bugs_is_named() -> None:
    assert set(check(set_up("B19", "B26")).named) == {"B19", "B26"}
    assert set(check(set_up("B01", "B27")).named) == {"B01", "B27"}


@pytest.mark.parametrize(
    ("name", "ratio", "value"),
    [
        ("B01b", "sign", -1.0),
        ("B09", "batch_size", 20.0),
        ("B08b", "batch_size", 1 / 20),
        ("B17", "weights", -0.01),
        ("B17b", "weights", 0.01),
        ("B17c", "weights", 0.01),
    ],
)
def test_the_ratio_names_the_kind_of_bug(name: str, ratio: str, value: float) -> None:
    wrong = next(each for each in check(set_up(name), tests=False).checks if not each.agrees)
    assert wrong.ratio.kind == ratio
    assert wrong.ratio.value == pytest.approx(value, rel=1e-3)


def test_the_scalar_gradient_of_biases_is_named_as_a_sum_over_units() -> None:
    checks = check(set_up(("B08", 2)), tests=False).checks
    assert [each.ratio.kind for each in checks if not each.agrees] == ["sum_over_units"]


@np.errstate(all="ignore")
def test_any_two_bugs_can_be_combined() -> None:
    """The sizes suit all bugs, so no pair raises a shape error."""
    setup = set_up("B01", **DEEP, l2=0.01, dropout_rate=0.3)
    splits = load_splits(setup.hyperparameters)
    for first, second in combinations(BUGS.values(), 2):
        placements = [Placement(bug, tuple(bug.layers(setup.setting))) for bug in (first, second)]
        learner = learner_with(placements, setup.hyperparameters, splits)
        batch = learner.splits.train.take(learner.batches()[0])
        gradient = learner.gradient_of(batch)
        learner.step(gradient, 0.1)
        assert [each.shape for each in gradient.weights] == [each.shape for each in learner.weights]
        assert 0 <= learner.accuracy(learner.forward(batch.inputs), batch.labels) <= 1


def test_the_right_network_learns() -> None:
    setup = set_up("B27")
    learner = setup.right_learner(load_splits(setup.hyperparameters))
    assert train(learner).curves.test_accuracy[-1] > 0.9


def test_a_step_up_the_gradient_ends_at_the_level_of_outputs_that_are_all_one() -> None:
    """Section 2.1 of the references: the quadratic cost of ten outputs of 1 is 4.5."""
    curves = wrong_curves("B01", loss="quadratic", activation="sigmoid", hidden_sizes=(16,), learning_rate=5.0)
    assert curves.train_cost[-1] == pytest.approx(4.5, abs=0.01)
    assert wrong_curves(
        "B01b", loss="quadratic", activation="sigmoid", hidden_sizes=(16,), learning_rate=5.0
    ).train_cost == pytest.approx(curves.train_cost)


@pytest.mark.parametrize(("name", "highest"), [("B25", 0.3), ("B26", 0.02), ("B27", 0.02), ("B14", 0.5), ("B30", 0.3)])
def test_symptoms_in_the_test_accuracy(name: str, highest: float) -> None:
    assert wrong_curves(name).test_accuracy[-1] <= highest


@pytest.mark.parametrize("name", ["B02", "B06", "B08", "B10", "B19", "B28"])
def test_some_bugs_hardly_show_in_the_curves(name: str) -> None:
    assert wrong_curves(name).test_accuracy[-1] > 0.8


@pytest.mark.parametrize("name", ["B15", "B16"])
def test_an_overflow_appears_only_in_training(name: str) -> None:
    costs = wrong_curves(name).train_cost
    assert np.isfinite(costs[0])
    assert not np.isfinite(costs[-1])
