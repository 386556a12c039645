"""Import rules and folder names of the scripts, checked in the source."""

from __future__ import annotations

import os
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.source_tree import ROOT

JS = ROOT / "static" / "js"
# Folders of static/js by level; `<` separates the levels. Imports of types count too.
LEVELS = """
    core < ui < charts images realtime < annotations confusion_matrix datasets diagnosis explanations lab outputs
    < hyperparameters misclassified < findings < calibration comparison groups runs < pages
"""
# For each pattern, the prefixes of the paths below static/js of the only files whose code may match it.
ONLY_IN = {
    r"\bfetch\(": ("core/api.js",),
    r"\bPlotly\b": ("charts/",),
    r"vendor/socket\.io": ("realtime/connection.js",),
    r"vendor/lit-html": ("core/html.js",),
}
# Names of the document and of what a browser draws. Node.js has none of them.
DOM = (
    r"(?:document|window|location|history|navigator|localStorage|sessionStorage|getComputedStyle|matchMedia"
    r"|requestAnimationFrame|customElements|CustomEvent|OffscreenCanvas|ImageData|(?:Resize|Intersection|Mutation)Observer"
    r"|(?:HTML|SVG)\w*Element)\b"
)
USES_DOM = rf"(?:(?<![\w.])|(?<=\.\.\.)){DOM}"
BROWSER_MODULES = {
    JS / "core" / "dom.js",
    JS / "core" / "html.js",
    JS / "realtime" / "connection.js",
    JS / "realtime" / "socket.js",
}
# A statement at the left margin, so not in a function, that begins with such a name or assigns its value.
DOM_AT_LOAD = rf"^(?:(?:export )?(?:const|let) [^=\n]+= (?:new )?)?{DOM}"
# Methods that read the pixels of a canvas. Browsers that protect against fingerprinting return random pixels.
CANVAS_READS = r"\b(?:getImageData|toDataURL|toBlob|convertToBlob|transferToImageBitmap|readPixels|captureStream)\b"
# Features whose page has a style sheet but no script.
WITHOUT_SCRIPTS = {"glossary"}


def scripts() -> list[Path]:
    found = sorted(JS.rglob("*.js"))
    assert len(found) > 50
    return found


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def without_comments(path: Path) -> str:
    return re.sub(r"/\*.*?\*/|(?<=\s)//[^\n]*", "", source(path), flags=re.DOTALL)


def imports(path: Path, text: str) -> set[Path]:
    """Return all imported relative paths in the text, from code and from JSDoc types."""
    found = re.findall(r"""(?:from|import)\s*\(?["'](\.[^"']+\.js)["']""", text)
    return {Path(os.path.normpath(path.parent / each)) for each in found}


def folder(path: Path) -> str:
    return path.relative_to(JS).parts[0]


def level_of(name: str) -> int:
    levels = [level.split() for level in LEVELS.split("<")]
    found = [number for number, level in enumerate(levels) if name in level]
    assert found, f"the folder static/js/{name} has no level yet"
    return found[0]


def test_imported_scripts_exist() -> None:
    for path in scripts():
        missing = {found for found in imports(path, source(path)) if not found.exists()}
        assert {found for found in missing if "vendor" not in found.parts and "types" not in found.parts} == set(), path


def test_scripts_import_each_other_without_a_cycle() -> None:
    TopologicalSorter({path: imports(path, without_comments(path)) for path in scripts()}).prepare()


def test_folders_import_only_from_lower_levels() -> None:
    violations = {
        (str(path.relative_to(JS)), str(found.relative_to(JS)))
        for path in scripts()
        for found in imports(path, source(path))
        if found.is_relative_to(JS) and folder(found) != folder(path)
        if level_of(folder(found)) >= level_of(folder(path))
    }
    assert violations == set()


@pytest.mark.parametrize("word", ONLY_IN)
def test_only_some_scripts_use_a_library(word: str) -> None:
    users = {path.relative_to(JS).as_posix() for path in scripts() if re.search(word, without_comments(path))}
    assert {path for path in users if not path.startswith(ONLY_IN[word])} == set()


def test_no_script_reads_a_canvas() -> None:
    """All colors and all files to download come from values, not from the pixels of a canvas."""
    readers = {path.relative_to(JS).as_posix() for path in scripts() if re.search(CANVAS_READS, without_comments(path))}
    assert readers == set()


def test_style_sheets_are_named_after_the_folders() -> None:
    folders = {path.name for path in JS.iterdir() if path.is_dir()}
    assert {path.stem for path in (ROOT / "static" / "css").iterdir()} - folders == WITHOUT_SCRIPTS


def test_a_feature_has_one_name_everywhere() -> None:
    """Each feature folder of webapp has a script folder of the same name."""
    server_only = {"execution", "storage", "web", "worker", "__pycache__"}
    features = {path.name for path in (ROOT / "webapp").iterdir() if path.is_dir()} - server_only
    assert features - {path.name for path in JS.iterdir() if path.is_dir()} == set()


def pure_scripts() -> list[Path]:
    """Return the scripts that use no DOM: neither they nor, when loaded, the modules that they import need a document.

    The modules of BROWSER_MODULES, and those that import them, are not pure. Comments and texts in double quotes do not
    count.
    """
    code = {path: re.sub(r'"[^"\n]*"', '""', without_comments(path)) for path in scripts()}
    imported = {path: imports(path, without_comments(path)) & code.keys() for path in code}
    need_document = {path for path, text in code.items() if re.search(DOM_AT_LOAD, text, re.MULTILINE)}
    for path in TopologicalSorter(imported).static_order():
        if imported[path] & need_document:
            need_document.add(path)
    browser_only = need_document | BROWSER_MODULES
    return [
        path
        for path, text in code.items()
        if not re.search(USES_DOM, text)
        if path not in browser_only and not imported[path] & BROWSER_MODULES
    ]


def test_every_script_without_dom_has_a_test() -> None:
    pure = pure_scripts()
    assert JS / "core" / "format.js" in pure
    tests = {path: ROOT / "tests" / "js" / path.relative_to(JS).with_suffix(".test.js") for path in pure}
    missing = {str(test.relative_to(ROOT)) for path, test in tests.items() if not test.exists()}
    assert missing == set(), "write these tests, which `node --test` runs"
