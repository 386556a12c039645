"""A preset: named hyperparameters with their lesson, source and results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nn.hyperparameters.schema import Hyperparameters

PresetGroup = Literal["Start here", "Why isn't it learning?", "Systems by others"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of hyperparameters with its lesson (`note`), its source and its results.

    `published` is the result that the source reports. `checked` is the result of a faithful reimplementation of the
    published system. `reached` is the result of Misfit, measured by `python tasks.py bench`.
    """

    id: str
    group: PresetGroup
    title: str
    note: str
    source: str | None
    published: str | None
    checked: str | None
    reached: str | None
    hyperparameters: Hyperparameters
