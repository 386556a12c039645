"""A random change of one hyperparameter: the control of trials."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from nn.diagnosis.finding import Remedy
from nn.errors import HyperparameterError
from nn.hyperparameters.data import DATASET_CONDITIONS
from nn.hyperparameters.schema import Hyperparameters, describe_fields

# Fields that select the data, or that have no effect on the first epochs of training.
NOT_DRAWN = frozenset({"dataset", "seed", "validation_fraction", "early_stopping", "patience", "divergence_factor"})
STREAM = 0x7121A15  # distinguishes these random numbers from others with the same seed
MAX_DRAWS = 1000
SIGNIFICANT_DIGITS = 2


def random_change(h: Hyperparameters, seed: int | None = None, excluded: Collection[str] = ()) -> Remedy | None:
    """Return a valid change of one hyperparameter that applies to `h`, drawn from `seed`.

    By default, the seed is that of the run. A number changes by a factor of up to 10, and 0 becomes a number that
    is usual. Hyperparameters in `excluded` do not change. Returns None if nothing is left to change.
    """
    rng: np.random.Generator = np.random.default_rng([h.seed if seed is None else seed, STREAM])
    fields = describe_fields()
    names = [name for name in fields if name not in NOT_DRAWN and name not in excluded and _applies(name, h, fields)]
    for _ in range(MAX_DRAWS if names else 0):
        name = names[rng.integers(len(names))]
        value = _draw(getattr(h, name), fields[name], rng)
        try:
            changed = h.changed({name: value})
        except HyperparameterError:
            continue
        if changed != h:
            return Remedy(f"{fields[name]['label']}: {_text(value)}", {name: value})
    return None


def _applies(name: str, h: Hyperparameters, fields: dict[str, dict[str, Any]]) -> bool:
    conditions = fields[name]["applies_when"]
    suits_data = DATASET_CONDITIONS.get(name)
    if suits_data is not None and not suits_data(h.dataset_spec):
        return False
    return all(getattr(h, other) in values for other, values in conditions.items() if other != "dataset")


def _draw(value: Any, field: dict[str, Any], rng: np.random.Generator) -> Any:
    if "enum" in field:
        return field["enum"][rng.integers(len(field["enum"]))]
    if isinstance(value, bool):
        return not value
    if isinstance(value, tuple):
        return _draw_sizes(value, rng)
    factor = 10.0 ** rng.uniform(-1, 1)
    if isinstance(value, int):
        return max(1, round((value or 100) * factor))
    if value == 0:
        is_fraction = "exclusiveMaximum" in field
        value, factor = 1.0, rng.uniform(0.1, 0.9) if is_fraction else 10.0 ** rng.uniform(-5, -1)
    return float(f"{value * factor:.{SIGNIFICANT_DIGITS}g}")


def _draw_sizes(sizes: tuple[int, ...], rng: np.random.Generator) -> tuple[int, ...]:
    """Double or halve all layers, or add or remove one layer."""
    choices = [tuple(size * 2 for size in sizes), tuple(max(1, size // 2) for size in sizes), (*sizes, 32), sizes[:-1]]
    return choices[rng.integers(len(choices))]


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)
