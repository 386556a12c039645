"""The README tells of every option and every call, and its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys

from nn.presets.catalog import PRESETS
from tests.support.server_process import ROOT
from webapp.web.flask_app import create_flask_app

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_option_is_told() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "webapp", "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    options = set(re.findall(r"--[a-z][a-z-]+", told.stdout)) - {"--help"}
    assert "--datasets-dir" in options
    assert {option for option in options if f"`{option}`" not in README} == set()


def test_every_call_is_told() -> None:
    rules = {rule.rule for rule in create_flask_app().url_map.iter_rules() if rule.rule.startswith("/api/")}
    calls = {re.sub(r"<(?:[^<>:]+:)?(\w+)>", lambda part: f"<{part[1].removeprefix('run_')}>", rule) for rule in rules}
    assert "/api/runs/<id>/stop" in calls
    untold = {call for call in calls if call not in README and f"`/{call.rpartition('/')[2]}`" not in README}
    assert untold == set()


def test_every_preset_is_told() -> None:
    assert {preset.title for preset in PRESETS.values() if preset.title not in README} == set()


def test_links_lead_somewhere() -> None:
    local = {link for link in re.findall(r"\]\(([^)#]+)\)", README) if not link.startswith("http")}
    assert "docs/img/train.png" in local
    assert {link for link in local if not (ROOT / link).exists()} == set()
