"""Pixels and weights, drawn and read back."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from webapp.pictures import NEGATIVE, NOT_FINITE, POSITIVE, ZERO, draw_image, draw_weights


def read(png: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(png)))


def test_the_darkest_and_the_brightest_pixel_use_the_whole_scale() -> None:
    pixels = np.array([0, 1, 8, 16], dtype=np.uint8)
    assert read(draw_image(pixels, (2, 2), 16)).tolist() == [[0, 16], [128, 255]]


def test_weights_go_from_orange_over_grey_to_blue() -> None:
    weights = np.array([[-2.0], [0.0], [2.0], [1.0]])
    (first, second), (third, fourth) = read(draw_weights(weights, (2, 2))).tolist()
    assert (tuple(first[:3]), tuple(second[:3]), tuple(third[:3])) == (NEGATIVE, ZERO, POSITIVE)
    halfway = [(zero + end) / 2 for zero, end in zip(ZERO, POSITIVE, strict=True)]
    assert np.allclose(fourth[:3], halfway, atol=0.5)


def test_units_share_one_scale_and_stand_in_rows() -> None:
    weights = np.array([[1.0, 10.0, -10.0, 0.0, 5.0]])
    sheet = read(draw_weights(weights, (1, 1)))
    assert sheet.shape == (3, 5, 4)  # 3 columns and 2 rows of one pixel, with a line between them
    assert tuple(sheet[0, 2, :3]) == POSITIVE
    assert tuple(sheet[0, 4, :3]) == NEGATIVE
    assert tuple(sheet[2, 0, :3]) == ZERO
    assert sheet[1, :, 3].tolist() == [0] * 5  # the line
    assert sheet[2, 4, 3] == 0  # no sixth unit
    faint = read(draw_weights(weights, (1, 1), unit=0))[0, 0]
    assert np.array_equal(faint, sheet[0, 0, :3])
    assert np.abs(faint.astype(int) - ZERO).max() < 30


def test_weights_that_are_not_finite_are_seen_as_such() -> None:
    weights = np.array([[np.nan], [np.inf], [1.0], [0.0]], dtype=np.float32)
    (first, second), (third, fourth) = read(draw_weights(weights, (2, 2))).tolist()
    assert (tuple(first[:3]), tuple(second[:3])) == (NOT_FINITE, NOT_FINITE)
    assert (tuple(third[:3]), tuple(fourth[:3])) == (POSITIVE, ZERO)
    nothing = read(draw_weights(np.full_like(weights, np.nan), (2, 2)))
    assert (nothing[..., :3] == NOT_FINITE).all()


def test_weights_that_are_all_zero_are_grey() -> None:
    assert tuple(read(draw_weights(np.zeros((1, 1)), (1, 1)))[0, 0, :3]) == ZERO
