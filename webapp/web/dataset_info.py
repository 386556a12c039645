"""The facts about a data set as JSON."""

from __future__ import annotations

from typing import Any

from nn.datasets.spec import DatasetSpec
from webapp.datasets.library import SHOWN_FEATURES
from webapp.web.services import services

FACTS = (
    "name",
    "title",
    "description",
    "credit",
    "license",
    "homepage",
    "class_names",
    "target_names",
    "train_size",
    "test_size",
    "download_bytes",
    "kind",
    "task",
    "image_shape",
    "n_features",
    "n_outputs",
)


def dataset_info(spec: DatasetSpec) -> dict[str, Any]:
    """Return the facts, and whether the files of the data set exist."""
    return {
        **{fact: getattr(spec, fact) for fact in FACTS},
        "sketch": spec.output_plot,
        "pixel_max": spec.pixel_max if spec.kind == "images" else None,
        "feature_names": spec.feature_names[:SHOWN_FEATURES],
        "available": services().library.is_available(spec.name),
        "fetch": services().downloader.state(spec.name),
    }
