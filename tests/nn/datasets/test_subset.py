"""Subsets and center crops of images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn.datasets import BUILT_IN_DATASETS, load_dataset
from nn.datasets.splitting import split_validation
from nn.datasets.subset import center_crop, first_of_each_class
from nn.datasets.tables import load_table
from nn.errors import HyperparameterError
from tests.support.datasets.small_dataset import small_dataset


def test_first_images_of_each_class_keep_their_order() -> None:
    whole = small_dataset(30)
    part = first_of_each_class(whole, 4).train
    assert np.bincount(part.labels).tolist() == [4, 4, 4]
    np.testing.assert_array_equal(part.take(np.arange(12)), whole.train.inputs[:12])  # labels: 0, 1, 2, 0, …
    assert part.inputs is whole.train.inputs


def test_too_small_class_is_rejected() -> None:
    with pytest.raises(HyperparameterError) as error:
        first_of_each_class(small_dataset(31), 11)
    assert error.value.fields == {"images_per_class": "must be at most 10, the number of images in the smallest class"}


def test_training_and_test_images_are_cropped() -> None:
    whole = small_dataset(9, 6, side=6)
    part = center_crop(whole, (4, 2))
    assert (part.image_shape, part.n_features) == ((4, 2), 8)
    for cut, full in ((part.train, whole.train), (part.test, whole.test)):
        expected = full.inputs.reshape(-1, 6, 6)[:, 1:5, 2:4].reshape(-1, 8)
        np.testing.assert_array_equal(cut.inputs, expected)
        np.testing.assert_array_equal(cut.labels, full.labels)


def test_crop_of_a_part_has_the_stored_rows() -> None:
    whole = small_dataset(30, side=6)
    part = center_crop(first_of_each_class(whole, 4), (4, 2)).train.part(np.array([7, 2]))
    assert part.stored_rows.tolist() == [7, 2]
    rows = split_validation(center_crop(whole, (4, 2)), 0.5, seed=3).train.stored_rows
    assert rows.tolist() == split_validation(whole, 0.5, seed=3).train.stored_rows.tolist()
    expected = whole.train.inputs[[7, 2]].reshape(2, 6, 6)[:, 1:5, 2:4].reshape(2, 8)
    np.testing.assert_array_equal(part.take(np.arange(2)), expected)


def test_table_cannot_be_cropped() -> None:
    with pytest.raises(ValueError, match="or_gate has no images"):
        center_crop(load_table(BUILT_IN_DATASETS.get("or_gate")), (4, 2))


def test_margins_of_mnist_are_almost_black(mnist_dir: Path, tmp_path: Path) -> None:
    whole = load_dataset("mnist", datasets_dir=mnist_dir, cache_dir=tmp_path)
    part = center_crop(whole, (20, 20))
    fraction = part.test.inputs.sum(dtype=np.int64) / whole.test.inputs.sum(dtype=np.int64)
    assert 0.95 < fraction < 1


def test_part_of_a_part_has_the_stored_rows() -> None:
    whole = small_dataset(30).train
    part = whole.part(np.arange(5, 25)).part(np.array([3, 1]))
    np.testing.assert_array_equal(part.take(np.array([0, 1])), whole.inputs[[8, 6]])
    assert part.labels.tolist() == whole.labels[[8, 6]].tolist()
    assert part.stored_rows.tolist() == [8, 6]
    assert whole.stored_rows.tolist() == list(range(30))
