"""Preloading: the modules that the misclassified page tells the browser to request early."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.source_tree import ROOT
from tests.support.app_client import RunClient
from webapp.web.static_assets import StaticAssets

STATIC = ROOT / "static"
PAGE = "js/pages/misclassified.js"


def static_imports(*entries: str) -> set[str]:
    """Return these modules and all modules that they import with `from`, directly or indirectly."""
    found: set[str] = set()
    pending = [STATIC / entry for entry in entries]
    while pending:
        script = pending.pop()
        found.add(script.relative_to(STATIC).as_posix())
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)
        imported = re.findall(r'\bfrom\s*"(\.\.?/[^"]+)"', code)
        pending += [path for name in imported if (path := (script.parent / name).resolve()) not in pending]
        pending = [path for path in pending if path.relative_to(STATIC).as_posix() not in found]
    return found


@pytest.mark.parametrize(
    ("query", "entries"),
    [("", {PAGE}), ("?image=5&tab=gap", {PAGE, "js/explanations/image_detail.js"})],
    ids=["the list", "an image"],
)
def test_the_page_preloads_each_module_once(trained: RunClient, query: str, entries: set[str]) -> None:
    page = trained.client.get(f"/runs/{trained.run_id}/misclassified{query}").text
    addresses = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)
    names = ["/".join(address.split("/")[3:]) for address in addresses]
    assert len(names) == len(set(names))
    assert set(names) == static_imports(*entries)
    for address in addresses:
        if "/vendor/" not in address:
            with trained.client.get(address) as response:
                assert response.status_code == 200, address
                assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_large_files_are_not_loaded_with_the_page(trained: RunClient) -> None:
    page = trained.client.get(f"/runs/{trained.run_id}/misclassified").text
    needed = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    assert "plotly" not in needed
    assert re.search(r'<template id="plotly-parts" data-script="/static/\w+/vendor/plotly\.min\.js">', page)
    assert "js/explanations/image_detail.js" not in page
    sheet = r'<link rel="stylesheet"[^>]*/css/([a-z/]+)\.css" data-for=[^>]*'
    sheets = re.findall(f"{sheet}>", needed)
    assert sheets == re.findall(f"{sheet} disabled>", needed)
    parts = ("detail", "outputs", "tabs", "gap", "pixels")
    assert sheets == [*(f"explanations/{part}" for part in parts), "calibration"]


@pytest.fixture
def assets(tmp_path: Path) -> StaticAssets:
    scripts = {
        "js/page.js": 'import {\n  one,\n  two,\n} from "./one.js";\nimport "./two.js";\nawait import("./later.js");\n',
        "js/one.js": 'export { three } from "../vendor/three.js";\n// import "./not.js";\nconst from = "./not.js";\n',
        "js/two.js": 'import { one } from "./one.js"\n',
        "js/later.js": "",
        "vendor/three.js": 'import{a as b}from"./four.js";import"./five.js";const c="./not.js";import("./later.js");',
        "vendor/four.js": "",
        "vendor/five.js": "",
    }
    for name, text in scripts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return StaticAssets(tmp_path, tmp_path / "cache")


def test_modules_are_found_through_imports_and_re_exports(assets: StaticAssets) -> None:
    assert assets.modules("js/page.js") == (
        "js/page.js",
        "js/one.js",
        "js/two.js",
        "vendor/three.js",
        "vendor/four.js",
        "vendor/five.js",
    )


def test_imports_are_found_again_after_a_file_changes(assets: StaticAssets, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("webapp.web.static_assets.time.monotonic", lambda: clock[0])
    assert "js/later.js" not in assets.modules("js/two.js")
    (assets.static_dir / "js" / "two.js").write_text('import "./later.js";\n')
    clock[0] += 2
    assert assets.modules("js/two.js") == ("js/two.js", "js/later.js")
