"""Image transforms, compared with loops over pixels, and properties that rotations and shifts preserve."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import ndimage

from nn.array_types import Float64Array
from nn.explanations.image_transforms import shifted, transformed

SHAPES = st.tuples(st.integers(1, 12), st.integers(1, 12))
IMAGES = arrays(np.float64, SHAPES, elements=st.floats(0, 1, width=32))
SETTINGS = st.fixed_dictionaries(
    {
        "shift": st.tuples(st.integers(-4, 4), st.integers(-4, 4)),
        "rotation": st.floats(-45, 45),
        "thickness": st.floats(-2, 2),
        "blur": st.floats(0, 2),
    }
)
NOISE = np.random.default_rng(0).random((9, 7))


def roll_with_black_edges(image: NDArray[Any], down: int, right: int) -> NDArray[Any]:
    """Return the image shifted by some pixels. The pixels that enter at an edge are black."""
    height, width = image.shape
    moved = np.roll(image, (down, right), axis=(0, 1))
    moved[: max(down, 0)] = 0
    moved[height + min(down, 0) :] = 0
    moved[:, : max(right, 0)] = 0
    moved[:, width + min(right, 0) :] = 0
    return moved


def disk(height: int, width: int, row: float, column: float, radius: float) -> Float64Array:
    """Return an image of a white disk with a soft edge."""
    rows, columns = np.mgrid[:height, :width]
    return np.asarray(np.clip(radius + 0.5 - np.hypot(rows - row, columns - column), 0, 1))


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
@pytest.mark.parametrize("reach", [0, 1, 4])
def test_shifts_are_rolls_with_black_edges(reach: int, dtype: Any) -> None:
    image = np.random.default_rng(0).integers(1, 256, (9, 7)).astype(dtype)
    images = shifted(image, reach)
    assert images.dtype == dtype
    assert images.shape == ((2 * reach + 1) ** 2, 9, 7)
    steps = itertools.product(range(-reach, reach + 1), repeat=2)
    for image_found, (down, right) in zip(images, steps, strict=True):
        np.testing.assert_array_equal(image_found, roll_with_black_edges(image, down, right))
    np.testing.assert_array_equal(images[len(images) // 2], image)


def test_shifts_reach_beyond_the_image() -> None:
    """Only shifts of at most one pixel down and right keep the corner pixel within the 2×2 image."""
    images = shifted(np.array([[5, 0], [0, 0]], np.uint8), 3).reshape(7, 7, 2, 2)
    visible = {(int(down) - 3, int(right) - 3) for down, right in np.argwhere(images.any(axis=(2, 3)))}
    assert visible == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_default_shifts_reach_four_pixels_and_are_copies() -> None:
    image = np.ones((3, 3))
    images = shifted(image)
    assert len(images) == 81
    images[:] = 7
    assert image.max() == 1


@given(image=IMAGES)
def test_settings_of_zero_return_the_image_unchanged(image: Float64Array) -> None:
    before = image.copy()
    images = transformed(image, shift=(0, 0), rotation=0.0, thickness=0.0, blur=0.0)
    np.testing.assert_array_equal(images, before)
    images[:] = 7
    np.testing.assert_array_equal(image, before)


@given(image=IMAGES, settings=SETTINGS)
def test_every_transformed_image_is_a_valid_image(image: Float64Array, settings: dict[str, Any]) -> None:
    before = image.copy()
    images = transformed(image, **settings)
    assert images.shape == image.shape
    assert images.min() >= 0
    assert images.max() <= 1
    np.testing.assert_array_equal(image, before)


@given(settings=SETTINGS)
def test_black_stays_black(settings: dict[str, Any]) -> None:
    assert not transformed(np.zeros((8, 8)), **settings).any()


@pytest.mark.parametrize(("down", "right"), [(0, 1), (-4, 0), (3, -2), (-1, -4), (8, 0), (0, -30)])
def test_a_shift_moves_down_and_right(down: int, right: int) -> None:
    expected = roll_with_black_edges(NOISE, down, right) if abs(down) < 9 and abs(right) < 7 else np.zeros((9, 7))
    np.testing.assert_array_equal(transformed(NOISE, shift=(down, right)), expected)


@pytest.mark.parametrize("quarters", [-3, -2, -1, 1, 2])
def test_rotations_are_clockwise(quarters: int) -> None:
    image = np.random.default_rng(0).random((8, 8))
    np.testing.assert_allclose(transformed(image, rotation=90 * quarters), np.rot90(image, -quarters), atol=1e-12)


@pytest.mark.parametrize("degrees", [-45, -10, 3.5, 30])
def test_a_disk_rotates_about_the_center(degrees: float) -> None:
    """A positive rotation moves a disk that is above the center to the right, and preserves the sum of its pixels."""
    image = disk(29, 29, 6, 14, 2)
    rotated = transformed(image, rotation=degrees)
    angle = math.radians(degrees)
    center = ndimage.center_of_mass(rotated)
    assert center == pytest.approx((14 - 8 * math.cos(angle), 14 + 8 * math.sin(angle)), abs=0.05)
    assert rotated.sum() == pytest.approx(image.sum(), rel=0.03)


def test_pixels_rotated_in_from_outside_are_black() -> None:
    rotated = transformed(np.ones((15, 15)), rotation=45)
    assert rotated[[0, 0, -1, -1], [0, -1, 0, -1]] == pytest.approx([0] * 4, abs=0.01)
    assert rotated[4:11, 4:11] == pytest.approx(np.ones((7, 7)), abs=0.01)


@pytest.mark.parametrize("degrees", [2, 10, 45])
def test_rotating_back_and_forth_loses_less_than_linear_interpolation(degrees: float) -> None:
    ring = disk(29, 29, 12, 15, 6) - disk(29, 29, 12, 15, 3)
    restored = transformed(transformed(ring, rotation=degrees), rotation=-degrees)
    linear = ring
    for angle in (degrees, -degrees):
        linear = ndimage.rotate(linear, angle, reshape=False, order=1)
    assert np.square(restored - ring).mean() < 0.3 * np.square(linear - ring).mean()


@pytest.mark.parametrize("thickness", [-2, -1, 1, 2])
def test_integer_thickness_takes_the_extreme_of_the_neighbors(thickness: int) -> None:
    """Compare with loops over four neighbors for ±1, and eight for ±2. Pixels outside the image are black."""
    height, width = NOISE.shape
    extreme, reach = (max if thickness > 0 else min), abs(thickness)
    expected = np.empty_like(NOISE)
    for row, column in itertools.product(range(height), range(width)):
        expected[row, column] = extreme(
            NOISE[y, x] if 0 <= y < height and 0 <= x < width else 0.0
            for y, x in itertools.product(range(row - 1, row + 2), range(column - 1, column + 2))
            if abs(y - row) + abs(x - column) <= reach
        )
    np.testing.assert_array_equal(transformed(NOISE, thickness=thickness), expected)


@pytest.mark.parametrize("thickness", [-2, -1, 1, 2])
def test_thickness_is_grey_dilation_and_erosion(thickness: int) -> None:
    change = ndimage.grey_dilation if thickness > 0 else ndimage.grey_erosion
    footprint = ndimage.generate_binary_structure(2, abs(thickness))
    expected = change(NOISE, footprint=footprint, mode="constant")
    np.testing.assert_array_equal(transformed(NOISE, thickness=thickness), expected)


@pytest.mark.parametrize(("lower", "upper"), [(-2, -1), (-1, 0), (0, 1), (1, 2)])
def test_fractional_thickness_interpolates_linearly(lower: int, upper: int) -> None:
    thin, thick = transformed(NOISE, thickness=lower), transformed(NOISE, thickness=upper)
    for fraction in (0.25, 0.5, 0.875):
        between = transformed(NOISE, thickness=lower + fraction)
        np.testing.assert_allclose(between, thin + fraction * (thick - thin), atol=1e-15)


@given(image=IMAGES, settings=st.tuples(st.floats(-2, 2), st.floats(-2, 2)))
def test_thickness_is_monotonic_and_continuous(image: Float64Array, settings: tuple[float, float]) -> None:
    """A change of the thickness by d changes no pixel by more than d."""
    lower, upper = sorted(settings)
    growth = transformed(image, thickness=upper) - transformed(image, thickness=lower)
    assert growth.min() >= -1e-15
    assert growth.max() <= upper - lower + 1e-15


@pytest.mark.parametrize("blur", [0.3, 1.0, 2.0])
def test_blur_is_a_gaussian_mean_of_the_neighbors(blur: float) -> None:
    """Compare with loops over pixels up to four standard deviations away. Pixels outside the image are black."""
    reach = int(4 * blur + 0.5)
    bell = {step: math.exp(-0.5 * (step / blur) ** 2) for step in range(-reach, reach + 1)}
    total = sum(bell.values()) ** 2
    height, width = NOISE.shape
    for row, column in itertools.product(range(height), range(width)):
        mean = sum(
            bell[y - row] * bell[x - column] * NOISE[y, x]
            for y, x in itertools.product(range(height), range(width))
            if abs(y - row) <= reach and abs(x - column) <= reach
        )
        assert transformed(NOISE, blur=blur)[row, column] == pytest.approx(mean / total, abs=1e-12)


@pytest.mark.parametrize("blur", [1e-300, 1e-6, 0.125, 0.126])
def test_a_tiny_blur_has_no_visible_effect(blur: float) -> None:
    np.testing.assert_allclose(transformed(NOISE, blur=blur), NOISE, atol=1e-13)


def test_settings_are_applied_in_a_fixed_order() -> None:
    image = disk(15, 15, 6, 8, 3)
    step_by_step = image
    for setting in ({"thickness": 0.5}, {"rotation": 20}, {"shift": (1, -2)}, {"blur": 0.8}):
        step_by_step = transformed(step_by_step, **setting)
    together = transformed(image, blur=0.8, shift=(1, -2), rotation=20, thickness=0.5)
    np.testing.assert_array_equal(together, step_by_step)
