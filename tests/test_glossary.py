"""The glossary: complete, linked to, and the only words that the dashboard uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.source_tree import ROOT
from webapp.web.glossary import load_glossary

# Words that an earlier Misfit used in place of the field's terms, and the term that replaces each.
RETIRED = {
    r"\bread (?:right|wrong|rightly|wrongly|correctly|as)\b": "classified, predicted as",
    r"\bsums? z\b": "logit",
    r"\bpush(?:es|ed|ing)?\b": "contribution, influence",
    r"\bevidence\b": "attribution",
    r"\bmend(?:s|ed|ing)?\b": "correct",
    r"\brepair(?:s|ed|ing)?\b": "counterfactual",
    r"\bmistakes?\b": "misclassified images",
    r"\bpictures?\b": "image, plot, heat map",
    r"\bfigures\b": "metrics, values",
    r"\bstretch(?:es)?\b": "chunk",
    r"\bsketch(?:es)?\b": "plot, output grid",
    r"\bshare of\b": "fraction",
    r"\bno say\b": "not used",
    r"\bcannot be had\b": "is not available",
    r"\bby a hair\b": "narrowly",
    r"\bfor good\b": "permanently",
    r"\blook(?:s|ed|ing)? for\b": "search",
    r"\bwork(?:s|ed|ing)? out\b": "compute",
    r"\b(?:network|page|run|units?|pixels?) (?:says?|said|tells?|told)\b": "predicts, reports",
    r"\bspeaks? (?:for|against)\b": "positive, negative contribution",
    r"\bbeyond caring\b": "ended",
    r"\bbrought back\b": "undone",
    r"\bput away\b": "closed",
    r"\b[Ll]et go of\b": "clear",
    r"\bgo(?:es)? on from\b": "continue with",
    r"\banew\b": "again",
}


def strings_of_python(path: Path) -> Iterator[str]:
    """Every string with a space in it that is not a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from [node.value] if " " in node.value else []


def strings_of_script(path: Path) -> Iterator[str]:
    """Every string and template literal with a space in it, without comments and embedded expressions."""
    text = re.sub(r"/\*.*?\*/|(?<=\s)//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for literal in re.findall(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`", text):
        shown = re.sub(r"\$\{[^}]*\}", "…", literal)
        if " " in shown:
            yield shown


def strings_of_template(path: Path) -> Iterator[str]:
    """Text and the attributes that people see or hear, and the texts that macros are called with."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    yield from re.findall(r"(?:title|aria-label|placeholder|alt)=\"([^\"]*)\"", text)
    yield from re.findall(r"\{\{.*?\}\}|\{%.*?%\}", text, flags=re.DOTALL)
    yield from re.sub(r"<[^>]*>|\{\{.*?\}\}|\{%.*?%\}", "\n", text, flags=re.DOTALL).split("\n")


@cache
def shown_strings() -> frozenset[tuple[str, str]]:
    """Where each string that people may see stands, and the string."""
    extractors = {
        "nn/**/*.py": strings_of_python,
        "webapp/**/*.py": strings_of_python,
        "static/js/**/*.js": strings_of_script,
        "templates/**/*.html": strings_of_template,
    }
    return frozenset(
        (str(path.relative_to(ROOT)), " ".join(text.split()))
        for pattern, strings in extractors.items()
        for path in ROOT.glob(pattern)
        for text in strings(path)
    )


@pytest.mark.parametrize("word", RETIRED)
def test_no_string_uses_a_retired_word(word: str) -> None:
    found = {(path, text) for path, text in shown_strings() if re.search(word, text)}
    assert found == set(), f"write {RETIRED[word]}"


def test_strings_are_found_where_they_stand() -> None:
    """The three extractors see what they should: one known string of each kind."""
    texts = {text for _, text in shown_strings()}
    assert any("must be a whole number" in text for text in texts)
    assert any("Skip to the content" in text for text in texts)
    assert any("Try again" in text for text in texts)


def test_glossary_does_not_use_retired_words() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert {word for word in RETIRED if re.search(word, text)} == set()


def test_each_term_has_one_definition_of_one_sentence() -> None:
    terms = [term for group in load_glossary() for term in group.terms]
    names = [term.name for term in terms]
    assert len(names) == len(set(names)) > 50
    for term in terms:
        assert re.fullmatch(r"[A-Z0-9].*[^.]\.", term.definition), term.name
        assert not re.search(r"(?<!al)\.\s+[A-Z]", term.definition.removesuffix(".")), term.name
        assert term.used.endswith("."), term.name


def test_a_term_without_its_lines_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "glossary.md"
    file.write_text("# Glossary\n\n## Data\n\n### Label\nThe class of an image.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="'Label' needs one line"):
        load_glossary(file)
