"""The examples that a network is trained and tested on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from nn.datasets.output_grid import OutputGrid
from nn.datasets.spec import DatasetSpec


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Some examples, with what is to be said of each.

    `inputs` is (n_stored, n_features): pixels as they were stored, uint8, possibly memory-mapped and never writable
    then; or the numbers of a table, float64. `labels` is uint8 (n_examples,), the index of each example's class.
    Where numbers are to be predicted instead, they are `targets`, float64 (n_examples, n_targets), and all labels
    are 0. `rows` (n_examples,) tells which of the stored inputs belong to the split; all of them where it is `None`.
    """

    inputs: NDArray[Any]
    labels: NDArray[np.uint8]
    targets: NDArray[np.float64] | None = None
    rows: NDArray[np.intp] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def stored_rows(self) -> NDArray[np.intp]:
        """Which of the stored inputs belong to the split, (n_examples,)."""
        return np.arange(len(self)) if self.rows is None else self.rows

    def take(self, rows: NDArray[np.intp], out: NDArray[Any] | None = None) -> NDArray[Any]:
        """The inputs of the examples at `rows` (n,), in that order: (n, n_features), in `out` where that is given."""
        stored = rows if self.rows is None else self.rows[rows]
        # Without mode="clip", NumPy would write to a copy of `out` first, in case that an index is wrong.
        return np.take(self.inputs, stored, axis=0, out=out, mode="clip")

    def part(self, rows: NDArray[np.intp]) -> Self:
        """The examples at `rows` (n,) alone. No input is copied, so that processes go on sharing a mapped file."""
        return replace(
            self,
            labels=self.labels[rows],
            targets=None if self.targets is None else self.targets[rows],
            rows=rows if self.rows is None else self.rows[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A data set, divided for honest evaluation. `validation` is empty until a part is split off.

    `image_shape` is (height, width) in pixels, `None` for the numbers of a table; `pixel_max` is the largest value
    that a pixel can have, 1 for a table. `class_names` is empty where numbers are to be predicted. `sketch` tells
    what to draw of a network that learns from a table.
    """

    name: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int] | None
    pixel_max: int
    train: Split
    validation: Split
    test: Split
    sketch: OutputGrid | None = None
    title: str = ""

    @classmethod
    def of(cls, spec: DatasetSpec, train: Split, test: Split | None = None, sketch: OutputGrid | None = None) -> Self:
        """Join the examples of a data set with the facts about it; nothing is held out yet."""
        nothing = train.part(np.arange(0))
        return cls(
            name=spec.name,
            title=spec.title,
            class_names=spec.class_names,
            image_shape=spec.image_shape,
            pixel_max=spec.pixel_max,
            train=train,
            validation=nothing,
            test=nothing if test is None else test,
            sketch=sketch,
        )

    @property
    def n_features(self) -> int:
        """Numbers that one example has."""
        return int(self.train.inputs.shape[1])

    @property
    def n_classes(self) -> int:
        """Classes to tell apart; 0 where numbers are to be predicted."""
        return len(self.class_names)

    @property
    def class_codes(self) -> NDArray[np.float64]:
        """What the outputs should be for each class, (n_classes, n_outputs): one output each, or one between two."""
        return np.array([[0.0], [1.0]]) if self.n_classes == 2 else np.eye(self.n_classes)

    @property
    def n_outputs(self) -> int:
        """Outputs that a network needs."""
        columns = self.class_codes if self.train.targets is None else self.train.targets
        return int(columns.shape[1])
