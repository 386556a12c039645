"""The images of one split, as PNG files and as gray levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn.datasets import Split
from webapp.images.png import draw_image, grey_levels


@dataclass(frozen=True, slots=True, eq=False)
class ImageSplit:
    """The training or test images of a data set; `version` changes if the images or labels change."""

    split: Split
    shape: tuple[int, int]
    pixel_max: int
    version: str

    def __len__(self) -> int:
        return len(self.split)

    def png(self, index: int) -> bytes:
        """Return one image as an 8-bit gray PNG in its original size."""
        return draw_image(self.split.take(np.array([index]))[0], self.shape, self.pixel_max)

    def gray_levels(self, indices: Sequence[int]) -> bytes:
        """Return one byte for each pixel of the images at `indices`, from 0 (black) to 255 (white), image by image."""
        return grey_levels(self.split.take(np.array(indices, np.intp)), self.pixel_max).tobytes()
