"""Defects of data: functions that take a data set and return a damaged one, as a faulty program would prepare it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nn.datasets import Dataset
from nn.datasets.dataset import Split

NOISE_FRACTION = 0.5
IMBALANCE = 0.95


def materialized(split: Split) -> Split:
    """Return a split that contains copies of its own examples only, and not those of other splits."""
    return replace(split, inputs=split.take(np.arange(len(split))), rows=None)


def permute_labels(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """Shuffle the training labels against the images: the images were shuffled, and the labels were not."""
    return replace(dataset, train=replace(dataset.train, labels=rng.permutation(dataset.train.labels)))


def shift_test_labels(dataset: Dataset, _rng: np.random.Generator) -> Dataset:
    """Increase each test label by 1, modulo the number of classes: one file counts classes from 1."""
    labels = ((dataset.test.labels + 1) % dataset.n_classes).astype(np.uint8)
    return replace(dataset, test=replace(dataset.test, labels=labels))


def rename_test_labels(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """Rename the classes of the test split at random: the splits were encoded separately. No class keeps its name."""
    order = rng.permutation(dataset.n_classes)
    names = np.empty(dataset.n_classes, np.uint8)
    names[order] = np.roll(order, 1)
    return replace(dataset, test=replace(dataset.test, labels=names[dataset.test.labels]))


def randomize_some_labels(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """Replace half of the training labels by other classes."""
    labels = dataset.train.labels.copy()
    changed = rng.choice(len(labels), round(NOISE_FRACTION * len(labels)), replace=False)
    labels[changed] = (labels[changed] + rng.integers(1, dataset.n_classes, len(changed))) % dataset.n_classes
    return replace(dataset, train=replace(dataset.train, labels=labels))


def sort_by_class(dataset: Dataset, _rng: np.random.Generator) -> Dataset:
    """Sort the training examples by class. A sampling in stored order then sees one class at a time."""
    return replace(dataset, train=dataset.train.part(np.argsort(dataset.train.labels, kind="stable")))


def brighten_test_inputs(dataset: Dataset, _rng: np.random.Generator) -> Dataset:
    """Add half of the largest pixel value to each test pixel: only the training images have a black background."""
    test = materialized(dataset.test)
    return replace(dataset, test=replace(test, inputs=test.inputs // 2 + (dataset.pixel_max + 1) // 2))


def shrink_test_inputs(dataset: Dataset, _rng: np.random.Generator) -> Dataset:
    """Divide the test pixels by the largest pixel value, so that they are divided twice: almost all become 0."""
    test = materialized(dataset.test)
    return replace(dataset, test=replace(test, inputs=test.inputs // dataset.pixel_max))


def invert_test_inputs(dataset: Dataset, _rng: np.random.Generator) -> Dataset:
    """Invert the test images: black on white instead of white on black."""
    test = materialized(dataset.test)
    return replace(dataset, test=replace(test, inputs=dataset.pixel_max - test.inputs))


def keep_mostly_one_class(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """Keep one class and so few images of the others that 95 % of the training images belong to the class."""
    labels = dataset.train.labels
    chosen = int(rng.integers(dataset.n_classes))
    rows = [np.flatnonzero(labels == label) for label in range(dataset.n_classes)]
    n_others = max(2, round(len(rows[chosen]) * (1 - IMBALANCE) / IMBALANCE / (dataset.n_classes - 1)))
    parts = [own if label == chosen else own[:n_others] for label, own in enumerate(rows)]
    return replace(dataset, train=dataset.train.part(np.sort(np.concatenate(parts))))


def remove_classes(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """Remove all training images of three classes; the test split still has them."""
    missing = rng.choice(dataset.n_classes, 3, replace=False)
    return replace(dataset, train=dataset.train.part(np.flatnonzero(~np.isin(dataset.train.labels, missing))))


def shuffle_pixels_of_each_image(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """Shuffle the pixels of every image differently, in all splits: nothing but the ink of an image remains."""

    def shuffled(split: Split) -> Split:
        own = materialized(split)
        return replace(own, inputs=rng.permuted(own.inputs, axis=1))

    return replace(dataset, train=shuffled(dataset.train), test=shuffled(dataset.test))


def blank_most_pixels(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """Set all pixels except five random ones to 0 in every image: most features are constant."""
    visible = rng.choice(varying_features(dataset), 5, replace=False)

    def blanked(split: Split) -> Split:
        own = materialized(split)
        inputs = np.zeros_like(own.inputs)
        inputs[:, visible] = own.inputs[:, visible]
        return replace(own, inputs=inputs)

    return replace(dataset, train=blanked(dataset.train), test=blanked(dataset.test))


def copy_one_pixel(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """Fill each image with four of its pixels: the other features are duplicates of these."""
    features = rng.choice(varying_features(dataset), 4, replace=False)
    columns = np.resize(features, dataset.n_features)

    def copied(split: Split) -> Split:
        own = materialized(split)
        return replace(own, inputs=own.inputs[:, columns])

    return replace(dataset, train=copied(dataset.train), test=copied(dataset.test))


def varying_features(dataset: Dataset) -> NDArray[np.intp]:
    """Return the indices of the features that vary among the training examples."""
    inputs = dataset.train.take(np.arange(len(dataset.train)))
    return np.flatnonzero(inputs.max(axis=0) != inputs.min(axis=0))
