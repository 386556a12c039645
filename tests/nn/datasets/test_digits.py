"""The 8×8 digits and their two splits."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from nn.datasets import BUILT_IN_DATASETS, Dataset, is_available, load_dataset
from nn.errors import DatasetMissingError


def load(name: str) -> Dataset:
    nowhere = Path("/nowhere")  # scikit-learn contains the digits
    assert is_available(name, nowhere)
    return load_dataset(name, datasets_dir=nowhere, cache_dir=nowhere)


@pytest.mark.parametrize("name", ["digits", "digits_in_order"])
def test_digits_match_the_registry(name: str) -> None:
    dataset, spec = load(name), BUILT_IN_DATASETS.get(name)
    assert (len(dataset.train), len(dataset.validation), len(dataset.test)) == (1438, 0, 359)
    assert (spec.train_size, spec.test_size) == (1438, 359)
    assert np.bincount(dataset.train.labels).min() == spec.smallest_class
    assert dataset.train.inputs.shape == (1438, 64)
    assert dataset.train.inputs.dtype == dataset.train.labels.dtype == np.uint8
    assert (dataset.train.inputs.min(), dataset.train.inputs.max()) == (0, 16)
    assert (dataset.pixel_max, dataset.image_shape, dataset.class_names) == (16, (8, 8), tuple("0123456789"))


@pytest.mark.parametrize("name", ["digits", "digits_in_order"])
def test_every_digit_is_in_one_split_with_its_label(name: str) -> None:
    dataset, source = load(name), load_digits()
    found = np.vstack([np.c_[part.inputs, part.labels] for part in (dataset.train, dataset.test)])
    stored = np.c_[source.data.astype(np.uint8), source.target.astype(np.uint8)]
    assert sorted(map(bytes, found)) == sorted(map(bytes, stored))


def test_digits_in_order_keep_the_stored_order() -> None:
    dataset, source = load("digits_in_order"), load_digits()
    np.testing.assert_array_equal(dataset.train.inputs, source.data[:1438])
    np.testing.assert_array_equal(dataset.test.labels, source.target[1438:])


def test_test_split_is_stratified_and_reproducible() -> None:
    dataset = load("digits")
    assert set(np.bincount(dataset.test.labels)) <= {35, 36, 37}
    np.testing.assert_array_equal(dataset.test.inputs, load("digits").test.inputs)
    assert not np.array_equal(dataset.test.labels, load("digits_in_order").test.labels)


@pytest.mark.parametrize(
    ("origin", "message"), [(None, "not installed"), ("nowhere/__init__.py", "no file digits.csv.gz")]
)
def test_a_missing_file_is_reported(monkeypatch: pytest.MonkeyPatch, origin: str | None, message: str) -> None:
    found = None if origin is None else ModuleSpec("sklearn", None, origin=origin)
    monkeypatch.setattr("nn.datasets.digits.find_spec", lambda _name: found)
    with pytest.raises(DatasetMissingError, match=message):
        load("digits")
