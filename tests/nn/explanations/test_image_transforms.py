"""The same image, written a little differently: against loops over pixels, and what turning and moving must keep."""

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


def rolled(image: NDArray[Any], down: int, right: int) -> NDArray[Any]:
    """The image moved in a circle, and what came in at the other edge painted black."""
    height, width = image.shape
    moved = np.roll(image, (down, right), axis=(0, 1))
    moved[: max(down, 0)] = 0
    moved[height + min(down, 0) :] = 0
    moved[:, : max(right, 0)] = 0
    moved[:, width + min(right, 0) :] = 0
    return moved


def disk(height: int, width: int, row: float, column: float, radius: float) -> Float64Array:
    """A white disk with a soft edge."""
    rows, columns = np.mgrid[:height, :width]
    return np.asarray(np.clip(radius + 0.5 - np.hypot(rows - row, columns - column), 0, 1))


@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
@pytest.mark.parametrize("reach", [0, 1, 4])
def test_shifts_are_rolls_with_black_edges(reach: int, dtype: Any) -> None:
    image = np.random.default_rng(0).integers(1, 256, (9, 7)).astype(dtype)
    found = shifted(image, reach)
    assert found.dtype == dtype
    assert found.shape == ((2 * reach + 1) ** 2, 9, 7)
    steps = itertools.product(range(-reach, reach + 1), repeat=2)
    for one, (down, right) in zip(found, steps, strict=True):
        np.testing.assert_array_equal(one, rolled(image, down, right))
    np.testing.assert_array_equal(found[len(found) // 2], image)


def test_shifts_reach_beyond_the_image() -> None:
    """A pixel of two by two in a corner: in sight for every shift down and right that keeps it there."""
    found = shifted(np.array([[5, 0], [0, 0]], np.uint8), 3).reshape(7, 7, 2, 2)
    seen = {(int(down) - 3, int(right) - 3) for down, right in np.argwhere(found.any(axis=(2, 3)))}
    assert seen == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_shifts_are_four_pixels_and_copies() -> None:
    image = np.ones((3, 3))
    found = shifted(image)
    assert len(found) == 81
    found[:] = 7
    assert image.max() == 1


@given(image=IMAGES)
def test_settings_of_zero_give_exactly_the_image_back(image: Float64Array) -> None:
    before = image.copy()
    found = transformed(image, shift=(0, 0), rotation=0.0, thickness=0.0, blur=0.0)
    np.testing.assert_array_equal(found, before)
    found[:] = 7
    np.testing.assert_array_equal(image, before)


@given(image=IMAGES, settings=SETTINGS)
def test_every_variation_is_an_image_again(image: Float64Array, settings: dict[str, Any]) -> None:
    before = image.copy()
    found = transformed(image, **settings)
    assert found.shape == image.shape
    assert found.min() >= 0
    assert found.max() <= 1
    np.testing.assert_array_equal(image, before)


@given(settings=SETTINGS)
def test_black_stays_black(settings: dict[str, Any]) -> None:
    assert not transformed(np.zeros((8, 8)), **settings).any()


@pytest.mark.parametrize(("down", "right"), [(0, 1), (-4, 0), (3, -2), (-1, -4), (8, 0), (0, -30)])
def test_a_shift_is_down_and_right(down: int, right: int) -> None:
    expected = rolled(NOISE, down, right) if abs(down) < 9 and abs(right) < 7 else np.zeros((9, 7))
    np.testing.assert_array_equal(transformed(NOISE, shift=(down, right)), expected)


@pytest.mark.parametrize("quarters", [-3, -2, -1, 1, 2])
def test_quarter_turns_are_clockwise(quarters: int) -> None:
    image = np.random.default_rng(0).random((8, 8))
    np.testing.assert_allclose(transformed(image, rotation=90 * quarters), np.rot90(image, -quarters), atol=1e-12)


@pytest.mark.parametrize("degrees", [-45, -10, 3.5, 30])
def test_a_spot_turns_about_the_center(degrees: float) -> None:
    """From above the center it goes to the right where the rotation is positive, and keeps its ink."""
    image = disk(29, 29, 6, 14, 2)
    turned = transformed(image, rotation=degrees)
    angle = math.radians(degrees)
    center = ndimage.center_of_mass(turned)
    assert center == pytest.approx((14 - 8 * math.cos(angle), 14 + 8 * math.sin(angle)), abs=0.05)
    assert turned.sum() == pytest.approx(image.sum(), rel=0.03)


def test_what_turns_in_from_outside_is_black() -> None:
    turned = transformed(np.ones((15, 15)), rotation=45)
    assert turned[[0, 0, -1, -1], [0, -1, 0, -1]] == pytest.approx([0] * 4, abs=0.01)
    assert turned[4:11, 4:11] == pytest.approx(np.ones((7, 7)), abs=0.01)


@pytest.mark.parametrize("degrees", [2, 10, 45])
def test_turning_there_and_back_loses_about_half_of_what_linear_interpolation_does(degrees: float) -> None:
    ring = disk(29, 29, 12, 15, 6) - disk(29, 29, 12, 15, 3)
    again = transformed(transformed(ring, rotation=degrees), rotation=-degrees)
    linear = ring
    for angle in (degrees, -degrees):
        linear = ndimage.rotate(linear, angle, reshape=False, order=1)
    assert np.square(again - ring).mean() < 0.3 * np.square(linear - ring).mean()


@pytest.mark.parametrize("thickness", [-2, -1, 1, 2])
def test_whole_steps_of_thickness_take_the_extreme_of_the_neighbors(thickness: int) -> None:
    """By loops: four neighbors for one step, eight for two; black outside."""
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
def test_between_whole_steps_thickness_goes_evenly(lower: int, upper: int) -> None:
    thin, thick = transformed(NOISE, thickness=lower), transformed(NOISE, thickness=upper)
    for share in (0.25, 0.5, 0.875):
        between = transformed(NOISE, thickness=lower + share)
        np.testing.assert_allclose(between, thin + share * (thick - thin), atol=1e-15)


@given(image=IMAGES, settings=st.tuples(st.floats(-2, 2), st.floats(-2, 2)))
def test_thickness_grows_and_never_jumps(image: Float64Array, settings: tuple[float, float]) -> None:
    """A slider that moves by d changes no pixel by more than d."""
    lower, upper = sorted(settings)
    growth = transformed(image, thickness=upper) - transformed(image, thickness=lower)
    assert growth.min() >= -1e-15
    assert growth.max() <= upper - lower + 1e-15


@pytest.mark.parametrize("blur", [0.3, 1.0, 2.0])
def test_blur_is_a_gaussian_mean_of_the_neighborhood(blur: float) -> None:
    """By loops over pixels, out to four standard deviations; black outside."""
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
def test_a_tiny_blur_changes_nothing_to_see(blur: float) -> None:
    np.testing.assert_allclose(transformed(NOISE, blur=blur), NOISE, atol=1e-13)


def test_settings_follow_one_another() -> None:
    image = disk(15, 15, 6, 8, 3)
    one_by_one = image
    for setting in ({"thickness": 0.5}, {"rotation": 20}, {"shift": (1, -2)}, {"blur": 0.8}):
        one_by_one = transformed(one_by_one, **setting)
    together = transformed(image, blur=0.8, shift=(1, -2), rotation=20, thickness=0.5)
    np.testing.assert_array_equal(together, one_by_one)
