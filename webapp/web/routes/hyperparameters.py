"""What can be chosen about a run."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from nn.presets.catalog import PRESETS, Preset
from webapp.web.hyperparameter_form import form
from webapp.web.request_parsing import Query, read_query

choices = Blueprint("choices", __name__, url_prefix="/api")


@choices.get("/hyperparameters")
def hyperparameters() -> dict[str, Any]:
    """The schema that draws the form."""
    read_query(Query)
    return form()


@choices.get("/presets")
def presets() -> dict[str, Any]:
    """Named hyperparameters."""
    read_query(Query)
    return {"items": [_preset(preset) for preset in PRESETS.values()], "total": len(PRESETS)}


def _preset(preset: Preset) -> dict[str, Any]:
    return {
        "id": preset.id,
        "group": preset.group,
        "title": preset.title,
        "note": preset.note,
        "source": preset.source,
        "published": preset.published,
        "checked": preset.checked,
        "reached": preset.reached,
        "hyperparameters": preset.hyperparameters.model_dump(mode="json"),
    }
