"""Numbers in the texts of findings and notes."""

from __future__ import annotations

MOST_DIGITS = 6


def number_text(value: float, digits: int = 3) -> str:
    """Return a number with `digits` digits, without an exponent if it has at most six before the point."""
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e6 else f"{value:.{digits}g}"


def change_text(before: float, after: float) -> str:
    """Return "from A to B", with more digits if three do not show the difference."""
    for digits in range(3, MOST_DIGITS + 1):
        first, last = number_text(before, digits), number_text(after, digits)
        if first != last:
            break
    return f"from {first} to {last}"
