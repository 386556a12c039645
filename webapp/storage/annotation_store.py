"""Storage of annotations in the database.

Every method is one transaction, during which no other greenlet runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, delete, insert, select

from webapp.storage.tables import Annotation as Row


@dataclass(frozen=True, slots=True)
class Annotation:
    """A person's annotation of an image: a flag, a label (None if none is given) and a note."""

    flagged: bool = False
    label: int | None = None
    note: str = ""


EMPTY_ANNOTATION = Annotation()


class AnnotationStore:
    """Stores annotations in a database. The tables of `engine` must be up to date."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, dataset: str, split: str) -> dict[int, Annotation]:
        """Return the annotations of a split by image index, in ascending order."""
        rows = (
            select(Row.image_index, Row.flagged, Row.label, Row.note)
            .where(Row.dataset == dataset, Row.split == split)
            .order_by(Row.image_index)
        )
        with self._engine.connect() as connection:
            return {index: Annotation(flagged, label, note) for index, flagged, label, note in connection.execute(rows)}

    def write(self, dataset: str, split: str, annotations: Mapping[int, Annotation]) -> None:
        """Replace the annotations of these images. An empty annotation is deleted, not stored."""
        rows = [
            {"dataset": dataset, "split": split, "image_index": index, **asdict(annotation)}
            for index, annotation in annotations.items()
            if annotation != EMPTY_ANNOTATION
        ]
        in_annotations = Row.image_index.in_(list(annotations))
        with self._engine.begin() as connection:
            connection.execute(delete(Row).where(Row.dataset == dataset, Row.split == split, in_annotations))
            if rows:
                connection.execute(insert(Row), rows)
