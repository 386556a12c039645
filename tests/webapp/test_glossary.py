"""The glossary page, and the links to it from the help of other pages."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests.support.app_client import RunClient
from webapp.web.glossary import load_glossary

TERMS = [term for group in load_glossary() for term in group.terms]


def test_page_shows_each_term_at_its_fragment(empty_client: FlaskClient) -> None:
    page = empty_client.get("/glossary").text
    for term in TERMS:
        assert f'id="{term.anchor}"' in page
        assert f"<dt>{term.name}</dt>" in page


def test_help_links_to_terms_of_the_glossary(trained: RunClient) -> None:
    linked = set()
    for address in (f"/runs/{trained.run_id}", f"/runs/{trained.run_id}/misclassified"):
        page = trained.client.get(address).text
        found = set(re.findall(r'href="/glossary#([^"]+)"', page))
        assert found, address
        linked |= found
    fields = trained.client.get("/api/hyperparameters").get_json()["fields"]
    linked |= {term["address"].removeprefix("/glossary#") for field in fields if (term := field["glossary_term"])}
    assert "learning-rate" in linked
    assert linked - {term.anchor for term in TERMS} == set()
