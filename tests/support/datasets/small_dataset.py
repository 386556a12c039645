"""A data set small enough to train on in milliseconds."""

from __future__ import annotations

import numpy as np

from nn.datasets import Dataset, Split


def small_dataset(n_train: int = 120, n_test: int = 40, *, n_classes: int = 3, side: int = 4, seed: int = 7) -> Dataset:
    """Return noisy copies of one random image per class, with pixels 0…16 and labels 0, 1, …, n_classes − 1, 0, …."""
    rng = np.random.default_rng(seed)
    class_images = rng.integers(0, 17, (n_classes, side * side))

    def split(n_images: int) -> Split:
        labels = np.arange(n_images) % n_classes
        noise = rng.integers(-4, 5, (n_images, side * side))
        return Split(np.clip(class_images[labels] + noise, 0, 16).astype(np.uint8), labels.astype(np.uint8))

    names = tuple(str(label) for label in range(n_classes))
    nothing = Split(np.empty((0, side * side), np.uint8), np.empty(0, np.uint8))
    return Dataset("small", names, (side, side), 16, split(n_train), nothing, split(n_test))
