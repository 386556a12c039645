"""The examples of trials: what each trial trains on, and what all trials are scored on."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nn.datasets.dataset import Dataset, Split
from nn.datasets.output_grid import OutputGrid
from nn.datasets.splitting import stratified_rows
from nn.hyperparameters.schema import Hyperparameters

ScoreName = Literal["validation_accuracy", "held_out_accuracy", "train_accuracy", "train_r2"]

MIN_SCORED = 100
MAX_SCORED = 1000
HELD_OUT_FRACTION = 0.2
Rows = NDArray[np.intp]


class TrialExamples:
    """Training and scored examples of the trials of one run. The test split is never used.

    `score_name` names the score of a trial. It is the accuracy on the run's validation split. If this split is missing
    or small, it is the accuracy on held-out examples: first on those that the run leaves unused, otherwise on a fifth
    of the training examples. A table is too small for that, so its training examples are scored: by accuracy, or by R²
    for a regression.
    """

    def __init__(self, hyperparameters: Hyperparameters, dataset: Dataset) -> None:
        self._h = hyperparameters
        self._dataset = dataset
        self.score_name: ScoreName = "train_r2" if dataset.train.targets is not None else "train_accuracy"
        self._scored: Rows = np.arange(0)  # empty if the training examples are scored
        self._rows = np.arange(len(dataset.train))
        if dataset.image_shape is not None:
            self._hold_out()

    @property
    def train_size(self) -> int:
        """The number of training examples of the unchanged run, without the scored examples."""
        return len(self._rows)

    @property
    def n_scored(self) -> int:
        """The number of scored examples."""
        return len(self._scored) or len(self._rows)

    def count(self, h: Hyperparameters) -> int:
        """Return the number of training examples that a trial with `h` could use."""
        return len(self._train_rows(h))

    def dataset(self, h: Hyperparameters, train_size: int) -> Dataset:
        """Return the data set of a trial with `h`. Its test split contains the scored examples.

        It has `train_size` training examples, if there are so many, with each class in the same proportion. In a
        regression, the output grid contains the scored examples instead.
        """
        everything, rows = self._dataset.train, self._train_rows(h)
        train = everything.part(_stratified(rows, everything, train_size, h.seed))
        empty = train.part(np.arange(0))
        scored = everything.part(self._scored) if len(self._scored) else everything
        grid = None
        if everything.targets is not None:
            scored, grid = empty, OutputGrid((), np.asarray(everything.take(np.arange(len(everything)))))
        return replace(self._dataset, train=train, validation=empty, test=scored, output_grid=grid)

    @property
    def targets(self) -> NDArray[np.float64] | None:
        """The target values (n_scored, n_targets) of the scored examples of a regression, otherwise None."""
        return self._dataset.train.targets

    def _train_rows(self, h: Hyperparameters) -> Rows:
        if self._dataset.image_shape is None or h.images_per_class == self._h.images_per_class:
            return self._rows
        return np.setdiff1d(_selected(h, self._dataset), self._scored)

    def _hold_out(self) -> None:
        h, everything = self._h, self._dataset.train
        selected = _selected(h, self._dataset)
        self._rows = _stratified(
            selected, everything, len(selected) - round(len(selected) * h.held_out_fraction), h.seed
        )
        scored = np.setdiff1d(selected, self._rows)  # the run's own validation split
        self.score_name = "validation_accuracy"
        if len(scored) < MIN_SCORED:
            self.score_name = "held_out_accuracy"
            unused = np.setdiff1d(np.arange(len(everything)), np.union1d(self._rows, scored))
            scored = np.union1d(scored, _stratified(unused, everything, MAX_SCORED - len(scored), h.seed))
        if len(scored) < MIN_SCORED:
            trained = _stratified(self._rows, everything, round(len(self._rows) * (1 - HELD_OUT_FRACTION)), h.seed)
            scored = np.union1d(scored, np.setdiff1d(self._rows, trained))
            self._rows = trained
        self._scored = _stratified(scored, everything, MAX_SCORED, h.seed)


def _selected(h: Hyperparameters, dataset: Dataset) -> Rows:
    """Return the rows of the training examples that `h` selects."""
    everything = np.arange(len(dataset.train))
    if not h.images_per_class:
        return everything
    labels = dataset.train.labels
    return np.sort(
        np.concatenate([everything[labels == label][: h.images_per_class] for label in range(dataset.n_classes)])
    )


def _stratified(rows: Rows, split: Split, size: int, seed: int) -> Rows:
    """Return `size` of the rows, or all if there are fewer, in ascending order and if possible stratified."""
    if size >= len(rows):
        return rows
    try:
        remaining, _ = stratified_rows(split.labels[rows], len(rows) - size, seed)
    except ValueError:  # a class has too few examples
        remaining = np.sort(np.random.default_rng(seed).permutation(len(rows))[:size])
    return rows[remaining]
