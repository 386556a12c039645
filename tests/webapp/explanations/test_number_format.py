from __future__ import annotations

import json
from typing import Any

import pytest

from tests.source_tree import ROOT
from webapp.explanations import number_format

EXAMPLES: dict[str, list[list[Any]]] = json.loads((ROOT / "tests" / "number_examples.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_numbers_are_formatted_as_on_the_page(name: str) -> None:
    function = getattr(number_format, name)
    for *arguments, text in EXAMPLES[name]:
        assert function(*arguments) == text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0, "0.0%"),
        (1e-5, "<0.1%"),
        (0.5, "50.0%"),
        (0.9994, "99.9%"),
        (0.9999, ">99.9%"),
        (1, "100.0%"),
        (float("nan"), "not finite"),
    ],
)
def test_a_percentage_is_never_rounded_to_certainty(fraction: float, text: str) -> None:
    assert number_format.probability(fraction) == text


def test_a_non_finite_number_has_two_digits() -> None:
    assert number_format.digits_for(float("nan")) == number_format.digits_for(float("inf")) == 2
