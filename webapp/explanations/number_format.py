"""Numbers as text, by the rules of static/js/core/signed_numbers.js; tests/number_examples.json pins both."""

from __future__ import annotations

import math

MINUS = "−"
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def digits_for(largest: float) -> int:
    """Return the digits after the point that distinguish values of this size: 2 for 2.31, 3 for 0.0231."""
    size = abs(largest)
    if not size > 0 or math.isinf(size):
        return 2
    return min(max(1 - math.floor(math.log10(size)), 2), 6)


def signed(value: float, digits: int = 2) -> str:
    """Return the value with a sign: +1.20, −0.50; zero has none."""
    text = f"{abs(value):.{digits}f}"
    return text if float(text) == 0 else f"{MINUS if value < 0 else '+'}{text}"


def plain(value: float, digits: int = 2) -> str:
    """Return the value with a minus sign where it is negative: 1.20, −0.50."""
    return signed(value, digits).replace("+", "")


def error_size(error: float) -> str:
    """Return the magnitude of an error: 0, 0.0020, 4 × 10⁻¹⁶."""
    size = abs(error)
    if size == 0:
        return "0"
    if size >= 0.001:
        return f"{size:#.2g}".rstrip(".")
    digit, power = f"{size:.0e}".split("e-")
    return f"{digit}\u00a0×\u00a010⁻{power.lstrip('0').translate(SUPERSCRIPTS)}"


def percent(fraction: float) -> str:
    """Return the fraction in percent, never rounded to 0 % or 100 %."""
    if not math.isfinite(fraction):
        return "not finite"
    if 0 < fraction < 0.0005:
        return "<0.1%"
    return ">99.9%" if 0.9995 <= fraction < 1 else f"{100 * fraction:.1f}%"
