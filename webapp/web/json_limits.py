"""Limits on the size of requests, and a JSON parser that limits depth and rejects duplicate keys."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any

import numpy as np

from webapp.web.http_errors import malformed

LARGEST_BODY = 1_000_000  # bytes of an HTTP request
LARGEST_MESSAGE = 64_000  # bytes of a socket message; the dashboard sends fewer than 100
DEEPEST_JSON = 20  # levels of lists and objects; the dashboard sends at most 3
LONGEST_INTEGER = 100  # digits; Python's int() takes quadratic time for long integers, or rejects them

# A JSON string with its escapes. The closing quote is optional; otherwise, each escaped quote in an unclosed string
# would start another search to the end of the text.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_LEVELS = np.zeros(256, dtype=np.int8)
_LEVELS[list(b"[{")] = 1
_LEVELS[list(b"]}")] = -1


def parse_json(content: bytes | str) -> Any:
    """Parse UTF-8 JSON that is not too deep and has no duplicate keys. Raises HttpError with status 400.

    The parser accepts NaN and Infinity, and huge integers become infinite. The validation of values rejects these
    numbers later and names the field.
    """
    try:
        encoded = content.encode() if isinstance(content, str) else content
        text = encoded.decode()
    except UnicodeError:
        raise malformed("The JSON is not valid UTF-8.") from None
    if _depth(encoded) > DEEPEST_JSON:
        raise malformed(f"The JSON is nested more than {DEEPEST_JSON} levels deep.")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except ValueError as error:
        raise malformed(f"This is not valid JSON: {error}") from None


def _depth(encoded: bytes) -> int:
    """Return the largest number of nested brackets.

    The function is not recursive, because deep JSON would exhaust the stack.
    """
    brackets = _LEVELS[np.frombuffer(_STRING.sub(b"", encoded), dtype=np.uint8)]
    return int(np.cumsum(brackets, dtype=np.int32).max(initial=0))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"{twice!r} is given twice")
    return members


def _integer(digits: str) -> int | float:
    if len(digits) > LONGEST_INTEGER:
        return -math.inf if digits.startswith("-") else math.inf
    return int(digits)
