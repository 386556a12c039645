"""PNG files of images and weights."""

from __future__ import annotations

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Colors of negative values, zero and positive values.
NEGATIVE = (0xF5, 0x93, 0x22)
ZERO = (0xE8, 0xEA, 0xEB)
POSITIVE = (0x08, 0x77, 0xBD)
NOT_FINITE = (0x40, 0x40, 0x40)


def draw_image(pixels: NDArray[np.uint8], shape: tuple[int, int], pixel_max: int) -> bytes:
    """Return an 8-bit gray PNG of one image (n_features,) in its original size; `pixel_max` becomes white."""
    return _png(grey_levels(pixels, pixel_max).reshape(shape))


def grey_levels(pixels: NDArray[np.uint8], pixel_max: int) -> NDArray[np.uint8]:
    """Scale pixels of any shape to 0…255; `pixel_max` becomes 255."""
    return np.round(pixels * (255 / pixel_max)).clip(0, 255).astype(np.uint8)


def draw_weights(weights: NDArray[np.floating], shape: tuple[int, int], unit: int | None = None) -> bytes:
    """Return a PNG of the weights of `unit`, or a nearly square grid of the weights of all units.

    `weights` is (n_features, n_units). All units share one color scale. Non-finite weights are dark gray.
    """
    height, width = shape
    colors = _diverging(weights).swapaxes(0, 1).reshape(-1, height, width, 3)
    if unit is not None:
        return _png(colors[unit])
    n_units = len(colors)
    columns = math.ceil(math.sqrt(n_units))
    rows = math.ceil(n_units / columns)
    # A transparent line separates the images.
    sheet = np.zeros((rows * columns, height + 1, width + 1, 4), dtype=np.uint8)
    sheet[:n_units, :height, :width, :3] = colors
    sheet[:n_units, :height, :width, 3] = 255
    grid = sheet.reshape(rows, columns, height + 1, width + 1, 4).swapaxes(1, 2)
    return _png(grid.reshape(rows * (height + 1), columns * (width + 1), 4)[:-1, :-1])


def _diverging(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Return the colors (…, 3) of `values`.

    The color changes linearly from ZERO at 0 to NEGATIVE or POSITIVE at the largest magnitude.
    """
    finite = np.isfinite(values)
    finite_values = np.where(finite, values, 0).astype(np.float64)
    scaled = (finite_values / (np.abs(finite_values).max(initial=0) or 1))[..., np.newaxis]
    zero = np.array(ZERO, dtype=np.float64)
    end = np.where(scaled < 0, np.array(NEGATIVE), np.array(POSITIVE))
    colors = np.round(zero + np.abs(scaled) * (end - zero)).astype(np.uint8)
    colors[~finite] = NOT_FINITE
    return colors


def _png(pixels: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "PNG")
    return buffer.getvalue()
