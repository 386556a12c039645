"""The hyperparameter schema: valid values, invalid values, and error messages."""

from __future__ import annotations

import math
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.errors import HyperparameterError
from nn.examples.sampling import SAMPLINGS
from nn.hyperparameters.schema import GROUPS, Hyperparameters, describe_fields
from nn.model.activations import ACTIVATIONS
from nn.model.initializers import BIAS_INITIALIZERS, INITIALIZERS
from nn.model.losses import LOSSES
from nn.training.schedules import SCHEDULES

FIELDS = Hyperparameters.model_fields


def invalid_fields(values: object) -> dict[str, str]:
    """Return the error message of each invalid field."""
    with pytest.raises(HyperparameterError) as caught:
        Hyperparameters.parse(values)
    return caught.value.fields


def test_defaults_are_valid() -> None:
    assert Hyperparameters.parse({}) == Hyperparameters()


def test_text_of_forms_and_numbers_of_json_are_parsed() -> None:
    sent = {"hidden_sizes": "128, 64", "learning_rate": "1e-3", "epochs": "7", "early_stopping": "true"}
    parsed = Hyperparameters.parse(sent)
    assert parsed == Hyperparameters(hidden_sizes=(128, 64), learning_rate=0.001, epochs=7, early_stopping=True)
    assert Hyperparameters.parse(parsed.model_dump(mode="json")) == parsed


@pytest.mark.parametrize(
    ("value", "sizes"), [("", ()), ([], ()), ("32", (32,)), ("32 16", (32, 16)), ("32,16,", (32, 16)), ([8.0], (8,))]
)
def test_hidden_sizes_are_parsed(value: object, sizes: tuple[int, ...]) -> None:
    assert Hyperparameters.parse({"hidden_sizes": value}).hidden_sizes == sizes


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("epochs", 0, "must be at least 1"),
        ("epochs", -3, "must be at least 1"),
        ("epochs", 1e12, "is too large: it must be at most 10,000"),
        ("epochs", 10**400, "is too large: it must be at most 10,000"),
        ("epochs", "9" * 5000, "is too large: it must be at most 10,000"),
        ("epochs", 2.5, "must be a whole number"),
        ("epochs", "many", "must be a whole number"),
        ("epochs", None, "must be a whole number"),
        ("epochs", [1], "must be a whole number"),
        ("epochs", math.inf, "must be a finite number"),
        ("epochs", True, "must be a number, not true or false"),
        ("seed", 2**63, "is too large: it must be at most 4,294,967,295"),
        ("learning_rate", 0, "must be greater than 0"),
        ("initializer_scale", -0.1, "must be at least 0"),
        ("learning_rate", -0.1, "must be greater than 0"),
        ("learning_rate", math.nan, "must be a finite number"),
        ("learning_rate", "inf", "must be a number"),
        ("learning_rate", "fast", "must be a number"),
        ("learning_rate", {}, "must be a number"),
        ("learning_rate", False, "must be a number, not true or false"),
        ("momentum", 1, "is too large: it must be less than 1"),
        ("validation_fraction", 0.6, "is too large: it must be at most 0.5"),
        ("divergence_factor", 1e308, "is too large: it must be at most 1e300"),
        ("nesterov", 7, "must be true or false"),
        ("early_stopping", None, "must be true or false"),
        ("dtype", "float16", "must be one of float32, float64"),
        ("activation", None, "must be one of relu, leaky_relu, tanh, sigmoid, linear"),
        ("loss", "\ud800", "must be well-formed text"),
        ("hidden_sizes", [16] * 9, "must have at most 8 layers"),
        ("hidden_sizes", [16, 0], "layer 2 must be at least 1"),
        ("hidden_sizes", [10**9], "layer 1 is too large: it must be at most 10,000"),
        ("hidden_sizes", "64, wide", "layer 2 must be a whole number"),
        ("hidden_sizes", [64, 32, True], "layer 3 must be a number, not true or false"),
        ("hidden_sizes", [[64]], "layer 1 must be a whole number"),
        ("hidden_sizes", {"first": 64}, "must be a list of layer sizes, such as 128, 64"),
        ("hidden_sizes", None, "must be a list of layer sizes, such as 128, 64"),
        ("learing_rate", 0.1, "is not a hyperparameter; did you mean learning_rate?"),
        ("__class__", 1, "is not a hyperparameter"),
    ],
)
def test_invalid_values_have_plain_messages(field: str, value: object, message: str) -> None:
    assert invalid_fields({field: value}) == {field: message}


@pytest.mark.parametrize("values", [None, [], "text", 5, [("epochs", 3)]])
def test_anything_but_an_object_is_rejected(values: object) -> None:
    assert invalid_fields(values) == {"hyperparameters": "must be an object of names and values"}


def test_every_invalid_field_is_named() -> None:
    assert set(invalid_fields({"epochs": "x", "l2": -1, "hidden_sizes": [0, 0], "color": "red"})) == {
        "epochs",
        "l2",
        "hidden_sizes",
        "color",
    }


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"batch_size": 1295}, {"batch_size"}),  # 1,438 digits, 144 of them held out
        ({"batch_size": 1439, "validation_fraction": 0}, {"batch_size"}),
        ({"nesterov": True, "optimizer": "sgd"}, {"nesterov"}),
        ({"early_stopping": True, "validation_fraction": 0}, {"validation_fraction"}),
        ({"validation_fraction": 0.001}, {"validation_fraction"}),
        ({"validation_fraction": 0.0001}, {"validation_fraction"}),
        ({"dataset": "or_gate"}, {"loss", "batch_size"}),
        ({"dataset": "or_gate", "loss": "quadratic", "batch_size": 5}, {"batch_size"}),
        ({"dataset": "or_gate", "loss": "quadratic", "batch_size": 4, "early_stopping": True}, {"early_stopping"}),
        ({"dataset": "squares", "batch_size": 5}, {"loss"}),
        ({"dataset": "squares", "batch_size": 5, "loss": "quadratic"}, {"output_activation"}),
        ({"dataset": "squares", "batch_size": 5, "loss": "binary_cross_entropy"}, {"loss"}),
        ({"images_per_class": 4, "batch_size": 41, "validation_fraction": 0}, {"batch_size"}),
        ({"images_per_class": 4, "batch_size": 9}, {"validation_fraction"}),
        ({"images_per_class": 140}, {"images_per_class"}),
        ({"dataset": "mnist", "images_per_class": 5422}, {"images_per_class"}),
        ({"dataset": "mnist", "sampling": "sliding_window", "batch_size": 200}, {"batch_size"}),
        ({"optimizer": "lbfgs"}, {"batching"}),
        ({"optimizer": "conjugate_gradient", "batching": "full_batch", "l1": 0.1}, {"l1"}),
        ({"optimizer": "lbfgs", "batching": "full_batch", "dropout_rate": 0.1}, {"dropout_rate"}),
    ],
)
def test_incompatible_values_are_rejected(values: dict[str, Any], fields: set[str]) -> None:
    assert set(invalid_fields(values)) == fields


@pytest.mark.parametrize(
    "values",
    [
        {"batch_size": 1294},
        {"initializer": "constant", "initializer_scale": 0.0},
        {"batch_size": 1_000_000, "batching": "full_batch"},
        {"nesterov": True, "optimizer": "adam"},
        {"nesterov": True, "optimizer": "sgd", "momentum": 0.5},
        {"dataset": "or_gate", "loss": "binary_cross_entropy", "batch_size": 4, "validation_fraction": 0.5},
        {
            "dataset": "squares",
            "loss": "mean_squared_error",
            "output_activation": "linear",
            "batching": "full_batch",
        },
        {"dataset": "mnist", "sampling": "sliding_window", "batch_size": 185},
        {"dataset": "mnist", "sampling": "sliding_window", "batching": "full_batch"},
        {"optimizer": "lbfgs", "batching": "full_batch", "dtype": "float64", "l2": 0.1},
    ],
)
def test_compatible_values_are_accepted(values: dict[str, Any]) -> None:
    assert Hyperparameters.parse(values).model_dump(include=set(values)) == values


def test_the_seed_promises_equal_bits_only_on_the_same_kind_of_machine() -> None:
    assert "On the same kind of machine" in describe_fields()["seed"]["description"]


def test_actual_train_size_overrides_the_registry() -> None:
    h = Hyperparameters.parse({"batch_size": 32, "validation_fraction": 0})
    h.check_together(train_size=32)
    with pytest.raises(HyperparameterError, match=r"batch_size: must be at most 31, .* choose full-batch training"):
        h.check_together(train_size=31)


@pytest.mark.parametrize(
    ("field", "registry"),
    [
        ("activation", ACTIVATIONS),
        ("loss", LOSSES),
        ("initializer", INITIALIZERS),
        ("schedule", SCHEDULES),
        ("bias_initializer", BIAS_INITIALIZERS),
        ("sampling", SAMPLINGS),
    ],
)
def test_options_equal_the_registries(field: str, registry: dict[str, object]) -> None:
    assert set(get_args(FIELDS[field].annotation)) == set(registry)


@pytest.mark.parametrize("field", FIELDS)
def test_fields_have_a_group_and_apply_for_valid_values(field: str) -> None:
    shown = describe_fields()[field]
    assert shown["group"] in GROUPS
    conditions = shown["applies_when"]
    assert isinstance(conditions, dict)
    for other, values in conditions.items():
        assert isinstance(values, list)
        assert values
        for value in values:
            FIELDS[other]  # KeyError if this field does not exist
            assert getattr(Hyperparameters.model_validate({other: value}), other) == value


def test_hyperparameters_are_immutable() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Hyperparameters().epochs = 3  # type: ignore[misc]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=9)
)


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(), json_values, max_size=5))
def test_any_json_is_parsed_or_rejected(values: dict[str, Any]) -> None:
    try:
        parsed = Hyperparameters.parse(values)
    except HyperparameterError as error:
        messages = list(error.fields.values())
    else:
        messages = ["must equal its parsed JSON"]
        assert Hyperparameters.parse(parsed.model_dump(mode="json")) == parsed
    assert messages
    assert all(
        message.startswith(("must ", "is not ", "is too large: ", "is ambiguous: ", "layer ", "needs "))
        for message in messages
    )


def test_size_of_the_data_is_known_before_loading() -> None:
    cut = Hyperparameters(dataset="mnist", crop="center_20", images_per_class=500)
    assert (cut.image_shape, cut.n_features, cut.train_size, cut.held_out_fraction) == ((20, 20), 400, 5000, 0.1)
    small = Hyperparameters(crop="center_20")  # 8×8 digits are smaller than the crop
    assert (small.image_shape, small.n_features, small.train_size) == ((8, 8), 64, 1438)
    table = Hyperparameters(dataset="squares", images_per_class=3, crop="center_20")
    assert (table.image_shape, table.n_features, table.train_size, table.held_out_fraction) == (None, 2, 5, 0)
