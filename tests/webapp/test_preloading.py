"""The misclassified page names every module that it begins with, so that a browser fetches all of them at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.source_tree import ROOT
from tests.webapp.dashboard import Trained
from webapp.assets import Assets

STATIC = ROOT / "static"
PAGE = "js/misclassified.js"


def begins_with(*entries: str) -> set[str]:
    """What a browser has to have before it can run these modules, by the words that follow `from`."""
    found: set[str] = set()
    pending = [STATIC / entry for entry in entries]
    while pending:
        script = pending.pop()
        found.add(script.relative_to(STATIC).as_posix())
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", script.read_text(encoding="utf-8"), flags=re.DOTALL)
        imported = re.findall(r'\bfrom\s*"(\.\.?/[^"]+)"', code)
        pending += [path for one in imported if (path := (script.parent / one).resolve()) not in pending]
        pending = [path for path in pending if path.relative_to(STATIC).as_posix() not in found]
    return found


@pytest.mark.parametrize(
    ("query", "entries"),
    [("", {PAGE}), ("?image=5&tab=gap", {PAGE, "js/image_detail.js"})],
    ids=["the list", "an image"],
)
def test_every_module_is_named_once_and_is_there(trained: Trained, query: str, entries: set[str]) -> None:
    page = trained.client.get(f"/runs/{trained.run_id}/misclassified{query}").text
    addresses = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)
    names = ["/".join(address.split("/")[3:]) for address in addresses]
    assert len(names) == len(set(names))
    assert set(names) == begins_with(*entries)
    for address in addresses:
        if "/vendor/" not in address:
            with trained.client.get(address) as response:
                assert response.status_code == 200, address
                assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_nothing_large_is_loaded_before_it_is_asked_for(trained: Trained) -> None:
    page = trained.client.get(f"/runs/{trained.run_id}/misclassified").text
    needed = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)
    assert "plotly" not in needed
    assert re.search(r'<template id="plotly-parts" data-script="/static/\w+/vendor/plotly\.min\.js">', page)
    assert "js/image_detail.js" not in page
    sheets = re.findall(r'<link rel="stylesheet"[^>]*/(explanation|trust)\.css"[^>]*>', needed)
    assert sheets == re.findall(r'<link rel="stylesheet"[^>]*/(explanation|trust)\.css"[^>]* disabled>', needed)
    assert sheets == ["explanation", "trust"]


@pytest.fixture
def assets(tmp_path: Path) -> Assets:
    scripts = {
        "js/page.js": 'import {\n  one,\n  two,\n} from "./one.js";\nimport "./two.js";\nawait import("./later.js");\n',
        "js/one.js": 'export { three } from "../vendor/three.js";\n// import "./not.js";\nconst from = "./not.js";\n',
        "js/two.js": 'import { one } from "./one.js"\n',
        "js/later.js": "",
        "vendor/three.js": "",
    }
    for name, text in scripts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return Assets(tmp_path, tmp_path / "cache")


def test_modules_are_found_through_imports_and_re_exports(assets: Assets) -> None:
    assert assets.modules("js/page.js") == ("js/page.js", "js/one.js", "js/two.js", "vendor/three.js")


def test_modules_are_looked_for_again_when_a_file_changes(assets: Assets, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("webapp.assets.time.monotonic", lambda: clock[0])
    assert "js/later.js" not in assets.modules("js/two.js")
    (assets.static_dir / "js" / "two.js").write_text('import "./later.js";\n')
    clock[0] += 2
    assert assets.modules("js/two.js") == ("js/two.js", "js/later.js")
