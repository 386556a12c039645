"""Images read from a file equal the memory-mapped ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import psutil
import pytest

from nn.datasets import Split
from nn.datasets.file_reads import FileBackedSplit

N_IMAGES, WIDTH = 50, 30


@pytest.fixture
def split(tmp_path: Path) -> Split:
    """Return a split with part of the images of a memory-mapped file."""
    path = tmp_path / "images.npy"
    np.save(path, np.random.default_rng(0).integers(0, 256, (N_IMAGES, WIDTH), np.uint8))
    mapped = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    return Split(mapped, np.arange(N_IMAGES, dtype=np.uint8)).part(np.arange(3, N_IMAGES, 2))


@pytest.mark.parametrize(
    "rows", [[0, 1, 2, 3], [0, 2, 3, 7], [5], [20, 0, 11], [3, 3, 4], [0, 22], [], list(range(23)), [22, 21]]
)
def test_read_images_equal_mapped_images(split: Split, rows: list[int]) -> None:
    rows_to_take = np.array(rows, np.intp)
    expected = split.take(rows_to_take)
    unmapped = FileBackedSplit.from_split(split)
    np.testing.assert_array_equal(unmapped.take(rows_to_take), expected)
    out = np.empty_like(expected)
    assert unmapped.take(rows_to_take, out) is out
    np.testing.assert_array_equal(out, expected)
    assert (len(unmapped), unmapped.labels.tolist()) == (len(split), split.labels.tolist())


def test_part_is_read_from_the_file(split: Split) -> None:
    part = FileBackedSplit.from_split(split).part(np.array([4, 9]))
    assert isinstance(part, FileBackedSplit)
    np.testing.assert_array_equal(part.take(np.arange(2)), split.take(np.array([4, 9])))


def test_deleted_file_is_still_mapped(split: Split, tmp_path: Path) -> None:
    (tmp_path / "images.npy").unlink()
    np.testing.assert_array_equal(FileBackedSplit.from_split(split).take(np.arange(5)), split.take(np.arange(5)))


def test_images_in_memory_are_taken_from_memory() -> None:
    whole = Split(np.arange(12, dtype=np.uint8).reshape(4, 3), np.zeros(4, np.uint8))
    assert FileBackedSplit.from_split(whole).take(np.array([2, 0])).tolist() == [[6, 7, 8], [0, 1, 2]]


@pytest.mark.skipif(not hasattr(psutil.Process(), "memory_maps"), reason="this system does not list mapped pages")
def test_reading_all_images_does_not_fill_memory(tmp_path: Path) -> None:
    path = tmp_path / "images.npy"
    np.save(path, np.zeros((20_000, 784), np.uint8))
    mapped = np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    split = FileBackedSplit.from_split(Split(mapped, np.zeros(20_000, np.uint8)))
    for start in range(0, 20_000, 500):
        assert not split.take(np.arange(start, start + 500)).any()
    (mapping,) = (part for part in psutil.Process().memory_maps() if part.path == str(path))
    assert mapping.rss < 1_000_000
