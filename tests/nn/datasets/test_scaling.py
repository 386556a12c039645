"""Scaling of training images and of other images."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

from nn.array_types import FloatArray
from nn.datasets import BUILT_IN_DATASETS, Dataset, Split
from nn.datasets.scaling import ROWS_PER_CHUNK, Scaling
from nn.datasets.tables import load_table

Bytes = NDArray[np.uint8]
IMAGES = np.array([[0, 7, 255], [16, 7, 0], [8, 7, 51]], np.uint8)


def dataset_of(images: Bytes, pixel_max: int = 255) -> Dataset:
    train = Split(images, np.zeros(len(images), np.uint8))
    return Dataset("test", ("0", "1", "2"), (1, images.shape[1]), pixel_max, train, train, train)


def scaled(name: str, images: Bytes, fitted_to: Bytes, dtype: str = "float64", pixel_max: int = 255) -> FloatArray:
    out = np.empty(images.shape, dtype)
    Scaling.of_inputs(name, dataset_of(fitted_to, pixel_max), dtype).apply(images, out)
    return out


def test_none_leaves_pixels_unchanged() -> None:
    assert scaled("none", IMAGES, IMAGES).tolist() == IMAGES.tolist()


@pytest.mark.parametrize("pixel_max", [16, 255])
def test_unit_divides_by_the_largest_pixel(pixel_max: int) -> None:
    np.testing.assert_allclose(scaled("unit", IMAGES, IMAGES, pixel_max=pixel_max), IMAGES / pixel_max, rtol=1e-15)


def test_standardize_by_hand() -> None:
    """The first pixel has mean 8 and variance (64 + 64 + 0) / 2. The second pixel is constant and becomes 0."""
    deviation = np.sqrt(128 / 2)
    found = scaled("standardize", IMAGES, IMAGES)
    np.testing.assert_allclose(found[:, 0], [-8 / deviation, 8 / deviation, 0.0])
    assert found[:, 1].tolist() == [0.0, 0.0, 0.0]
    unseen = np.array([[8, 200, 102]], np.uint8)
    np.testing.assert_allclose(scaled("standardize", unseen, IMAGES), [[0.0, 0.0, 0.0]], atol=1e-12)


@given(images=arrays(np.uint8, (6, 4)))
def test_standardize_gives_mean_0_and_deviation_1(images: Bytes) -> None:
    found = scaled("standardize", images, images)
    changes = images.std(axis=0) > 0
    np.testing.assert_allclose(found.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(found.std(axis=0, ddof=1), changes.astype(float), rtol=1e-12)


@given(images=arrays(np.uint8, (9, 5)), unseen=arrays(np.uint8, (4, 5)))
def test_standardize_equals_scikit_learn_where_pixels_vary(images: Bytes, unseen: Bytes) -> None:
    """For the variance of 9 images, we divide the sum of squares by 8, and scikit-learn divides it by 9."""
    peer = StandardScaler().fit(images.astype(np.float64))
    changes = images.std(axis=0) > 0
    expected = np.where(changes, peer.transform(unseen.astype(np.float64)) * np.sqrt(8 / 9), 0.0)
    np.testing.assert_allclose(scaled("standardize", unseen, images), expected, rtol=1e-12, atol=1e-12)


@given(n_images=st.sampled_from([ROWS_PER_CHUNK - 1, ROWS_PER_CHUNK, 2 * ROWS_PER_CHUNK + 5]))
def test_moments_are_exact_for_any_number_of_images(n_images: int) -> None:
    images = np.random.default_rng(n_images).integers(0, 256, (n_images, 3), np.uint8)
    scaling = Scaling.of_inputs("standardize", dataset_of(images), "float64")
    np.testing.assert_allclose(scaling.offset, images.mean(axis=0), rtol=1e-15)
    np.testing.assert_allclose(1 / scaling.scale, images.std(axis=0, ddof=1), rtol=1e-13)


@pytest.mark.parametrize("name", ["none", "unit", "standardize"])
def test_scaling_has_the_precision_and_leaves_images_unchanged(name: str) -> None:
    before = IMAGES.copy()
    assert scaled(name, IMAGES, IMAGES, "float32").dtype == np.float32
    assert Scaling.of_inputs(name, dataset_of(IMAGES), "float32").scale.dtype == np.float32
    np.testing.assert_array_equal(IMAGES, before)


def test_table_is_standardized_and_unscaled_again() -> None:
    dataset = load_table(BUILT_IN_DATASETS.get("squares"))
    inputs, targets = dataset.train.inputs, dataset.train.targets
    assert targets is not None
    out = np.empty(inputs.shape)
    Scaling.of_inputs("standardize", dataset, "float64").apply(inputs, out)
    np.testing.assert_allclose(out, StandardScaler().fit_transform(inputs) * np.sqrt(4 / 5), rtol=1e-12)
    scaling = Scaling.of_targets("standardize", dataset, "float64")
    out = np.empty(targets.shape)
    scaling.apply(targets, out)
    np.testing.assert_allclose(out.ravel(), (targets.ravel() - 11) / np.sqrt(374 / 4), rtol=1e-12)
    np.testing.assert_allclose(scaling.undo(out), targets, rtol=1e-12)


def test_targets_are_unscaled_by_default() -> None:
    for dataset in (load_table(BUILT_IN_DATASETS.get("squares")), dataset_of(IMAGES)):
        scaling = Scaling.of_targets("none", dataset, "float64")
        assert scaling.undo(np.array([[3.5]])).tolist() == [[3.5]]


def test_constant_column_is_restored() -> None:
    scaling = Scaling(np.array([7.0]), np.array([0.0]))
    assert scaling.undo(np.array([[0.0], [0.3]])).tolist() == [[7.0], [7.0]]
