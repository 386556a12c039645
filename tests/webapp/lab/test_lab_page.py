"""The page of the bug lab as the server sends it."""

from __future__ import annotations

import contextlib
import io
import re

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


def test_the_example_prints_the_shown_output(client: FlaskClient) -> None:
    example = load_example()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(example["python"], "example", "exec"), {})  # noqa: S102 - the project's own document
    lines = [re.sub(r"\d\.\de-\d\d", "", line).rstrip() for line in printed.getvalue().splitlines()]
    assert lines == [re.sub(r"\d\.\de-\d\d", "", line).rstrip() for line in example["text"].splitlines()]
    page = client.get("/lab").text
    assert "from nn.lab import check_gradient" in page
