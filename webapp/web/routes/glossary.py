"""The glossary page."""

from __future__ import annotations

from flask import Blueprint, render_template

from webapp.web.glossary import load_glossary

glossary = Blueprint("glossary", __name__)


@glossary.get("/glossary")
def show() -> str:
    """Show every term with its definition. `term_address` returns the URL of one term."""
    return render_template("glossary.html", page="glossary", glossary=load_glossary())
