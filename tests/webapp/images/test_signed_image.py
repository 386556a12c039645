from __future__ import annotations

import base64

import numpy as np
import pytest

from webapp.images.signed_image import SignedImage


def test_values_are_accurate_to_half_a_level() -> None:
    values = np.random.default_rng(0).normal(size=400)
    image = SignedImage.from_values(values)
    assert image.scale == np.abs(values).max()
    np.testing.assert_allclose(image.levels * (image.scale / 127), values, atol=image.scale / 127 / 2 + 1e-15)
    np.testing.assert_array_equal(np.frombuffer(base64.b64decode(image.encoded()), np.int8), image.levels)


def test_zero_is_exact_and_opposite_values_have_opposite_levels() -> None:
    assert SignedImage.from_values(np.array([0.0, 0.3, -0.3, 3.0, -3.0])).levels.tolist() == [0, 13, -13, 127, -127]


def test_a_given_scale_is_used() -> None:
    image = SignedImage.from_values(np.array([1.0, -0.5]), 2.0)
    assert (image.scale, image.levels.tolist()) == (2.0, [64, -32])


def test_the_scale_of_zeros_is_zero() -> None:
    for values in (np.zeros(3), np.empty(0)):
        image = SignedImage.from_values(values)
        assert image.scale == 0
        assert image.levels.tolist() == [0] * len(values)


@pytest.mark.parametrize("values", [[np.nan, 1.0], [np.inf, -1.0]])
def test_non_finite_values_cause_no_warning(values: list[float]) -> None:
    image = SignedImage.from_values(np.array(values))
    assert np.isfinite(image.scale)
