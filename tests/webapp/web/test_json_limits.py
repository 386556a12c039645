"""The limits of the JSON parser, and the time that hostile input takes."""

from __future__ import annotations

import json
import math
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.web.http_errors import HttpError
from webapp.web.json_limits import DEEPEST_JSON, LARGEST_BODY, parse_json

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**90), 10**90) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None)
@given(json_values)
def test_parsing_json_returns_the_encoded_value(value: Any) -> None:
    assert parse_json(json.dumps(value)) == value


@settings(deadline=None)
@given(st.binary() | st.text(alphabet='[]{}",:\\ 1a').map(str.encode))
def test_accepted_input_is_parsed_as_by_python(content: bytes) -> None:
    try:
        value = parse_json(content)
    except HttpError:
        return
    assert repr(value) == repr(json.loads(content.decode()))


def test_brackets_within_strings_do_not_count_as_nesting() -> None:
    deepest = "[" * DEEPEST_JSON + "]" * DEEPEST_JSON
    parse_json(deepest)
    with pytest.raises(HttpError, match="deep"):
        parse_json(f"[{deepest}]")
    assert parse_json('["[[[[[[[[[[[[[[[[[[[[[[[[[[", "\\"[[[[[[[[[[[[[[[[[[[[[[[[["]')
    assert parse_json("[[]" + ",[]" * 1000 + "]")


def test_huge_numbers_are_parsed_as_infinite() -> None:
    assert parse_json("[NaN, 1e999, -Infinity]")[1:] == [math.inf, -math.inf]
    assert parse_json("[" + "9" * 5000 + ", -" + "9" * 5000 + "]") == [math.inf, -math.inf]
    assert parse_json("9" * 100) == 10**100 - 1


def test_a_duplicate_name_is_rejected() -> None:
    with pytest.raises(HttpError, match="'b' is given twice"):
        parse_json('{"a": 1, "b": 2, "c": {}, "b": 3}')


@pytest.mark.parametrize(
    "content",
    [
        b"[" * LARGEST_BODY,
        b"[]," * (LARGEST_BODY // 3),
        b'"' * LARGEST_BODY,
        b'"' + b'\\"' * (LARGEST_BODY // 2),
        b'\\"' * (LARGEST_BODY // 2),
        b'{"a":' * (LARGEST_BODY // 5),
        b"9" * LARGEST_BODY,
        b'{"a":1,' + b'"b":1,' * (LARGEST_BODY // 6) + b'"c":1}',
    ],
    ids=lambda content: repr(content[:12]),
)
def test_no_input_takes_long(content: bytes) -> None:
    began = time.process_time()
    with suppress(HttpError):
        parse_json(content)
    assert time.process_time() - began < 2
