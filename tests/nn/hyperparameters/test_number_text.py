"""Numbers as people type them. The scripts of the page read and write the same examples."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.errors import HyperparameterError
from nn.hyperparameters.number_text import NumberTextError, read_number, split_sizes, write_limit, write_number
from nn.hyperparameters.schema import Hyperparameters, describe_fields
from tests.source_tree import ROOT

EXAMPLES: dict[str, list[tuple[Any, Any]]] = json.loads(
    (ROOT / "tests" / "number_text_examples.json").read_text(encoding="utf-8")
)
INTEGERS = [name for name, schema in describe_fields().items() if schema.get("type") == "integer"]


def result_of(read: Any, text: str) -> object:
    try:
        return read(text)
    except NumberTextError as error:
        return str(error)


@pytest.mark.parametrize(("text", "expected"), EXAMPLES["any_number"])
def test_any_number(text: str, expected: object) -> None:
    assert result_of(read_number, text) == expected


@pytest.mark.parametrize(("text", "expected"), EXAMPLES["whole_number"])
def test_whole_number(text: str, expected: object) -> None:
    assert result_of(lambda text: read_number(text, whole=True), text) == expected


@pytest.mark.parametrize(("text", "expected"), EXAMPLES["sizes"])
def test_sizes(text: str, expected: object) -> None:
    assert result_of(split_sizes, text) == expected


@pytest.mark.parametrize(("value", "text"), EXAMPLES["text"])
def test_text_of_a_number(value: float, text: str) -> None:
    assert write_number(value) == text


@pytest.mark.parametrize(("value", "text"), EXAMPLES["limit"])
def test_text_of_a_limit(value: float, text: str) -> None:
    assert write_limit(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_number_means_the_same_number(value: float) -> None:
    assert read_number(write_number(value)) == value


@given(st.text(alphabet="0123456789.,' -+e%\u00a0−٣五", max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (False, True):
        assert isinstance(result_of(lambda text, whole=whole: read_number(text, whole=whole), text), float | int | str)


@pytest.mark.parametrize("field", INTEGERS)
@pytest.mark.parametrize("value", ["9" * 20, int("9" * 20), "9" * 5000])
def test_an_integer_of_many_digits_is_too_large(field: str, value: object) -> None:
    with pytest.raises(HyperparameterError) as caught:
        Hyperparameters.parse({field: value})
    assert caught.value.fields[field].startswith("is too large: it must be at most ")


def test_thousands_are_never_read_as_units() -> None:
    assert Hyperparameters.parse({"epochs": "1,000"}).epochs == 1000
    with pytest.raises(HyperparameterError, match=r"epochs: is ambiguous: 1\.000 can mean 1 or 1000"):
        Hyperparameters.parse({"epochs": "1.000"})


def test_sizes_may_be_typed_in_several_ways() -> None:
    for text in ("64;1'000", "64; 1,000", "64, 1000", "[64, 1000]", "\uff16\uff14\uff1b\uff11\uff10\uff10\uff10"):
        assert Hyperparameters.parse({"hidden_sizes": text}).hidden_sizes == (64, 1000)
    with pytest.raises(HyperparameterError, match="hidden_sizes: layer 2 must be a whole number"):
        Hyperparameters.parse({"hidden_sizes": "64; 0,5"})
