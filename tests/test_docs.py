"""Documents: their options, API calls, presets, links and file names match the program."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nn.presets.catalog import PRESETS
from tests.source_tree import ROOT
from webapp.web.flask_app import create_flask_app

README = (ROOT / "README.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/decisions/*.md")])


def documented_calls() -> set[str]:
    """Return the paths in docs/api.md.

    A short path after a comma, such as `/pause`, replaces the last part of the first path.
    """
    calls = set()
    for line in re.findall(r"^\| (`(?:GET|POST|PATCH|DELETE) .*?) \|", API, re.MULTILINE):
        first, *others = re.findall(r"`(?:[A-Z]+ )?(/[^`?]*?)(?:\?[^`]*)?`", line)
        calls |= {first, *(first.rpartition("/")[0] + other for other in others)}
    return calls


def test_readme_lists_every_option() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "webapp", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    options = set(re.findall(r"--[a-z][a-z-]+", result.stdout)) - {"--help"}
    assert "--datasets-dir" in options
    assert {option for option in options if f"`{option}`" not in README} == set()


def test_api_document_lists_exactly_the_routes() -> None:
    rules = {rule.rule for rule in create_flask_app().url_map.iter_rules() if rule.rule.startswith("/api/")}
    calls = {re.sub(r"<(?:[^<>:]+:)?(\w+)>", lambda part: f"<{part[1].removeprefix('run_')}>", rule) for rule in rules}
    assert "/api/runs/<id>/stop" in calls
    assert documented_calls() == calls


def test_readme_lists_every_preset() -> None:
    assert {preset.title for preset in PRESETS.values() if preset.title not in README} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_linked_files_exist(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))
    local = {link for link in links if not link.startswith("http")}
    assert {link for link in local if not (document.parent / link).exists()} == set()


def test_readme_shows_every_image() -> None:
    images = set(re.findall(r"\]\((docs/img/[^)]+)\)", README))
    assert images == {f"docs/img/{path.name}" for path in (ROOT / "docs" / "img").iterdir()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_files_exist(document: Path) -> None:
    """Each path in a document, which may contain `*`, must match a file or folder."""
    text = document.read_text(encoding="utf-8")
    named = re.findall(r"`((?:nn|webapp|static|templates|tests|docs|types|benchmarks)/[\w./*-]+)`", text)
    assert {path for path in named if not list(ROOT.glob(path.rstrip("/")))} == set()
