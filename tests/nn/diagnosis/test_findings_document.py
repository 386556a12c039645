"""docs/diagnosis.md is generated from the rules and current."""

from __future__ import annotations

import re

import pytest

from docs.diagnosis import DOCUMENT, document
from nn.diagnosis.finding import CODES
from nn.diagnosis.rules.registry import RULES
from nn.diagnosis.rules.rule import Rule


def test_document_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run `python tasks.py types`"


def test_document_lists_every_code() -> None:
    assert sorted(re.findall(r"^### `(\w+)`$", document(), re.MULTILINE)) == sorted(CODES)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_rule_has_definition_guard_remedy_and_source(rule: Rule) -> None:
    text = type(rule).__doc__ or ""
    assert re.findall(r"^    (\w+): ", text, re.MULTILINE) == ["Guard", "Remedy", "Source"]
    assert rule.code not in rule.explains
