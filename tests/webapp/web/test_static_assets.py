"""Static files: served by name, compressed once, and cached by browsers until they change."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import plotly
import pytest
from flask.testing import FlaskClient

from tests.conftest import skip_or_fail
from tests.support.app_client import error_of
from webapp.config import Config
from webapp.web.static_assets import StaticAssets

PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "js").mkdir(parents=True)
    (folder / "js" / "page.js").write_text("export const x = 1;\n" * 200)
    (folder / "css.css").write_text("a {}")
    (folder / ".secret").write_text("secret")
    (tmp_path / "outside.js").write_text("outside")
    return folder


def test_pages_link_to_existing_files_that_browsers_cache_forever(empty_client: FlaskClient) -> None:
    page = empty_client.get("/").text
    addresses = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    assert len({address.split("/")[2] for address in addresses}) == 1
    assert any(address.endswith(".css") for address in addresses)
    assert any(address.endswith(".js") for address in addresses)
    for address in addresses:
        if "/vendor/" not in address:
            with empty_client.get(address) as response:
                assert response.status_code == 200, address
                assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_plotly_is_served_from_its_package_and_compressed_once(client: FlaskClient, config: Config) -> None:
    address = "/static/x/vendor/plotly.min.js"
    with client.get(address) as plain:
        assert "Content-Encoding" not in plain.headers
        assert plain.data == PLOTLY.read_bytes()
    assert not list(config.cache_dir.rglob("*.gz"))

    with client.get(address, headers={"Accept-Encoding": "br, gzip"}) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Vary"] == "Accept-Encoding"
        assert packed.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert packed.content_length == len(packed.data) < plain.content_length / 3
        assert gzip.decompress(packed.data) == PLOTLY.read_bytes()
    (compressed,) = config.cache_dir.rglob("*.gz")
    written = compressed.stat().st_mtime_ns
    with client.get(address, headers={"Accept-Encoding": "gzip"}) as again:
        assert again.data == packed.data
    assert compressed.stat().st_mtime_ns == written


def test_a_response_uses_only_accepted_encodings(empty_client: FlaskClient) -> None:
    with empty_client.get("/static/x/js/core/api.js", headers={"Accept-Encoding": "gzip;q=0, identity"}) as response:
        assert "Content-Encoding" not in response.headers
        assert response.vary.to_header() == "Accept-Encoding"


def test_a_url_of_another_version_returns_the_current_file_uncached(empty_client: FlaskClient) -> None:
    with empty_client.get("/static/000000000000/js/core/api.js") as response:
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"


def test_an_unchanged_file_is_not_sent_again(empty_client: FlaskClient) -> None:
    with empty_client.get("/static/x/js/core/api.js") as first:
        etag = first.headers["ETag"]
    with empty_client.get("/static/x/js/core/api.js", headers={"If-None-Match": etag}) as again:
        assert again.status_code == 304
    with empty_client.get("/static/x/js/core/api.js", headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["ETag"] != etag


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/nothing.js",
        "/static/x/js",
        "/static/x/",
        "/static/x",
        "/static/x/../app.py",
        "/static/x/../../webapp/app.py",
        "/static/x/js/../../../pyproject.toml",
        "/static/x/%2e%2e/%2e%2e/pyproject.toml",
        "/static/x/..%2f..%2fpyproject.toml",
        "/static/x/..%5c..%5cpyproject.toml",
        "/static/x//etc/passwd",
        "/static/x/%2fetc%2fpasswd",
        "/static/x/js/core/api.js%00",
        "/static/x/C:%5cWindows%5cwin.ini",
        "/static/x/./js/api.js",
        "/static/../pyproject.toml",
    ],
)
def test_other_paths_are_not_found(empty_client: FlaskClient, path: str) -> None:
    error_of(empty_client.get(path), 404)


def test_hidden_files_are_not_served(folder: Path, tmp_path: Path) -> None:
    assets = StaticAssets(folder, tmp_path / "cache")
    assert assets.find("js/page.js") is not None
    assert assets.find(".secret") is None


def test_links_to_files_outside_the_folder_are_not_served(folder: Path, tmp_path: Path) -> None:
    try:
        (folder / "link.js").symlink_to(tmp_path / "outside.js")
    except OSError:
        skip_or_fail("This system does not allow links", "turn on the developer mode of Windows")
    assert StaticAssets(folder, tmp_path / "cache").find("link.js") is None


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("js/page.js", "text/javascript; charset=utf-8"), ("css.css", "text/css; charset=utf-8")],
)
def test_content_types_do_not_depend_on_the_machine(folder: Path, tmp_path: Path, name: str, content_type: str) -> None:
    asset = StaticAssets(folder, tmp_path).find(name)
    assert asset is not None
    assert asset.content_type == content_type


def test_the_version_changes_when_any_file_changes(folder: Path, tmp_path: Path) -> None:
    def version() -> str:
        return StaticAssets(folder, tmp_path / "cache").version()

    versions = [version(), version()]
    (folder / "js" / "page.js").write_text("export const x = 22;\n")
    versions.append(version())
    (folder / "js" / "other.js").write_text("export {};\n")
    versions.append(version())
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3


def test_a_running_server_notices_a_changed_file(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("webapp.web.static_assets.time.monotonic", lambda: clock[0])
    assets = StaticAssets(folder, tmp_path / "cache")
    before = assets.url("css.css")
    (folder / "css.css").write_text("a { color: red }")
    clock[0] += 2
    assert assets.url("css.css") != before
