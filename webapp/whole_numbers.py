"""Whole numbers that people give in JSON: what is one, and which are allowed."""

from __future__ import annotations

from webapp.errors import InvalidError


def read_whole_number(field: str, value: object, *, first: int = 0, last: int) -> int:
    """A whole number from `first` to `last`; neither true nor 1.0 is one. Raises InvalidError."""
    if not isinstance(value, int) or isinstance(value, bool) or not first <= value <= last:
        raise InvalidError({field: f"must be a whole number from {first:,} to {last:,}"})
    return value
