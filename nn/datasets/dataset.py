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
    """Examples with their labels or targets.

    `inputs` (n_stored, n_features) are stored pixels (uint8) or the values of a table (float64). Pixels may be
    memory-mapped and read-only. `labels`, uint8 (n_examples,), is the class of each example. In a regression, `targets`
    is float64 (n_examples, n_targets), and all labels are 0. `rows` (n_examples,) are the indices of the stored inputs
    that belong to the split; None means all of them.
    """

    inputs: NDArray[Any]
    labels: NDArray[np.uint8]
    targets: NDArray[np.float64] | None = None
    rows: NDArray[np.intp] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def stored_rows(self) -> NDArray[np.intp]:
        """Indices (n_examples,) of the stored inputs that belong to the split."""
        return np.arange(len(self)) if self.rows is None else self.rows

    def take(self, rows: NDArray[np.intp], out: NDArray[Any] | None = None) -> NDArray[Any]:
        """Return the inputs (n, n_features) of the examples at `rows` (n,), in that order.

        If `out` is given, write the inputs into it.
        """
        stored = rows if self.rows is None else self.rows[rows]
        # By default, NumPy would fill a buffer first, so that an invalid index leaves `out` unchanged.
        return np.take(self.inputs, stored, axis=0, out=out, mode="clip")

    def part(self, rows: NDArray[np.intp]) -> Self:
        """Return the examples at `rows` (n,) as a split with the same `inputs`.

        The inputs are not copied, so processes continue to use the same mapped file.
        """
        return replace(
            self,
            labels=self.labels[rows],
            targets=None if self.targets is None else self.targets[rows],
            rows=rows if self.rows is None else self.rows[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A data set with training, validation and test splits. `validation` is empty until training examples are held out.

    `image_shape` is (height, width) in pixels, or None for a table. `pixel_max` is the largest possible pixel value, or
    1 for a table. `class_names` is empty for a regression. For a table, `output_grid` contains the inputs at which the
    outputs of the network are plotted.
    """

    name: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, int] | None
    pixel_max: int
    train: Split
    validation: Split
    test: Split
    output_grid: OutputGrid | None = None

    @classmethod
    def from_splits(
        cls, spec: DatasetSpec, train: Split, test: Split | None = None, output_grid: OutputGrid | None = None
    ) -> Self:
        """Return a data set with the facts in `spec` and these splits. The validation split is empty."""
        empty = train.part(np.arange(0))
        return cls(
            name=spec.name,
            class_names=spec.class_names,
            image_shape=spec.image_shape,
            pixel_max=spec.pixel_max,
            train=train,
            validation=empty,
            test=empty if test is None else test,
            output_grid=output_grid,
        )

    @property
    def n_features(self) -> int:
        """Number of inputs of one example."""
        return int(self.train.inputs.shape[1])

    @property
    def n_classes(self) -> int:
        """Number of classes; 0 for a regression."""
        return len(self.class_names)

    @property
    def class_codes(self) -> NDArray[np.float64]:
        """Target outputs (n_classes, n_outputs) of each class.

        With two classes, there is a single output; otherwise, there is one output for each class.
        """
        return np.array([[0.0], [1.0]]) if self.n_classes == 2 else np.eye(self.n_classes)

    @property
    def n_outputs(self) -> int:
        """Number of network outputs."""
        columns = self.class_codes if self.train.targets is None else self.train.targets
        return int(columns.shape[1])
