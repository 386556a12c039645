"""The examples of a run: the selected and cropped examples, their splits, and their scaling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from nn.array_types import FloatArray, IndexArray
from nn.datasets.dataset import Dataset, Split
from nn.datasets.scaling import Scaling
from nn.datasets.splitting import split_validation
from nn.datasets.subset import center_crop, first_of_each_class
from nn.hyperparameters.data import CENTER
from nn.hyperparameters.schema import Hyperparameters


@dataclass(frozen=True, slots=True, eq=False)
class PreparedData:
    """A data set with a validation split, and the scalings of its inputs and targets, as a run uses them.

    Both scalings are fitted to the training split.
    """

    dataset: Dataset
    scaling: Scaling
    target_scaling: Scaling

    @classmethod
    def of_run(cls, hyperparameters: Hyperparameters, dataset: Dataset) -> Self:
        """Select, crop and split the examples of `dataset`, which is the whole data set.

        Raises HyperparameterError if the data set is too small for the hyperparameters.
        """
        h = hyperparameters
        dataset = _select_examples(h, dataset)
        h.check_together(len(dataset.train))
        data = split_validation(dataset, h.held_out_fraction, h.seed)
        return cls(
            dataset=data,
            scaling=Scaling.of_inputs(h.input_scaling, data, h.dtype),
            target_scaling=Scaling.of_targets(h.target_scaling, data, h.dtype),
        )

    def inputs(self, split: Split, rows: IndexArray) -> FloatArray:
        """Return the scaled inputs (n, n_features) of the examples at `rows` (n,) of `split`."""
        stored = split.take(rows)
        inputs: FloatArray = np.empty(stored.shape, self.scaling.scale.dtype)
        self.scaling.apply(stored, inputs)
        return inputs

    def targets(self, split: Split, rows: IndexArray) -> FloatArray:
        """Return the target outputs (n, n_outputs) of the examples at `rows` (n,) of `split`."""
        dtype = self.scaling.scale.dtype
        if split.targets is None:
            return self.dataset.class_codes.astype(dtype)[split.labels[rows]]
        targets: FloatArray = np.empty((len(rows), split.targets.shape[1]), dtype)
        self.target_scaling.apply(split.targets[rows], targets)
        return targets


def _select_examples(h: Hyperparameters, dataset: Dataset) -> Dataset:
    """Return `dataset` with the training images that `h` selects, and with all images cropped as `h` specifies.

    A data set that is a table is returned unchanged.
    """
    if h.images_per_class and dataset.image_shape:
        dataset = first_of_each_class(dataset, h.images_per_class)
    return center_crop(dataset, CENTER) if h.image_shape == CENTER else dataset
