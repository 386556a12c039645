"""Hyperparameters with a name, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nn.hyperparameters.schema import Hyperparameters

PresetGroup = Literal["Start here", "Why isn't it learning?", "Systems by others"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A run worth seeing: what it shows (`note`), where it is from, and how far it gets.

    `published` is the figure that its source gives, `checked` what a faithful computation of it gave, `reached`
    ours, as `python tasks.py bench` measures it.
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
