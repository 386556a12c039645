"""Edits that a person makes to an image."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nn.array_types import Float64Array
from nn.explanations.image_transforms import transformed
from webapp.errors import InvalidError

REACH = 4  # largest shift in pixels, in each direction
LARGEST_ROTATION = 45.0  # degrees
LARGEST_THICKNESS = 2.0
LARGEST_BLUR = 2.0  # pixels


@dataclass(frozen=True, slots=True, eq=False)
class ImageEdit:
    """An edit of an image. It first replaces the pixels, and then transforms the image.

    `pixels` is uint8 (n_features,), or None to keep the pixels of the image. `shift` is (down, right) in pixels,
    `rotation` is in degrees, and `blur` is a standard deviation in pixels.
    """

    pixels: NDArray[np.uint8] | None = None
    shift: tuple[int, int] = (0, 0)
    rotation: float = 0.0
    thickness: float = 0.0
    blur: float = 0.0

    @classmethod
    def parse(cls, given: Mapping[str, object], shape: tuple[int, int]) -> Self:
        """Parse the members of a JSON object; `null` counts as omitted.

        Raises InvalidError, which names invalid members.
        """
        problems: dict[str, str] = {}
        chosen: dict[str, object] = {}
        for name, parse in _PARSERS.items():
            if given.get(name) is not None:
                try:
                    chosen[name] = parse(given[name], shape)
                except ValueError as error:
                    problems[name] = str(error)
        if problems:
            raise InvalidError(problems)
        return cls(**chosen)  # type: ignore[arg-type]

    @property
    def is_identity(self) -> bool:
        """True if the edit leaves the image unchanged."""
        return self.pixels is None and not (any(self.shift) or self.rotation or self.thickness or self.blur)

    def apply(self, image: Float64Array) -> Float64Array:
        """Return the edited `image` (height, width), with pixels from 0 (black) to 1 (white)."""
        pixels = image if self.pixels is None else self.pixels.reshape(image.shape) / 255.0
        return transformed(pixels, shift=self.shift, rotation=self.rotation, thickness=self.thickness, blur=self.blur)


def _pixels(value: object, shape: tuple[int, int]) -> NDArray[np.uint8]:
    height, width = shape
    try:
        content = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        content = b""
    if len(content) != height * width:
        raise ValueError(f"must be {height * width} bytes in base64, one for each of {height}×{width} pixels")
    return np.frombuffer(content, np.uint8)


def _shift(value: object, _shape: tuple[int, int]) -> tuple[int, int]:
    if isinstance(value, list) and len(value) == 2 and all(type(part) is int and abs(part) <= REACH for part in value):
        return value[0], value[1]
    raise ValueError(f"must be two whole numbers from −{REACH} to {REACH}: pixels down, and to the right")


def _rotation(value: object, _shape: tuple[int, int]) -> float:
    return _number(value, -LARGEST_ROTATION, LARGEST_ROTATION)


def _thickness(value: object, _shape: tuple[int, int]) -> float:
    return _number(value, -LARGEST_THICKNESS, LARGEST_THICKNESS)


def _blur(value: object, _shape: tuple[int, int]) -> float:
    return _number(value, 0.0, LARGEST_BLUR)


def _number(value: object, lowest: float, highest: float) -> float:
    if type(value) in {int, float} and lowest <= value <= highest:  # type: ignore[operator]  # NaN fails the comparison
        return float(value)  # type: ignore[arg-type]
    raise ValueError(f"must be a number from {lowest:g} to {highest:g}".replace("-", "−"))


_PARSERS = {"pixels": _pixels, "shift": _shift, "rotation": _rotation, "thickness": _thickness, "blur": _blur}
