"""Glossary: the terms of docs/glossary.md, in the groups of that file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
EMPHASIS = re.compile(r"\*([^*]+)\*")


@dataclass(frozen=True, slots=True)
class Term:
    """A term, its definition in one sentence, and the parts of the dashboard that use the term."""

    name: str
    definition: str
    used: str

    @property
    def anchor(self) -> str:
        """The fragment of the term's URL."""
        return anchor_of(self.name)


@dataclass(frozen=True, slots=True)
class TermGroup:
    """A heading of the glossary, and the terms below this heading."""

    title: str
    terms: tuple[Term, ...]


def anchor_of(name: str) -> str:
    """Return the fragment of the URL of a term: "Logit gap" → "logit-gap"."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def term_address(name: str) -> str:
    """Return the address of the definition of a term."""
    return f"/glossary#{anchor_of(name)}"


def term_names() -> list[str]:
    """Return the names of all terms."""
    return [term.name for group in load_glossary() for term in group.terms]


@cache
def load_glossary(path: Path = GLOSSARY) -> tuple[TermGroup, ...]:
    """Parse the file at `path`, and cache the result.

    Raises ValueError for a term without its definition or its `Used:` line.
    """
    _, *groups = re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return tuple(_parse_group(group) for group in groups)


def _parse_group(text: str) -> TermGroup:
    title, *terms = re.split(r"^### ", text, flags=re.MULTILINE)
    return TermGroup(title.strip(), tuple(_parse_term(term) for term in terms))


def _parse_term(text: str) -> Term:
    lines = EMPHASIS.sub(r"\1", text).split("\n")
    name, definition, used = (line.strip() for line in lines[:3])
    if not definition or not used.startswith("Used: "):
        raise ValueError(f"The term {name!r} needs one line with its definition and one that begins with 'Used: '.")
    return Term(name, definition, used.removeprefix("Used: "))
