"""What Misfit depends on: pinned, with hashes, and without the address of any registry."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.source_tree import ROOT, read_modules

PACKAGE_NAMES = {"PIL": "pillow"}
# Flask needs Werkzeug, Flask-SocketIO the two under it, pydantic its core; _typeshed exists for mypy alone.
FROM_ANOTHER = {"werkzeug", "socketio", "engineio", "pydantic_core", "_typeshed"}


def files(pattern: str) -> list[Path]:
    return sorted(ROOT.glob(pattern))


def test_browser_parts_are_pinned_and_name_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert {name for name, entry in packages.items() if "resolved" in entry} == set()
    assert {name for name, entry in packages.items() if not entry.get("integrity")} == set()
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for name, version in (asked["dependencies"] | asked["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version
    # what npm needs to install elsewhere, which `npm ci` misses only there
    for name, entry in packages.items():
        for optional in entry.get("optionalDependencies", {}):
            assert f"node_modules/{optional}" in packages, f"{name} wants {optional}"


def requirement_lines(path: Path) -> list[str]:
    """What is required, a line each, without comments and hashes; there is no address among them."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"https?:|--index|--extra|--find-links|file:", text) == []
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
    assert lines
    return lines


@pytest.mark.parametrize(
    "path", sorted({*files("requirements*.txt")} - {ROOT / "requirements-bench.txt"}), ids=lambda path: path.name
)
def test_python_packages_are_pinned_with_hashes_and_name_no_address(path: Path) -> None:
    pinned = requirement_lines(path)
    assert [line for line in pinned if not re.match(r"[a-z0-9.-]+==\S+( ; .+)? \\$", line)] == []
    assert path.read_text(encoding="utf-8").count(" \\\n    --hash=sha256:") >= len(pinned)


def test_packages_to_measure_against_are_pinned_and_change_none_that_people_run() -> None:
    pinned = requirement_lines(ROOT / "requirements-bench.txt")
    assert [line for line in pinned if not re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line)] == []
    names = [
        {line.partition("==")[0] for line in lines} for lines in (pinned, requirement_lines(ROOT / "requirements.txt"))
    ]
    assert names[0] & names[1] == set()


def test_what_is_imported_is_asked_for() -> None:
    """A package that is there only because another one needs it may go with it."""
    asked = re.findall(r"^([a-z][a-z0-9-]*)", (ROOT / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
    imported = {found for module in read_modules().values() for found in module.outside}
    brought = {PACKAGE_NAMES.get(name, name.replace("_", "-")) for name in imported - FROM_ANOTHER}
    assert brought - set(asked) == set()
    unimported = {"simple-websocket", "scikit-learn"}  # engineio looks for the first; of the second we read a file
    assert set(asked) - brought - unimported == set()


def test_locks_hold_what_is_asked_for() -> None:
    for source in files("requirements*.in"):
        lock = source.with_suffix(".txt").read_text(encoding="utf-8")
        asked = re.findall(r"^([a-z][a-z0-9-]*)", source.read_text(encoding="utf-8"), re.MULTILINE)
        assert asked
        assert [name for name in asked if not re.search(rf"^{name}==", lock, re.MULTILINE)] == []
