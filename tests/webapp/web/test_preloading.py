"""Loading of the misclassified page: the modules that it preloads, and the data that it contains."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.source_tree import ROOT
from tests.support.app_client import RunClient
from webapp.web.static_assets import StaticAssets

STATIC = ROOT / "static"
PAGE = "js/pages/misclassified.js"
PAGE_SIZE = 48


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


def first_view(trained: RunClient, query: str = "") -> Any:
    """Return the data in the page."""
    page = trained.client.get(f"/runs/{trained.run_id}/misclassified{query}").text
    (data,) = re.findall(r'<template id="first-view">([^<]*)</template>', page)
    return json.loads(data)


@pytest.mark.parametrize(
    ("query", "epoch", "listed"),
    [
        ("", 3, {}),
        ("?epoch=2&order=asc&offset=48", 2, {"order": "asc", "offset": 48}),
        ("?sort=loss&true=4&answer=any&epoch=9", 3, {"true": 4, "answer": "any", "sort": "loss"}),
        ("?min_confidence=0.50&max_margin=.25&flagged=false&sort=confidence&x=1&tab=gap&offset=0&v=1", 3,
         {"min_confidence": 0.5, "max_margin": 0.25, "flagged": False}),
    ],
    ids=["usual", "a page", "other order", "other notation"],
)  # fmt: skip
def test_the_page_contains_the_answers_for_its_view(
    trained: RunClient, query: str, epoch: int, listed: dict[str, Any]
) -> None:
    found = first_view(trained, query)
    responses = found["responses"]
    assert responses["query"] == {**listed, "epoch": epoch}
    assert responses["limit"] == PAGE_SIZE
    parameters = "".join(f"&{name}={str(value).lower()}" for name, value in listed.items())
    assert responses["list"] == trained.get(f"/misclassified?epoch={epoch}&limit={PAGE_SIZE}{parameters}")
    assert responses["matrix"] == trained.get(f"/confusion_matrix?epoch={epoch}")
    assert responses["image"] is None
    assert found["epochs"] == trained.get("/epochs")["items"]
    assert found["dataset"] in trained.client.get("/api/datasets").get_json()["items"]
    assert found["version"] == trained.client.get(f"{trained.path}/confusion_matrix").get_etag()[0]


def test_the_page_contains_the_pixels_of_all_images_of_its_view(trained: RunClient) -> None:
    listed = [item["index"] for item in trained.get(f"/misclassified?limit={PAGE_SIZE}")["items"]]
    other = next(index for index in range(len(listed) + 1) if index not in listed)
    for query, expected in (("", listed), (f"?image={listed[0]}", listed), (f"?image={other}", [*listed, other])):
        pixels = first_view(trained, query)["responses"]["pixels"]
        assert pixels["indices"] == expected
        address = f"/api/datasets/digits/test/pixels?indices={','.join(map(str, expected))}"
        assert base64.b64decode(pixels["bytes"]) == trained.client.get(address).data


def test_the_page_contains_the_prediction_for_an_open_image_that_is_not_listed(trained: RunClient) -> None:
    listed = [item["index"] for item in trained.get(f"/misclassified?limit={PAGE_SIZE}")["items"]]
    other = next(index for index in range(len(listed) + 1) if index not in listed)
    assert first_view(trained, f"?image={other}")["responses"]["image"] == trained.get(f"/predictions/{other}")
    assert first_view(trained, f"?image={listed[0]}")["responses"]["image"] is None


@pytest.mark.parametrize(
    "query",
    [
        "?true=10",
        "?history=x",
        "?min_confidence=nan",
        "?offset=-1",
        "?image=x",
        "?image=359",
        "?image=-1",
        "?limit=-5",
        "?limit=1000000",
        "?epoch=0",
        "?sort=change",
        "?sort=label_error",
        "?suspects=true",
    ],
)
def test_scripts_request_the_answers_for_an_invalid_or_slow_view(trained: RunClient, query: str) -> None:
    found = first_view(trained, query)
    assert found["responses"] is None
    assert len(found["epochs"]) == 3


def test_scripts_request_the_answers_if_the_server_fails_after_it_has_sent_a_part_of_the_page(
    trained: RunClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError

    monkeypatch.setattr(trained.services.misclassified, "confusion_matrix", fail)
    assert first_view(trained)["responses"] is None
    monkeypatch.setattr(trained.services.results, "epochs", fail)
    assert first_view(trained)["epochs"] == []


def test_a_text_of_a_person_cannot_end_the_data(trained: RunClient) -> None:
    index = trained.get("/misclassified?limit=1")["items"][0]["index"]
    note = "</template><script>alert(1)</script><!-- &quot;"
    address = "/api/datasets/digits/test/annotations"
    try:
        assert trained.client.patch(address, json={"indices": [index], "note": note}).status_code == 200
        assert first_view(trained)["responses"]["list"]["items"][0]["annotation"]["note"] == note
    finally:
        trained.client.patch(address, json={"indices": [index], "note": ""})


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
