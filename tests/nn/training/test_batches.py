"""Batches: each image once, in chunks that fit the buffers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.datasets import Dataset, Split
from nn.datasets.scaling import Scaling
from nn.training.batches import ExampleLoader, chunks

SPLIT = Split(np.arange(30, dtype=np.uint8).reshape(10, 3), np.array([0, 1, 2, 3, 0, 1, 2, 3, 0, 1], np.uint8))


def make_loader(max_rows: int = 4) -> ExampleLoader:
    dataset = Dataset("small", tuple("0123"), (1, 3), 10, SPLIT, SPLIT, SPLIT)
    return ExampleLoader(dataset, Scaling.of_inputs("unit", dataset, "float64"), "float64", max_rows)


def test_gathered_images_are_scaled_and_their_labels_one_hot() -> None:
    (block,) = make_loader().gather(SPLIT, [np.array([7, 0])])
    np.testing.assert_allclose(block.inputs, [[2.1, 2.2, 2.3], [0.0, 0.1, 0.2]])
    assert block.labels is not None
    assert block.labels.tolist() == [3, 0]
    assert block.targets.tolist() == [[0, 0, 0, 1], [1, 0, 0, 0]]


def test_a_block_stays_valid_while_the_next_is_gathered() -> None:
    rows_of_blocks = [np.array([number % 10, 9 - number % 10]) for number in range(200)]
    for rows, block in zip(rows_of_blocks, make_loader().gather(SPLIT, rows_of_blocks), strict=True):
        np.testing.assert_allclose(block.inputs, SPLIT.inputs[rows] / 10)
        np.testing.assert_array_equal(block.labels, SPLIT.labels[rows])


def test_the_last_requested_block_stays_valid() -> None:
    block = next(make_loader().gather(SPLIT, [np.array([0]), np.array([1]), np.array([2])]))
    np.testing.assert_allclose(block.inputs, SPLIT.inputs[:1] / 10)


def test_errors_while_loading_the_next_chunk_are_raised() -> None:
    blocks = make_loader(max_rows=2).gather(SPLIT, [np.array([0]), np.array([1, 2, 3])])  # 3 rows exceed the buffers
    next(blocks)
    with pytest.raises(ValueError, match="output array"):
        next(blocks)


@pytest.mark.parametrize("max_rows", [1, 4, 5, 10, 11])
def test_all_images_are_read_in_order(max_rows: int) -> None:
    inputs, labels = [], []
    for block in make_loader(max_rows).read(SPLIT):
        assert block.labels is not None
        assert len(block.inputs) == len(block.targets) == len(block.labels) == len(block) <= max_rows
        inputs.append(block.inputs.copy())
        labels.append(block.labels.copy())
    np.testing.assert_allclose(np.concatenate(inputs), SPLIT.inputs / 10)
    np.testing.assert_array_equal(np.concatenate(labels), SPLIT.labels)


@pytest.mark.parametrize(
    ("n_images", "batch_size", "expected"),
    [
        (10, 2, [(0, 4), (4, 8), (8, 10)]),  # chunks of two batches
        (10, 3, [(0, 3), (3, 6), (6, 9), (9, 10)]),  # chunks of one batch
        (10, 4, [(0, 4), (4, 8), (8, 10)]),
        (10, 6, [(0, 4), (4, 6), (6, 10)]),  # two chunks of the first batch, one of the second
        (10, 99, [(0, 4), (4, 8), (8, 10)]),
    ],
)
def test_chunks_of_at_most_four(n_images: int, batch_size: int, expected: list[tuple[int, int]]) -> None:
    assert [(found.start, found.stop) for found in chunks(n_images, batch_size, 4)] == expected


@given(n_images=st.integers(1, 200), batch_size=st.integers(1, 250), max_rows=st.integers(1, 60))
def test_chunks_cover_each_image_once_and_split_no_batch_that_fits(
    n_images: int, batch_size: int, max_rows: int
) -> None:
    found = list(chunks(n_images, batch_size, max_rows))
    assert [row for chunk in found for row in chunk] == list(range(n_images))
    for chunk in found:
        assert 0 < len(chunk) <= max_rows
        if batch_size <= max_rows:
            assert chunk.start % batch_size == 0
            assert chunk.stop % batch_size == 0 or chunk.stop == n_images
        else:
            assert chunk.start // batch_size == (chunk.stop - 1) // batch_size
