"""Drawing of the validation split."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from nn.datasets import Split
from nn.datasets.splitting import split_validation, stratified_rows
from nn.errors import HyperparameterError
from tests.support.datasets.small_dataset import small_dataset


def rows(split: Split) -> list[bytes]:
    return [bytes(row) for row in np.c_[split.take(np.arange(len(split))), split.labels]]


@given(fraction=st.floats(0.05, 0.5), seed=st.integers(0, 2**32 - 1))
def test_split_is_stratified_and_complete(fraction: float, seed: int) -> None:
    whole = small_dataset(300)
    parts = split_validation(whole, fraction, seed)
    assert len(parts.validation) == round(300 * fraction)
    counts = np.bincount(parts.validation.labels, minlength=3)
    assert counts.max() - counts.min() <= 1
    assert sorted(rows(parts.train) + rows(parts.validation)) == sorted(rows(whole.train))
    assert parts.test is whole.test


@given(
    class_sizes=st.lists(st.integers(2, 40), min_size=1, max_size=10),
    fraction=st.floats(0.05, 0.95),
    seed=st.integers(0, 2**32 - 1),
)
def test_split_equals_that_of_scikit_learn(class_sizes: list[int], fraction: float, seed: int) -> None:
    labels = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(class_sizes)), class_sizes)).astype("u1")
    held_out_size = min(max(round(fraction * len(labels)), len(class_sizes)), len(labels) - len(class_sizes))
    remaining, held_out = stratified_rows(labels, held_out_size, seed)
    theirs = train_test_split(np.arange(len(labels)), test_size=held_out_size, stratify=labels, random_state=seed)
    np.testing.assert_array_equal(remaining, np.sort(theirs[0]))
    np.testing.assert_array_equal(held_out, np.sort(theirs[1]))


def test_split_depends_only_on_the_seed() -> None:
    whole = small_dataset(300)
    first, again, other = (split_validation(whole, 0.2, seed) for seed in (4, 4, 5))
    assert rows(first.validation) == rows(again.validation)
    assert rows(first.train) == rows(again.train)
    assert rows(first.validation) != rows(other.validation)


def test_split_keeps_the_stored_order() -> None:
    whole = small_dataset(300)
    positions = {row: position for position, row in enumerate(rows(whole.train))}
    assert len(positions) == 300
    for part in (split_validation(whole, 0.2, 1).train, split_validation(whole, 0.2, 1).validation):
        order = [positions[row] for row in rows(part)]
        assert order == sorted(order)


def test_fraction_of_0_copies_nothing() -> None:
    whole = small_dataset()
    assert split_validation(whole, 0, 1) is whole


@pytest.mark.parametrize(("n_train", "fraction"), [(30, 0.05), (4, 0.5), (2, 0.5)])
def test_too_few_images_for_every_class_are_rejected(n_train: int, fraction: float) -> None:
    with pytest.raises(HyperparameterError) as error:
        split_validation(small_dataset(n_train), fraction, 0)
    assert list(error.value.fields) == ["validation_fraction"]
    assert f"cannot split {n_train} training images evenly; use 0" in error.value.fields["validation_fraction"]
