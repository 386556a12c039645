"""The form of a public question, and its data."""

from __future__ import annotations

from typing import Any

from benchmarks.doctor.cases.case import Case, Changes, Defect
from benchmarks.doctor.cases.ill_case import REPAIRED

MNIST: dict[str, Any] = {"dataset": "mnist", "images_per_class": 200}


def public_question(
    name: str,
    source: str,
    changes: dict[str, Any],
    codes: str,
    *remedies: Changes,
    reference: Changes = REPAIRED,
    defect: Defect | None = None,
    n_images: int = 0,
) -> Case:
    """Return the case of a question, with accepted codes that are separated by spaces."""
    return Case(
        name=name,
        group="public",
        changes=changes,
        codes=tuple(codes.split()),  # type: ignore[arg-type]  # tests check the codes
        remedies=remedies,
        reference=reference,
        defect=defect,
        n_images=n_images,
        source=source,
        n_seeds=3,
    )
