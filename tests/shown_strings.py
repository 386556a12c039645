"""Extract the strings that users may see from Python modules, browser scripts and page templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.source_tree import ROOT

# The tokens that matter for finding strings. Comments and regular expressions are among them, because they can contain
# quotes. A slash begins a regular expression only where no value precedes it.
SCRIPT_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
    |(?P<regex>(?<=[(,=:\[!&|?{};])\s*/(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\]|\\.)*\])+/)
    |"(?P<double>(?:[^"\\\n]|\\.)*)"
    |'(?P<single>(?:[^'\\\n]|\\.)*)'
    |(?P<backtick>`)|(?P<open>\{)|(?P<close>\})""",
    re.DOTALL | re.VERBOSE,
)
TEMPLATE_PART = re.compile(r"((?:[^`\\$]|\\.|\$(?!\{))*)(`|\$\{)", re.DOTALL)
TAG = r"<[^>]*>"
JINJA = r"\{\{.*?\}\}|\{%.*?%\}"
ATTRIBUTES = r"(?:title|aria-label|aria-roledescription|placeholder|alt|label)=\"([^\"]*)\""


def strings_of_python(text: str) -> Iterator[str]:
    """Yield every string literal, and every constant part of an f-string, except docstrings."""
    tree = ast.parse(text)
    statements = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements:
            yield node.value


def strings_of_script(text: str) -> Iterator[str]:
    """Yield every string, and every constant part of a template literal, also of nested ones."""
    position, depths = 0, list[int]()  # depths: number of open braces in the expression of each open template literal
    while token := SCRIPT_TOKEN.search(text, position):
        position = token.end()
        if token["double"] is not None or token["single"] is not None:
            yield token["double"] or token["single"] or ""
        elif depths and token["open"]:
            depths[-1] += 1
        elif depths and token["close"] and depths[-1]:
            depths[-1] -= 1
        elif token["backtick"] or (depths and token["close"]):
            if token["close"]:
                depths.pop()
            part = TEMPLATE_PART.match(text, position)
            assert part, f"a template literal has no end: {text[position : position + 40]}"
            yield part[1]
            position = part.end()
            if part[2] == "${":
                depths.append(0)


def strings_of_template(text: str) -> Iterator[str]:
    """Yield the text, the attributes that browsers show or screen readers speak, and the string arguments of macros."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    yield from re.findall(ATTRIBUTES, text)
    for expression in re.findall(JINJA, text, flags=re.DOTALL):
        yield from re.findall(r"\"([^\"]*)\"", expression)
    yield from re.split(TAG, re.sub(JINJA, "\n", text, flags=re.DOTALL), flags=re.DOTALL)


EXTRACTORS = {
    "nn/**/*.py": strings_of_python,
    "webapp/**/*.py": strings_of_python,
    "static/js/**/*.js": strings_of_script,
    "templates/**/*.html": strings_of_template,
}

# A lowercase noun in a call such as `counted(3, "image")`, which returns "3 images".
COUNTED_NOUN = re.compile(r"\bcounted\([^\"]*\"(\w+)\"")


def is_shown(text: str) -> bool:
    """Return True if a string may be text, because it has several words or begins with a capital letter."""
    return " " in text or text[:1].isupper()


@cache
def shown_strings() -> frozenset[tuple[str, str]]:
    """Return a pair for each string that users may see: the path of its file, and the string without line breaks."""
    found = set[tuple[str, str]]()
    for pattern, extract in EXTRACTORS.items():
        for path in ROOT.glob(pattern):
            source = path.read_text(encoding="utf-8")
            strings = [*filter(is_shown, extract(source)), *COUNTED_NOUN.findall(source)]
            found |= {(str(path.relative_to(ROOT)), " ".join(text.split())) for text in strings}
    return frozenset(found)
