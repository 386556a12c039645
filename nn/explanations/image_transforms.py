"""Transforms of an image: shift, rotation, stroke thickness, blur."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from nn.array_types import Float64Array

Pixels = TypeVar("Pixels", np.uint8, np.float64)

NEIGHBOR_STEPS = np.array([2, 1, 2, 1, 0, 1, 2, 1, 2])
"""Number of steps along rows and columns from a pixel to each neighbor and to itself, in the order of `shifted`."""


def shifted(pixels: NDArray[Pixels], reach: int = 4) -> NDArray[Pixels]:
    """Return a copy of an image (height, width) for every shift of up to `reach` pixels.

    The result is ((2 · reach + 1)², height, width). Shifts are sorted by their vertical part, from −reach (up) to
    +reach (down), and then by their horizontal part, from left to right. Pixels that enter at an edge are black (0).
    """
    height, width = pixels.shape
    windows = sliding_window_view(np.pad(pixels, reach), (height, width))
    return windows[::-1, ::-1].reshape(-1, height, width)


def transformed(
    pixels: Float64Array,
    *,
    shift: tuple[int, int] = (0, 0),
    rotation: float = 0.0,
    thickness: float = 0.0,
    blur: float = 0.0,
) -> Float64Array:
    """Return an image (height, width) after a change of thickness, a rotation, a shift and a blur, in this order.

    Pixels are in 0…1, from black to white. `shift` is in pixels (down, right). `rotation` is in degrees, clockwise
    about the center. Cubic splines interpolate the rotated image, because they blur a stroke half as much as linear
    interpolation. `thickness` is from −2 (thinner) to 2 (thicker). `blur` is the standard deviation of a Gaussian, in
    pixels. Everything outside the image is black. An argument of 0 changes nothing.
    """
    # Imported here because the import takes 0.2 s and 16 MB, and few users transform an image.
    from scipy import ndimage  # noqa: PLC0415

    found = _thickened(pixels, thickness) if thickness else pixels
    if rotation:
        turned = ndimage.rotate(found, -rotation, reshape=False, order=3, mode="grid-constant")
        found = np.clip(turned, 0.0, 1.0)  # splines overshoot at edges
    if any(shift):
        found = _moved(found, *shift)
    if blur:
        found = ndimage.gaussian_filter(found, blur, mode="constant")
    return np.clip(found, 0.0, 1.0)


def _thickened(pixels: Float64Array, thickness: float) -> Float64Array:
    """Return the gray dilation of an image, or its gray erosion if `thickness` is negative.

    A thickness of 1 replaces each pixel by the maximum of itself and its four neighbors; a thickness of 2 also includes
    the diagonal neighbors. Negative values use the minimum. Fractions interpolate linearly. For a thickness of −2, two
    erosions with four neighbors would be an alternative, but would erase horizontal and vertical strokes that are up to
    four pixels wide.
    """
    neighbors = shifted(pixels, 1)
    extreme = np.max if thickness > 0 else np.min
    lower = math.floor(abs(thickness))
    fraction = abs(thickness) - lower
    thinner, thicker = (extreme(neighbors[steps >= NEIGHBOR_STEPS], axis=0) for steps in (lower, lower + 1))
    return np.asarray((1.0 - fraction) * thinner + fraction * thicker)


def _moved(pixels: Float64Array, down: int, right: int) -> Float64Array:
    reach = max(abs(down), abs(right))
    height, width = pixels.shape
    top, left = reach - down, reach - right
    return np.pad(pixels, reach)[top : top + height, left : left + width]
