"""The labels of the training images that are nearest to many images."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float32Array
from nn.datasets.dataset import Split

N_NEIGHBORS = 10
TRAINING_ROWS = 4096  # training images in one matrix product
IMAGE_ROWS = 512  # images in one matrix product; together with TRAINING_ROWS, 8 MB of distances


def count_neighbor_labels(images: NDArray[np.uint8], train: Split, n_classes: int) -> NDArray[np.uint8]:
    """Return how many of the ten training images nearest to each image have each label: (n_images, n_classes).

    `images` (n_images, n_features) are stored pixels. The distance is the Euclidean distance of the pixels, in single
    precision. Fewer than ten training images all count.
    """
    queries = images.astype(np.float32)
    n_neighbors = min(N_NEIGHBORS, len(train))
    squares = np.full((len(images), n_neighbors), np.inf, np.float32)
    labels = np.zeros((len(images), n_neighbors), np.uint8)
    for start in range(0, len(train), TRAINING_ROWS):
        rows = np.arange(start, min(start + TRAINING_ROWS, len(train)))
        _keep_nearest(queries, train.take(rows).astype(np.float32), train.labels[rows], squares, labels)
    counts = np.zeros((len(images), n_classes), np.uint8)
    np.add.at(counts, (np.arange(len(images))[:, np.newaxis], labels), 1)
    return counts


def _keep_nearest(
    queries: Float32Array,
    candidates: Float32Array,
    candidate_labels: NDArray[np.uint8],
    squares: Float32Array,
    labels: NDArray[np.uint8],
) -> None:
    """Replace the nearest images found so far by nearer candidates.

    `squares` and `labels` (n_images, n_neighbors) are the squared distances and the labels of the nearest images. The
    squared length of the query is left out of the distances, because it is the same for all candidates.
    """
    lengths = np.square(candidates).sum(axis=1)
    for start in range(0, len(queries), IMAGE_ROWS):
        block = slice(start, start + IMAGE_ROWS)
        found = lengths - 2 * (queries[block] @ candidates.T)
        distances = np.concatenate([squares[block], found], axis=1)
        known = labels[block]
        classes = np.concatenate([known, np.broadcast_to(candidate_labels, found.shape)], axis=1)
        nearest = np.argpartition(distances, squares.shape[1] - 1, axis=1)[:, : squares.shape[1]]
        squares[block] = np.take_along_axis(distances, nearest, axis=1)
        labels[block] = np.take_along_axis(classes, nearest, axis=1)
