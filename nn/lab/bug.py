"""A documented bug: its wrong line, where it sits, what it needs, and the class that has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from nn.hyperparameters.network import SQUARED_LOSSES
from nn.hyperparameters.schema import Hyperparameters
from nn.lab.learner import Learner

Place = Literal["output", "hidden layer", "update", "data", "initialization", "evaluation", "loss"]
Scope = Literal["output", "hidden", "any", "network"]
Kind = Literal["weights", "biases", "both"]


@dataclass(frozen=True, slots=True)
class Setting:
    """The network that is to have a bug: its sizes from the inputs to the outputs, and the size of its batches."""

    hyperparameters: Hyperparameters
    sizes: tuple[int, ...]
    batch_size: int

    @property
    def last(self) -> int:
        """The last layer, counted from 0."""
        return len(self.sizes) - 2

    def n_units(self, layer: int) -> int:
        """Return the number of units of a layer."""
        return self.sizes[layer + 1]

    def is_curved(self, layer: int) -> bool:
        """Return True if the slope of a layer's activation function is not 1 everywhere."""
        h = self.hyperparameters
        if layer < self.last:
            return h.activation != "linear"
        return h.loss in SQUARED_LOSSES and h.output_activation != "linear"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a program, as a formula and in NumPy."""

    formula: str
    numpy: str


@dataclass(frozen=True, slots=True)
class LayerRule:
    """A condition that a layer must meet to have a bug. `text` describes it, and `field` is able to establish it."""

    fits: Callable[[Setting, int], bool]
    field: str
    text: str


MANY_IMAGES = LayerRule(lambda setting, _layer: setting.batch_size > 1, "batch_size", "batches of at least 2 images")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bug:
    """A documented bug, as an override of the right learner.

    `scope` lists the layers that can have the bug; a bug of the network is in no particular layer. `kind` are the
    gradients that are wrong in that layer, or None if a gradient check cannot see the bug. `needs` maps
    hyperparameters to the values without which the bug would change nothing, and one of the hyperparameters in
    `positive` must be greater than 0. `configuration` are hyperparameters that suit the bug.
    """

    id: str
    title: str
    place: Place
    right: Line
    wrong: Line
    symptom: str
    source: str
    override: type[Learner]
    scope: Scope = "network"
    kind: Kind | None = None
    configuration: Mapping[str, object] = field(default_factory=dict)
    needs: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    positive: tuple[str, ...] = ()
    rule: LayerRule | None = None

    @property
    def is_visible(self) -> bool:
        """True if a gradient check on the first batch sees the bug."""
        return self.kind is not None

    def layers(self, setting: Setting) -> list[int]:
        """Return the layers that can have the bug, counted from 0; for a bug of the network, none."""
        last = setting.last
        candidates = {"output": range(last, last + 1), "hidden": range(last), "any": range(last + 1)}
        rule = self.rule
        return [layer for layer in candidates.get(self.scope, ()) if rule is None or rule.fits(setting, layer)]

    def problems(self, setting: Setting) -> dict[str, str]:
        """Return, for each hyperparameter that hides the bug or stops the program, what the bug needs."""
        h, subject = setting.hyperparameters, f"{self.id}, {self.title[0].lower()}{self.title[1:]}"
        problems = {}
        for name, allowed in self.needs.items():
            if getattr(h, name) not in allowed:
                values = " or ".join("on" if value is True else str(value) for value in allowed)
                problems[name] = f"must be {values} for {subject}"
        if self.positive and not any(getattr(h, name) > 0 for name in self.positive):
            problems[self.positive[0]] = f"must be greater than 0 for {subject}"
        rule = self.rule
        fits = bool(self.layers(setting)) if self.scope != "network" else rule is None or rule.fits(setting, 0)
        if not fits:
            name, text = (rule.field, rule.text) if rule and setting.last else ("hidden_sizes", "a hidden layer")
            problems.setdefault(name, f"must change, because {subject}, needs {text}")
        return problems


@dataclass(frozen=True, slots=True)
class Placement:
    """A bug in some layers, counted from 0. A bug of the network has no layers."""

    bug: Bug
    layers: tuple[int, ...]
