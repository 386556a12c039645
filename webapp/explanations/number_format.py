"""Conversion of numbers to text. static/js/core/signed_numbers.js and format.js have the same rules."""

from __future__ import annotations

import math

MINUS = "−"
ROUNDING = 1e-6  # so that 0.15 × 100 does not become 16
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def digits_for(largest: float) -> int:
    """Return the number of decimals that values of this size need: 2 for 2.31, 3 for 0.0231."""
    size = abs(largest)
    if not size > 0 or math.isinf(size):
        return 2
    return min(max(1 - math.floor(math.log10(size)), 2), 6)


def signed(value: float, digits: int = 2) -> str:
    """Return the value with a sign, such as +1.20 or −0.50. Zero has no sign."""
    text = f"{abs(value):.{digits}f}"
    return text if float(text) == 0 else f"{MINUS if value < 0 else '+'}{text}"


def plain(value: float, digits: int = 2) -> str:
    """Return the value, with a minus sign if it is negative, such as 1.20 or −0.50."""
    return signed(value, digits).replace("+", "")


def upper_bound(value: float) -> str:
    """Return a positive upper bound, rounded up so that it remains one, such as 0.024 for 0.02341."""
    digits = digits_for(value)
    return plain(math.ceil(value * 10**digits - ROUNDING) / 10**digits, digits)


def error_size(error: float) -> str:
    """Return the magnitude of an error, such as 0, 0.0020 or 4 × 10⁻¹⁶."""
    size = abs(error)
    if size == 0:
        return "0"
    if size >= 0.001:
        return f"{size:#.2g}".rstrip(".")
    digit, power = f"{size:.0e}".split("e-")
    return f"{digit}\u00a0×\u00a010⁻{power.lstrip('0').translate(SUPERSCRIPTS)}"


def probability(value: float, digits: int = 1) -> str:
    """Return a probability in percent. Only exactly 0 and 1 become 0.0% and 100.0%."""
    if not math.isfinite(value):
        return "not finite"
    text = f"{100 * value:.{digits}f}"
    if value < 1 and float(text) == 100:
        return f">{100 - 10.0**-digits:.{digits}f}%"
    return f"<{10.0**-digits:.{digits}f}%" if value > 0 and float(text) == 0 else f"{text}%"
