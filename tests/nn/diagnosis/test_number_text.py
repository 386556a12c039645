"""Tests of the numbers in the texts of findings."""

import pytest

from nn.diagnosis.number_text import change_text, number_text


@pytest.mark.parametrize(
    ("value", "text"), [(9192.4, "9,192"), (255.0, "255"), (103.41, "103"), (0.012345, "0.0123"), (3.1e7, "3.1e+07")]
)
def test_a_number_has_an_exponent_only_if_it_is_very_large_or_small(value: float, text: str) -> None:
    assert number_text(value) == text


def test_a_change_shows_as_many_digits_as_differ() -> None:
    assert change_text(2.2812, 2.2846) == "from 2.281 to 2.285"
    assert change_text(1.61, 1984.0) == "from 1.61 to 1,984"
    assert change_text(2.0, 2.0) == "from 2 to 2"
