"""The page of the bug lab as the server sends it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from nn.lab.bugs import BUGS
from webapp.app import App
from webapp.web.lab_example import load_example


@pytest.fixture
def client(empty_app: App) -> FlaskClient:
    return empty_app.flask_app.test_client()


@pytest.mark.parametrize(("query", "selected"), [("", "B01"), ("?bug=B13", "B13"), ("?bug=%3Cb%3E", "B01")])
def test_the_page_lists_the_bugs_and_marks_the_chosen_one(client: FlaskClient, query: str, selected: str) -> None:
    page = client.get(f"/lab{query}").text
    assert re.findall(r'href="/lab\?bug=(\w+)"', page) == list(BUGS)
    assert re.findall(r'data-bug="(\w+)" aria-current="true"', page) == [selected]
    assert "<b>" not in page


def test_the_page_of_guess_mode_has_no_list(client: FlaskClient) -> None:
    page = client.get("/lab?mode=guess").text
    assert 'id="guess"' in page
    assert "data-bug" not in page


def test_the_page_shows_the_example_of_the_documentation(client: FlaskClient) -> None:
    example = load_example()
    assert example["python"].startswith("import numpy as np\nfrom nn.lab import check_gradient")
    assert example["text"].startswith("From the output to the input, b2 is the first array that disagrees.")
    page = unescape(client.get("/lab").text)
    assert all(part in page for part in example.values())
