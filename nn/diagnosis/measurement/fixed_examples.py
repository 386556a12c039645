"""The fixed training examples on which the network of a run is measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from nn.array_types import FloatArray, IndexArray, LabelArray

MAX_EXAMPLES = 1000
FEW_EXAMPLES = 100
EXAMPLES_FRACTION = 1 / 8  # of the training split


def n_fixed_examples(n_train: int) -> int:
    """Return the number of fixed examples for `n_train` training examples."""
    return min(n_train, MAX_EXAMPLES, max(FEW_EXAMPLES, round(EXAMPLES_FRACTION * n_train)))


def random_rows(n_rows: int, limit: int) -> IndexArray:
    """Return a random sample of at most `limit` of the indices below `n_rows`, in random order.

    It is the same sample at each call, and a sample with a smaller limit is its beginning. The first rows would be of
    few classes if the file is sorted by class, and evenly spaced rows if the file has a period.
    """
    return np.random.default_rng(0).permutation(n_rows)[:limit]


@dataclass(frozen=True, slots=True, eq=False)
class FixedExamples:
    """The examples of all passes, scaled as the network expects them.

    `inputs` are (n_examples, n_features), `targets` (n_examples, n_outputs), and `labels` (n_examples,), or None for a
    regression. `n_classes` is 0 for a regression.
    """

    inputs: FloatArray
    targets: FloatArray
    labels: LabelArray | None
    n_classes: int

    def __len__(self) -> int:
        return len(self.inputs)

    def first(self, n: int) -> Self:
        """Return the first `n` examples."""
        labels = None if self.labels is None else self.labels[:n]
        return replace(self, inputs=self.inputs[:n], targets=self.targets[:n], labels=labels)
