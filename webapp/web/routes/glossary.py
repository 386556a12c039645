"""The glossary page."""

from __future__ import annotations

from flask import Blueprint, render_template

from webapp.web.glossary import load_glossary

glossary = Blueprint("glossary", __name__)


@glossary.get("/glossary")
def show() -> str:
    """Show every term with its definition. The fragment of the URL of a term is its name in lower case."""
    return render_template("glossary.html", page="glossary", glossary=load_glossary())
