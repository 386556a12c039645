from __future__ import annotations

import base64

import numpy as np
import pytest

from webapp.images.signed_image import SignedImage


def test_levels_tell_each_number_to_a_255th_of_the_range() -> None:
    values = np.random.default_rng(0).normal(size=400)
    picture = SignedImage.of(values)
    assert picture.scale == np.abs(values).max()
    np.testing.assert_allclose(picture.values, values, atol=picture.scale / 127 / 2 + 1e-15)
    np.testing.assert_array_equal(np.frombuffer(base64.b64decode(picture.encoded()), np.int8), picture.levels)


def test_zero_is_told_exactly_and_opposites_alike() -> None:
    assert SignedImage.of(np.array([0.0, 0.3, -0.3, 3.0, -3.0])).levels.tolist() == [0, 13, -13, 127, -127]


def test_a_scale_may_be_given() -> None:
    picture = SignedImage.of(np.array([1.0, -0.5]), 2.0)
    assert (picture.scale, picture.levels.tolist()) == (2.0, [64, -32])


def test_nothing_has_no_scale() -> None:
    for values in (np.zeros(3), np.empty(0)):
        picture = SignedImage.of(values)
        assert picture.scale == 0
        assert picture.levels.tolist() == [0] * len(values)
        assert picture.values.tolist() == [0] * len(values)


@pytest.mark.parametrize("values", [[np.nan, 1.0], [np.inf, -1.0]])
def test_what_is_not_finite_makes_no_warning(values: list[float]) -> None:
    picture = SignedImage.of(np.array(values))
    assert np.isfinite(picture.scale)
