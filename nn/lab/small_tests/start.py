"""Small tests of the initial weights and of the data."""

from __future__ import annotations

import numpy as np

from nn.analysis.nearest_neighbors import nearest_neighbors
from nn.lab.small_tests.small_test import NOT_APPLICABLE, Outcome, SmallTest, Subject

MIN_WEIGHTS = 64  # fewer can have one sign by chance
STANDARD_ERRORS = 6
N_NEIGHBORS_OF = 500  # images whose nearest neighbor is computed
LOWEST_AGREEMENT = 0.5
LARGEST_GAIN = 0.3  # accuracy that renaming the classes may add
LARGEST_OVERLAP = 0.05


def examine_initial_weights(subject: Subject) -> Outcome:
    """Compute how many standard errors the mean of the initial weights is from 0, in units of each layer's size."""
    weights = subject.learner.weights
    if not subject.has_floats or any(w.size > 1 and np.ptp(w) == 0 for w in weights):
        return NOT_APPLICABLE  # other tests examine integers and equal weights
    scaled = np.concatenate([(w / np.sqrt(np.square(w).mean())).ravel() for w in weights])
    if scaled.size < MIN_WEIGHTS:
        return NOT_APPLICABLE
    distance = float(scaled.sum() / np.sqrt(scaled.size))
    return Outcome.of(
        abs(distance) <= STANDARD_ERRORS,
        ("standard errors of the mean from 0", distance),
        ("fraction of positive weights", float((scaled > 0).mean())),
    )


def examine_identical_units(subject: Subject) -> Outcome:
    """Count the hidden units with the same incoming and outgoing weights as another unit of their layer."""
    learner = subject.learner
    if not subject.has_floats or learner.last == 0:
        return NOT_APPLICABLE
    n_units = n_identical = 0
    for layer in range(learner.last):
        columns = [learner.weights[layer].T, learner.weights[layer + 1]]
        if learner.biases[layer].size:
            columns.append(learner.biases[layer][:, np.newaxis])
        units = np.concatenate(columns, axis=1)
        n_units += len(units)
        n_identical += len(units) - len(np.unique(units, axis=0))
    return Outcome.of(n_identical == 0, ("hidden units", n_units), ("units like another one", n_identical))


def examine_labels_of_neighbors(subject: Subject) -> Outcome:
    """Compute the fraction of training images that have the label of their nearest neighbor."""
    if not subject.has_images:
        return NOT_APPLICABLE
    train = subject.learner.splits.train
    nearest = nearest_neighbors(train.inputs[:N_NEIGHBORS_OF], train.inputs, excludes_itself=True)
    labels = train.labels
    agreement = float((labels[nearest] == labels[: len(nearest)]).mean())
    frequencies = np.bincount(labels) / len(labels)
    return Outcome.of(
        agreement >= LOWEST_AGREEMENT,
        ("neighbors with the same label", agreement),
        ("expected by chance", float(np.square(frequencies).sum())),
    )


def examine_best_permutation(subject: Subject) -> Outcome:
    """Compare the accuracy of the nearest neighbors on test images with that after the best renaming of the classes."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 (slow to import, and the server imports this file)

    splits = subject.learner.splits
    if not subject.has_images or not splits.has_own_test:
        return NOT_APPLICABLE
    train, test = splits.train, splits.test
    predicted = train.labels[nearest_neighbors(test.inputs, train.inputs)]
    n_classes = test.targets.shape[1]
    counts = np.bincount(test.labels * n_classes + predicted, minlength=n_classes**2).reshape(n_classes, n_classes)
    rows, columns = linear_sum_assignment(-counts)
    accuracy, best = float(np.trace(counts) / len(test)), float(counts[rows, columns].sum() / len(test))
    return Outcome.of(
        best - accuracy <= LARGEST_GAIN, ("accuracy", accuracy), ("accuracy after the best permutation", best)
    )


def examine_overlap(subject: Subject) -> Outcome:
    """Compute the fraction of test images that are among the training images."""
    splits = subject.learner.splits
    if not subject.has_images or not splits.has_own_test:
        return NOT_APPLICABLE
    known = {row.tobytes() for row in splits.train.inputs}
    overlap = float(np.mean([row.tobytes() in known for row in splits.test.inputs]))
    return Outcome.of(overlap <= LARGEST_OVERLAP, ("fraction of test images in the training set", overlap))


START_TESTS = (
    SmallTest(
        "initial_weights",
        "Are the initial weights centered?",
        "The mean of the initial weights must be 0 within six standard errors; otherwise all weights may be positive.",
        ("B23",),
        examine_initial_weights,
    ),
    SmallTest(
        "identical_units",
        "Are all units different?",
        "Two hidden units with the same incoming and outgoing weights stay identical for the whole training.",
        ("B24",),
        examine_identical_units,
    ),
    SmallTest(
        "neighbors",
        "Do the labels belong to the images?",
        "An image and its nearest neighbor mostly have the same label; if they agree only by chance, the labels belong "
        "to other images.",
        ("B25",),
        examine_labels_of_neighbors,
    ),
    SmallTest(
        "permutation",
        "Do the classes have the same names in both splits?",
        "If renaming the classes raises the accuracy on test images by far, the labels of the splits differ.",
        ("B26",),
        examine_best_permutation,
    ),
    SmallTest(
        "overlap",
        "Are the test images new?",
        "No test image may be among the training images; otherwise the test accuracy is too high.",
        ("B29",),
        examine_overlap,
    ),
)
