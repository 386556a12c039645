"""Runs that take over the hyperparameters and the seed of a stored run, except for some changes.

Equal seeds give equal initial weights and equal mini-batches, as far as the changes allow. Therefore, a difference
between the two runs is an effect of the changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nn.hyperparameters.number_text import write_number
from nn.hyperparameters.schema import Hyperparameters, describe_fields
from webapp.errors import InvalidError
from webapp.storage.run_record import RunRecord
from webapp.storage.run_store import RunStore
from webapp.validation import LARGEST_INTEGER, MAX_NAME_LENGTH, read_whole_number

ALONE = "must not be combined with same_start_as, which takes over the hyperparameters of a run; use changes"


@dataclass(frozen=True, slots=True)
class SameStart:
    """The run `source` whose start is repeated, and the changed values."""

    source: RunRecord
    changes: dict[str, Any]

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """All values of the new run, which are not validated yet."""
        return self.source.hyperparameters.model_dump() | self.changes

    def name(self, parsed: Hyperparameters) -> str:
        """Return a name for the new run with these hyperparameters: "Too deep · activation relu"."""
        labels = describe_fields()
        texts = (f"{labels[name]['label'].lower()} {_value_text(getattr(parsed, name))}" for name in self.changes)
        return f"{self.source.name} · {', '.join(texts) or 'again'}"[:MAX_NAME_LENGTH]


def find_same_start(store: RunStore, run_id: object, changes: object, others: Mapping[str, object]) -> SameStart | None:
    """Return the start that a request names, or None if it names none. The values of the changes are not validated.

    `others` are the fields that must be None beside `run_id`. Raises InvalidError, which names the invalid fields.
    """
    if run_id is None:
        if changes is not None:
            raise InvalidError({"changes": "needs same_start_as, the id of the run whose hyperparameters change"})
        return None
    if both := {name: ALONE for name, value in others.items() if value is not None}:
        raise InvalidError(both)
    if changes is not None and not isinstance(changes, Mapping):
        raise InvalidError({"changes": "must be an object of names and values"})
    source = store.run(read_whole_number("same_start_as", run_id, first=1, last=LARGEST_INTEGER))
    if source is None:
        raise InvalidError({"same_start_as": f"must be the id of a stored run; there is no run {run_id}"})
    changed = dict(changes or {})
    seed = source.hyperparameters.seed
    if changed.get("seed", seed) != seed:
        raise InvalidError({"seed": f"must stay {seed}, the seed of run {source.id}, so that both runs start equally"})
    return SameStart(source, changed)


def _value_text(value: object) -> str:
    if isinstance(value, tuple):
        return "–".join(map(str, value)) or "none"
    return write_number(value) if isinstance(value, float) else str(value).replace("_", " ")
