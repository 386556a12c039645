"""The glossary is complete, and no string or document uses a retired word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shown_strings import EXTRACTORS, shown_strings
from tests.source_tree import ROOT
from webapp.web.glossary import load_glossary

# Words of earlier versions of Misfit, as regular expressions, each with its replacement.
RETIRED = {
    r"read (?:right|wrong|rightly|wrongly|correctly|as)": "classified, predicted as",
    r"sums? z": "logit",
    r"push(?:es|ed|ing)?": "contribution, influence",
    r"evidence": "attribution",
    r"mend(?:s|ed|ing)?": "correct",
    r"repair(?:s|ed|ing)?": "counterfactual",
    r"mistakes?": "misclassified images",
    r"pictures?": "image, plot, heat map",
    r"figures": "metrics, values",
    r"stretch(?:es)?": "chunk",
    r"sketch(?:es)?": "plot, output grid",
    r"shares?": "fraction, percentage",
    r"no say": "not used",
    r"cannot be had": "is not available",
    r"by a hair": "narrowly",
    r"for good": "permanently",
    r"look(?:s|ed|ing)? for": "search",
    r"work(?:s|ed|ing)? out": "compute",
    r"say|says|said|tells?|told|hears?|heard": "predict, report, send, receive",
    r"answer(?:s|ed|ing)?": "prediction, response",
    r"speaks? (?:for|against)": "positive, negative contribution",
    r"kept": "stored",
    r"today": "current",
    r"giv(?:e|es|en) up": "abort",
    r"beyond caring": "ended",
    r"brought back": "undone",
    r"put away": "closed",
    r"let go of": "clear",
    r"go(?:es)? on from": "continue with",
    r"anew": "again",
    r"the (?:house|site)": "Misfit, the dashboard",
}
BENCHMARKS = ROOT / "docs" / "benchmarks.md"  # written by the benchmarks, from their docstrings
DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")} - {BENCHMARKS})


def find_word(word: str, text: str) -> bool:
    """Return True if `text` contains a word that matches `word`, in lower or upper case."""
    return re.search(rf"\b(?:{word})\b", text, re.IGNORECASE) is not None


@pytest.mark.parametrize("word", RETIRED)
def test_no_string_uses_a_retired_word(word: str) -> None:
    found = {(path, text) for path, text in shown_strings() if find_word(word, text)}
    assert found == set(), f"write {RETIRED[word]}"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nn/hyperparameters/messages.py", "must be a whole number"),
        ("nn/hyperparameters/training.py", "Step size. If the cost becomes NaN or oscillates, lower it;"),
        ("nn/presets/catalog.py", "XOR, with a hidden layer"),
        ("webapp/web/http_errors.py", "Something went wrong in the server."),
        ("webapp/__main__.py", "port to listen on; 0 selects a free one"),
        ("static/js/runs/runs_table.js", "Misclassified"),
        ("static/js/runs/worst_misclassified.js", "misclassified image"),
        ("static/js/runs/worst_misclassified.js", "are classified correctly."),
        ("templates/base.html", "Skip to the content"),
        ("static/js/pages/runs.js", "Filter: name, status"),
        ("templates/runs.html", "Table of runs"),
        ("templates/runs.html", "All training runs."),
        ("templates/parts/explanations/detail.html", "integrated gradients"),
    ],
)
def test_strings_of_each_kind_are_found(path: str, text: str) -> None:
    assert any(found == path and text in shown for found, shown in shown_strings())


def test_strings_inside_template_literals_are_found() -> None:
    script = """a = `All ${f("Two", `of ${{n: "x"}.n}`)} →`; // "a comment"\nb = t.replace(/["`]/g, 'One');"""
    assert list(EXTRACTORS["static/js/**/*.js"](script)) == ["All ", "Two", "of ", "x", "", " →", "One"]


@pytest.mark.parametrize(
    ("word", "text"), [("mistakes?", "Mistakes"), ("mistakes?", "All 29 mistakes"), ("kept", "Kept")]
)
def test_case_does_not_hide_a_retired_word(word: str, text: str) -> None:
    assert find_word(word, text)
    assert not find_word(word, f"{text}_")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_uses_a_retired_word(document: Path) -> None:
    """Code and link targets may contain retired words, because URLs and JSON names must not change."""
    text = re.sub(r"```.*?```|`[^`\n]*`|\]\([^)]*\)", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert {word for word in RETIRED if find_word(word, text)} == set()


def test_each_term_has_one_definition_of_one_sentence() -> None:
    terms = [term for group in load_glossary() for term in group.terms]
    names = [term.name for term in terms]
    assert len(names) == len(set(names)) > 50
    for term in terms:
        assert re.fullmatch(r"[A-Z0-9].*[^.]\.", term.definition), term.name
        assert not re.search(r"(?<!al)\.\s+[A-Z]", term.definition.removesuffix(".")), term.name
        assert term.used.endswith("."), term.name


def test_a_term_without_its_lines_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "glossary.md"
    file.write_text("# Glossary\n\n## Data\n\n### Label\nThe class of an image.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="'Label' needs one line"):
        load_glossary(file)
