"""Nearest training images, compared with a search over the distances to all training images."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn.datasets.dataset import Split
from nn.datasets.scaling import Scaling
from nn.explanations.nearest_neighbors import Neighbor, nearest, nearest_by_pixels, smallest
from nn.explanations.training_images import TrainingImages

PIXEL_MAX = 16


def make_split(n_stored: int = 700, n_features: int = 9, *, seed: int = 0) -> Split:
    rng = np.random.default_rng(seed)
    inputs = rng.integers(0, PIXEL_MAX + 1, (n_stored, n_features), dtype=np.uint8)
    return Split(inputs, rng.integers(0, 10, n_stored, dtype=np.uint8))


def images_of(split: Split, **options: Any) -> TrainingImages:
    return TrainingImages(split, Scaling.identity(np.float32), PIXEL_MAX, **options)


def find_nearest(images: TrainingImages, image: Any) -> tuple[Neighbor, ...]:
    return nearest_by_pixels(images, image, images.products((image * PIXEL_MAX)[:, np.newaxis])[:, 0])


def brute_force(split: Split, image: Any, columns: Any = slice(None)) -> list[tuple[int, int, Any]]:
    stored = split.inputs if split.rows is None else split.inputs[split.rows]
    rows = range(len(stored)) if split.rows is None else split.rows.tolist()
    distances = [float(np.sqrt(sum((pixels[columns] / PIXEL_MAX - image) ** 2))) for pixels in stored]
    order = sorted(range(len(stored)), key=lambda index: (round(distances[index], 12), index))
    return [(rows[index], int(split.labels[index]), pytest.approx(distances[index])) for index in order[:5]]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("selection", ["all", "rows", "columns"])
def test_the_nearest_images_have_the_smallest_distances(seed: int, selection: str) -> None:
    split = make_split(seed=seed)
    rng = np.random.default_rng(seed)
    columns = np.array([0, 2, 3, 7]) if selection == "columns" else None
    if selection != "all":
        split = split.part(rng.permutation(700)[:600])
    image = rng.random(9 if columns is None else 4)
    found = find_nearest(images_of(split, columns=columns), image)
    assert [(near.index, near.label, near.distance) for near in found] == brute_force(
        split, image, slice(None) if columns is None else columns
    )


def test_copies_of_the_image_come_first() -> None:
    split = make_split()
    split.inputs[[40, 41, 650]] = split.inputs[300]
    found = find_nearest(images_of(split), split.inputs[300] / PIXEL_MAX)
    assert [near.index for near in found[:4]] == [40, 41, 300, 650]
    assert [near.distance for near in found[:4]] == [0.0] * 4
    assert found[4].distance > 0


def test_a_small_split_returns_all_images() -> None:
    split = make_split().part(np.array([5, 3]))
    image = split.inputs[3] / PIXEL_MAX
    assert [near.index for near in find_nearest(images_of(split), image)] == [3, 5]
    assert find_nearest(images_of(split.part(np.arange(0))), image) == ()


def test_a_memory_mapped_file_gives_the_same_images(tmp_path: Any) -> None:
    split = make_split()
    np.save(tmp_path / "images.npy", split.inputs)
    mapped = replace(split, inputs=np.load(tmp_path / "images.npy", mmap_mode="r", allow_pickle=False))
    image = np.full(9, 0.5)
    assert find_nearest(images_of(mapped), image) == find_nearest(images_of(split), image)


def test_distances_that_are_not_finite_are_excluded() -> None:
    images = images_of(make_split(8))
    squares = np.array([3.0, np.nan, 1.0, np.inf, 2.0, np.nan, np.nan, -np.inf])
    found = nearest(images, squares, lambda indices: np.sqrt(squares[indices])[:, np.newaxis])
    assert [(near.index, near.distance) for near in found] == [
        (2, 1.0),
        (4, pytest.approx(2**0.5)),
        (0, pytest.approx(3**0.5)),
    ]


@pytest.mark.parametrize("count", [0, 1, 3, 7, 8, 20])
def test_the_smallest_values_equal_a_stable_sort(count: int) -> None:
    rng = np.random.default_rng(count)
    for _ in range(20):
        values = rng.integers(0, 4, 8).astype(np.float32)
        assert smallest(values, count).tolist() == np.argsort(values, kind="stable")[:count].tolist()
