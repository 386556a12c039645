"""Scaling: what each kind promises of the training images, and of others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

from nn.arrays import Floats
from nn.scaling import ROWS_AT_ONCE, Scaling

Bytes = NDArray[np.uint8]
IMAGES = np.array([[0, 7, 255], [16, 7, 0], [8, 7, 51]], np.uint8)


def scaled(name: str, images: Bytes, fitted_to: Bytes, dtype: str = "float64", pixel_max: int = 255) -> Floats:
    out = np.empty(images.shape, dtype)
    Scaling.fit(name, fitted_to, pixel_max, dtype).apply(images, out)
    return out


def test_none_keeps_the_pixels() -> None:
    assert scaled("none", IMAGES, IMAGES).tolist() == IMAGES.tolist()


@pytest.mark.parametrize("pixel_max", [16, 255])
def test_unit_divides_by_the_largest_pixel(pixel_max: int) -> None:
    np.testing.assert_allclose(scaled("unit", IMAGES, IMAGES, pixel_max=pixel_max), IMAGES / pixel_max, rtol=1e-15)


def test_standardize_by_hand() -> None:
    """First pixel: mean 8, variance (64 + 64 + 0) / 3. The second never changes and says nothing, then and later."""
    deviation = np.sqrt(128 / 3)
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
    np.testing.assert_allclose(found.std(axis=0), changes.astype(float), rtol=1e-12)


@given(images=arrays(np.uint8, (9, 5)), unseen=arrays(np.uint8, (4, 5)))
def test_standardize_is_that_of_scikit_learn_where_pixels_change(images: Bytes, unseen: Bytes) -> None:
    peer = StandardScaler().fit(images.astype(np.float64))
    changes = images.std(axis=0) > 0
    expected = np.where(changes, peer.transform(unseen.astype(np.float64)), 0.0)
    np.testing.assert_allclose(scaled("standardize", unseen, images), expected, rtol=1e-12, atol=1e-12)


@given(n_images=st.sampled_from([ROWS_AT_ONCE - 1, ROWS_AT_ONCE, 2 * ROWS_AT_ONCE + 5]))
def test_moments_are_exact_for_any_number_of_images(n_images: int) -> None:
    images = np.random.default_rng(n_images).integers(0, 256, (n_images, 3), np.uint8)
    scaling = Scaling.fit("standardize", images, 255, "float64")
    np.testing.assert_allclose(scaling.offset, images.mean(axis=0), rtol=1e-15)
    np.testing.assert_allclose(1 / scaling.scale, images.std(axis=0), rtol=1e-13)


@pytest.mark.parametrize("name", ["none", "unit", "standardize"])
def test_precision_is_kept_and_images_are_left_alone(name: str) -> None:
    before = IMAGES.copy()
    assert scaled(name, IMAGES, IMAGES, "float32").dtype == np.float32
    assert Scaling.fit(name, IMAGES, 255, "float32").scale.dtype == np.float32
    np.testing.assert_array_equal(IMAGES, before)
