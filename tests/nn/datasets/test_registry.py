"""The registry of data sets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nn.datasets import BUILT_IN_DATASETS, DatasetRegistry, built_in_registry
from nn.datasets.spec import DatasetSpec
from nn.errors import DatasetError, HyperparameterError
from nn.hyperparameters.schema import Hyperparameters, describe_fields

IMPORTED = replace(BUILT_IN_DATASETS.get("digits"), name="my_digits", title="My digits")


def test_built_in_data_sets_can_be_found_by_name() -> None:
    datasets = built_in_registry()
    assert "mnist" in datasets
    assert datasets.get("mnist").title == "MNIST"
    assert [spec.name for spec in datasets] == list(datasets.names)
    assert len(datasets) == len(datasets.names)


def test_error_for_an_unknown_name_lists_the_known_ones() -> None:
    datasets = DatasetRegistry([IMPORTED])
    with pytest.raises(DatasetError, match=r"no data set named 'mnist'; there are my_digits\."):
        datasets.get("mnist")


def test_name_belongs_to_one_data_set() -> None:
    datasets = DatasetRegistry([IMPORTED])
    with pytest.raises(DatasetError, match="A data set already has the name 'my_digits'"):
        datasets.add(IMPORTED)


def test_added_data_set_is_only_in_its_registry() -> None:
    datasets = built_in_registry()
    datasets.add(IMPORTED)
    assert "my_digits" in datasets
    assert "my_digits" not in built_in_registry()
    assert "my_digits" not in BUILT_IN_DATASETS


@pytest.mark.parametrize("spec", BUILT_IN_DATASETS, ids=lambda spec: spec.name)
def test_spec_survives_a_json_round_trip(spec: DatasetSpec) -> None:
    assert DatasetSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize("spec", BUILT_IN_DATASETS, ids=lambda spec: spec.name)
def test_kind_and_task_agree_with_the_other_fields(spec: DatasetSpec) -> None:
    assert (spec.kind == "images") == (spec.image_shape is not None)
    assert (spec.task == "regression") == bool(spec.target_names)


def test_hyperparameters_accept_the_data_sets_of_a_given_registry() -> None:
    datasets = built_in_registry()
    datasets.add(IMPORTED)
    h = Hyperparameters.parse({"dataset": "my_digits"}, datasets)
    assert h.dataset_spec == IMPORTED
    assert h.model_copy(update={"seed": 1}).dataset_spec == IMPORTED
    with pytest.raises(HyperparameterError, match=r"dataset: must be one of digits, .*, random_regression$"):
        Hyperparameters.parse({"dataset": "my_digits"})


def test_equal_values_are_equal_for_any_registry() -> None:
    ours, theirs = Hyperparameters.parse({}, built_in_registry()), Hyperparameters()
    assert ours == theirs
    assert hash(ours) == hash(theirs)


def test_form_offers_the_data_sets_of_the_registry() -> None:
    datasets = built_in_registry()
    datasets.add(IMPORTED)
    fields = describe_fields(datasets)
    assert fields["dataset"]["enum"] == list(datasets.names)
    assert fields["dataset"]["choice_names"]["my_digits"] == "My digits"
    assert "my_digits" in fields["images_per_class"]["applies_when"]["dataset"]
    assert "my_digits" not in fields["target_scaling"]["applies_when"]["dataset"]
