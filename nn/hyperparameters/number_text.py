"""Numbers as people type them, and numbers as text.

static/js/core/number_text.js has the same rules, and tests/number_text_examples.json has examples of both.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from decimal import Decimal

# Characters that stand for those of a number. A group separator becomes an apostrophe or a no-break space.
_SAME_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("−－﹣‐‑‒–", "-"),
        **dict.fromkeys("％٪﹪", "%"),
        **dict.fromkeys("，،、", ","),
        **dict.fromkeys("’‘ʼ٬_", "'"),
        **dict.fromkeys("\u2005\u2006\u2007\u2008\u2009\u202f", "\u00a0"),
        "＋": "+",
        "．": ".",
        "٫": ".",
        "；": ";",
        "ｅ": "e",
        "Ｅ": "e",
    }
)
_NUMBER = re.compile(
    r"""(?P<sign>[+-]?)
    (?:
      (?P<grouped> \d{1,3} (?P<separator>[ '\u00a0]) \d{3} (?:(?P=separator)\d{3})*) (?: [.,] (?P<rest>\d*) )?
    | (?P<commas> \d{1,3} (?:,\d{3})+ ) \. (?P<after_commas>\d*)
    | (?P<points> \d{1,3} (?:\.\d{3})+ ) , (?P<after_points>\d*)
    | (?P<repeated> \d{1,3} (?: (?:,\d{3}){2,} | (?:\.\d{3}){2,} ) )
    | (?P<integer>\d*) (?: (?P<mark>[.,]) (?P<fraction>\d*) )?
    )
    (?P<exponent> e [+-]?\d+ )? \ ? (?P<percent>%)?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_NOT_A_DIGIT = re.compile(r"\D", re.ASCII)
_ONE_THOUSAND_OR_MORE = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_ONE_SIZE_OR_TWO = re.compile(r"(?:^|\D)(\d[, ]\d{3}|\d{2,3}[, ]0\d{2})(?!\d)", re.ASCII)
_BRACKETS = re.compile(r"\[(.*)\]|\((.*)\)", re.DOTALL)
_SIZE_ENDS = re.compile(r"[, ]+")
_LARGEST_EXPONENT = 1e9  # with a larger exponent, every number is 0 or the largest float
_MIN_EXPONENTIAL = 1e7  # a number of at least this size is written with an exponent if that is shorter
_MAX_EXPONENTIAL = 1e-4  # a smaller number is written with an exponent


class NumberTextError(ValueError):
    """Text that is not a number, or that can mean two numbers. The message is the end of a sentence about it."""


def read_number(text: str, *, whole: bool = False) -> float:
    """Return the number that `text` means: 0,003 → 0.003, 50% → 0.5, 1 000 → 1000. A whole number is an integer.

    A single point is the decimal point, and a single comma is a decimal comma. Where either could also separate
    thousands, as in 1.000, the text is read only if the program itself writes that number so: 1.234 in a field for any
    number, 1,000 in a field for whole numbers. A number that is too large for a float becomes the largest float.

    Raises NumberTextError.
    """
    shown = text.strip()
    match = _NUMBER.fullmatch(_plain(shown))
    if match is None or not (parts := _parts(match)):
        raise NumberTextError("must be a whole number" if whole else "must be a number")
    integer, fraction = parts
    if match["mark"] and _ONE_THOUSAND_OR_MORE.fullmatch(integer) and len(fraction) == 3:
        is_point, has_exponent = match["mark"] == ".", bool(match["exponent"])
        if whole and not (is_point or has_exponent or match["percent"]):
            integer, fraction = integer + fraction, ""
        elif not (is_point and (has_exponent or (not whole and not fraction.endswith("0")))):
            meanings = [_value(match, integer, fraction), _value(match, integer + fraction, "")]
            raise NumberTextError(_describe_two_meanings(shown, meanings, whole=whole))
    value = _value(match, integer, fraction)
    if not whole:
        return value
    if not value.is_integer():
        raise NumberTextError("must be a whole number")
    return int(value)


def split_sizes(text: str) -> list[str]:
    """Return the sizes in a list, as text: 64;32 and [64, 32] → ["64", "32"].

    Raises NumberTextError where a comma or a space can either separate two sizes or thousands, as in 1,000.
    """
    plain = _plain(text.strip())
    if brackets := _BRACKETS.fullmatch(plain):
        plain = (brackets[1] or brackets[2] or "").strip()
    if ";" not in plain and (found := _ONE_SIZE_OR_TWO.search(plain)):
        joined, first, second = found[1][:-4] + found[1][-3:], found[1][:-4], int(found[1][-3:])
        raise NumberTextError(
            f"is ambiguous: {found[1]} can mean {joined}, or {first} and {second}; type {joined}, or {first}; {second}"
        )
    sizes = plain.split(";") if ";" in plain else _SIZE_ENDS.split(plain)
    return [size.strip() for size in sizes if size.strip()]


def write_number(value: float) -> str:
    """Return the shortest text that means `value`: 0.003, 1000, 1e9, 1e-6."""
    digits = Decimal(repr(value)).normalize()
    plain, size = format(digits, "f"), abs(value)
    if size == 0:
        return "0"
    if _MAX_EXPONENTIAL <= size < _MIN_EXPONENTIAL:
        return plain
    mantissa = digits.scaleb(-digits.adjusted())
    exponential = f"{mantissa:f}e{digits.adjusted()}"
    return exponential if size < _MAX_EXPONENTIAL or len(exponential) < len(plain) else plain


def write_limit(value: float) -> str:
    """Return a bound as text, with groups of three digits: 0.5, 10,000, 1e9."""
    text = write_number(value)
    return f"{int(text):,}" if text.lstrip("-").isdecimal() else text


def _plain(text: str) -> str:
    """Return `text` with ASCII digits, signs and separators, and without invisible characters."""
    characters = (character for character in text if unicodedata.category(character) != "Cf")
    plain = "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character for character in characters
    ).translate(_SAME_CHARACTERS)
    return re.sub(r"[^\S\u00a0]+", " ", plain)


def _parts(match: re.Match[str]) -> tuple[str, str] | None:
    """Return the digits before and after the decimal mark, or None if there are none."""
    for name, rest in (("grouped", "rest"), ("commas", "after_commas"), ("points", "after_points"), ("repeated", "")):
        if match[name]:
            return _NOT_A_DIGIT.sub("", match[name]), (match[rest] or "") if rest else ""
    integer, fraction = match["integer"] or "", match["fraction"] or ""
    return (integer, fraction) if integer or fraction else None


def _value(match: re.Match[str], integer: str, fraction: str) -> float:
    # Two more decimals make a percentage exact, where a division by 100 would round.
    exponent = max(-_LARGEST_EXPONENT, min(float((match["exponent"] or "e0")[1:]), _LARGEST_EXPONENT))
    power = int(exponent) - (2 if match["percent"] else 0)
    value = float(f"{match['sign']}{integer or 0}.{fraction or 0}e{power}")
    return max(-sys.float_info.max, min(value, sys.float_info.max))


def _describe_two_meanings(text: str, meanings: list[float], *, whole: bool) -> str:
    possible = [write_number(meaning) for meaning in meanings if not whole or meaning.is_integer()]
    if not possible:
        return "must be a whole number"
    first, second = map(write_number, meanings)
    return f"is ambiguous: {text} can mean {first} or {second}; type {' or '.join(possible)}"
