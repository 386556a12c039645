"""A case: a configuration, possibly with a defect of its data, and the answers that count as right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from nn.datasets import Dataset
from nn.datasets.subset import first_of_each_class
from nn.diagnosis.finding import Code
from nn.hyperparameters.schema import Hyperparameters

Group = Literal["ill", "public", "healthy"]
Changes = Mapping[str, Any]
Defect = Callable[[Dataset, np.random.Generator], Dataset]


@dataclass(frozen=True, slots=True)
class Case:
    """A configuration that the benchmark trains and diagnoses.

    `changes` are the hyperparameters that differ from the defaults, without the seed. `defect` damages the data.

    For an ill case, a first finding with one of `codes` is right. `remedies` are accepted changes of hyperparameters;
    the other accepted remedy of a case with a defect is the undamaged data. `reference` are the changes, in addition to
    `changes`, of the run whose score counts as attainable; the reference uses the undamaged data.

    `n_images` is the number of training images of each class that exist for the case; 0 for all. A defect can change
    their labels, so it needs this limit instead of the hyperparameter `images_per_class`.

    A healthy case counts as healthy if its score is at least `floor`. `n_seeds` limits the number of seeds.
    """

    name: str
    group: Group
    changes: Changes
    codes: tuple[Code, ...] = ()
    remedies: tuple[Changes, ...] = ()
    reference: Changes = field(default_factory=dict)
    defect: Defect | None = None
    n_images: int = 0
    floor: float = 0.0
    source: str = ""
    n_seeds: int | None = None

    def hyperparameters(self, seed: int, changes: Changes | None = None) -> Hyperparameters:
        """Return the hyperparameters of the run with `seed`, with further `changes`."""
        return Hyperparameters.parse({**self.changes, "seed": seed, **(changes or {})})

    def examples(self, dataset: Dataset) -> Dataset:
        """Return the undamaged data set of this case."""
        return first_of_each_class(dataset, self.n_images) if self.n_images else dataset

    def damaged(self, dataset: Dataset, seed: int) -> Dataset:
        """Return the data set with the defect of this case; the random numbers of the defect depend on `seed`."""
        used = self.examples(dataset)
        return used if self.defect is None else self.defect(used, np.random.default_rng([seed, 12]))
