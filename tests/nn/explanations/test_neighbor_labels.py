"""Labels of the nearest training images, compared with a search over all pairs."""

from __future__ import annotations

import numpy as np
import pytest

from nn.datasets.dataset import Split
from nn.explanations import neighbor_labels
from nn.explanations.neighbor_labels import count_neighbor_labels


@pytest.mark.parametrize("n_train", [3, 10, 25, 400])
def test_the_ten_nearest_images_are_counted_by_label(n_train: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbor_labels, "TRAINING_ROWS", 64)  # several blocks
    monkeypatch.setattr(neighbor_labels, "IMAGE_ROWS", 16)
    rng = np.random.default_rng(n_train)
    pixels = rng.integers(0, 256, (n_train, 30)).astype(np.uint8)
    labels = rng.integers(0, 4, n_train).astype(np.uint8)
    images = rng.integers(0, 256, (50, 30)).astype(np.uint8)
    found = count_neighbor_labels(images, Split(pixels, labels), 4)
    for counts, image in zip(found, images, strict=True):
        distances = np.square(pixels.astype(int) - image).sum(axis=1)
        nearest = labels[np.argsort(distances)[:10]]
        assert counts.tolist() == np.bincount(nearest, minlength=4).tolist()
