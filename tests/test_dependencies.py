"""Dependencies: pinned, with hashes, and without the address of a registry."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.source_tree import ROOT, read_modules

PACKAGE_NAMES = {"PIL": "pillow"}
# Flask requires Werkzeug, Flask-SocketIO requires socketio and engineio, and pydantic requires pydantic_core. Only mypy
# knows _typeshed.
INDIRECT = {"werkzeug", "socketio", "engineio", "pydantic_core", "_typeshed"}


def files(pattern: str) -> list[Path]:
    return sorted(ROOT.glob(pattern))


def test_npm_packages_are_pinned_without_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert {name for name, entry in packages.items() if "resolved" in entry} == set()
    assert {name for name, entry in packages.items() if not entry.get("integrity")} == set()
    required = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for name, version in (required["dependencies"] | required["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version
    # `npm ci` fails on other systems if the lock file lacks their optional packages
    for name, entry in packages.items():
        for optional in entry.get("optionalDependencies", {}):
            assert f"node_modules/{optional}" in packages, f"{name} requires {optional}"


def requirement_lines(path: Path) -> list[str]:
    """Return the lines with requirements, without comments and hashes. Fail if the file contains an address."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"https?:|--index|--extra|--find-links|file:", text) == []
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
    assert lines
    return lines


@pytest.mark.parametrize(
    "path", sorted({*files("requirements*.txt")} - {ROOT / "requirements-bench.txt"}), ids=lambda path: path.name
)
def test_python_packages_are_pinned_with_hashes_without_addresses(path: Path) -> None:
    pinned = requirement_lines(path)
    assert [line for line in pinned if not re.match(r"[a-z0-9.-]+==\S+( ; .+)? \\$", line)] == []
    assert path.read_text(encoding="utf-8").count(" \\\n    --hash=sha256:") >= len(pinned)


def test_benchmark_packages_are_pinned_and_replace_no_other_package() -> None:
    pinned = requirement_lines(ROOT / "requirements-bench.txt")
    assert [line for line in pinned if not re.fullmatch(r"[a-z0-9-]+==[0-9.]+(\.post[0-9]+)?", line)] == []
    names = [
        {line.partition("==")[0] for line in lines} for lines in (pinned, requirement_lines(ROOT / "requirements.txt"))
    ]
    assert names[0] & names[1] == set()


def test_imported_packages_are_required_directly() -> None:
    """An indirect requirement could disappear in a later version of the package that requires it."""
    required = re.findall(r"^([a-z][a-z0-9-]*)", (ROOT / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
    imported = {found for module in read_modules().values() for found in module.outside}
    packages = {PACKAGE_NAMES.get(name, name.replace("_", "-")) for name in imported - INDIRECT}
    assert packages - set(required) == set()
    unimported = {
        "simple-websocket",
        "scikit-learn",
    }  # engineio uses simple_websocket, and we read a file of sklearn
    assert set(required) - packages - unimported == set()


def test_lock_files_contain_all_requirements() -> None:
    for source in files("requirements*.in"):
        lock = source.with_suffix(".txt").read_text(encoding="utf-8")
        required = re.findall(r"^([a-z][a-z0-9-]*)", source.read_text(encoding="utf-8"), re.MULTILINE)
        assert required
        assert [name for name in required if not re.search(rf"^{name}==", lock, re.MULTILINE)] == []
