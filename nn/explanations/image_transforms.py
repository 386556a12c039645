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
"""Steps along rows and columns from a pixel to itself and its eight neighbors, in the order of `shifted`."""


def shifted(pixels: NDArray[Pixels], reach: int = 4) -> NDArray[Pixels]:
    """Return an image (height, width) at every shift of up to `reach` pixels, ((2 · reach + 1)², height, width).

    Shifts are ordered by rows, from −reach (up) to +reach (down), and within a row from left to right. Pixels that
    enter at an edge are black, 0.
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
    """Return an image (height, width) of 0 (black) to 1 after thickness, rotation, shift and blur, in this order.

    `shift` is in pixels (down, right). `rotation` is in degrees, clockwise about the center, by cubic splines, which
    blur a stroke half as much as linear interpolation. `thickness` is from −2 to 2. `blur` is the standard deviation of
    a Gaussian, in pixels. Everything outside the image is black. A value of 0 changes nothing.
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
    """Return the grey dilation, or the erosion if `thickness` is negative.

    At ±1 each pixel becomes the maximum (minimum) of itself and its four neighbors; at ±2, of these and the diagonal
    neighbors. Other values interpolate linearly. Two erosions with four neighbors would erase half of MNIST.
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
