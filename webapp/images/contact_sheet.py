"""Contact sheets: many captioned images in one PNG."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Glyph = tuple[tuple[tuple[int, int], ...], ...]
Line = Sequence[str | Glyph]

# Indices into the palette of a contact sheet: gray levels from black to WHITE, then the colors for correct and for
# incorrect predictions.
WHITE, CORRECT, INCORRECT = 253, 254, 255
SHEET_COLORS = [*(round(level * 255 / WHITE) for level in range(WHITE + 1) for _ in range(3))]
SHEET_COLORS += [0x1B, 0x7A, 0x3D, 0xC0, 0x2A, 0x37]
TILE_SIZE = 84  # largest width and height of an image in pixels
SPACE = 8
FONT_SIZE = 13
LINE_HEIGHT = 17
GLYPH_SIZE = 10
# Glyphs that the font lacks, as lines between points in a square of GLYPH_SIZE.
ARROW = (((0, 5), (10, 5)), ((6, 1), (10, 5), (6, 9)))
TICK = (((0, 6), (4, 10), (10, 1)),)
CROSS = (((1, 1), (9, 9)), ((1, 9), (9, 1)))


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of an image: the true class, the predicted class, and the text of the confidence."""

    true: str
    predicted: str
    confidence: str

    @property
    def is_correct(self) -> bool:
        """True if the predicted class is the true class."""
        return self.true == self.predicted

    @property
    def verdict(self) -> Line:
        """The mark (✓ or ✗) and the confidence."""
        return [TICK if self.is_correct else CROSS, self.confidence]


def draw_contact_sheet(
    levels: NDArray[np.uint8], shape: tuple[int, int], captions: Sequence[Caption], heading: str
) -> bytes:
    """Return a PNG that shows images (n_images, n_features) in rows, each with its caption.

    Levels go from 0 (black) to 255 (white). Each image is enlarged by the largest whole factor that fits TILE_SIZE, so
    that every pixel is a square.
    """
    sheet = _ContactSheet(captions, shape, heading)
    factor = max(1, TILE_SIZE // max(shape))
    for position, image in enumerate(levels.reshape(-1, *shape)):
        sheet.draw_tile(position, image.repeat(factor, axis=0).repeat(factor, axis=1))
    return sheet.to_png()


class _ContactSheet:
    """A sheet with space for all images. Each pixel is one byte, an index into the palette.

    Text is black on white, because the antialiasing of its edges needs gray levels.
    """

    def __init__(self, captions: Sequence[Caption], shape: tuple[int, int], heading: str) -> None:
        self._font = ImageFont.load_default(FONT_SIZE)
        factor = max(1, TILE_SIZE // max(shape))
        self._height, self._width = shape[0] * factor, shape[1] * factor
        self._captions = captions
        one_line: list[Line] = [[caption.true, ARROW, caption.predicted] for caption in captions]
        self._is_short = max(map(self._length, one_line), default=0) <= self._width
        lines = [line for caption in captions for line in self._lines(caption)]
        self._cell_width = max([self._width, *(math.ceil(self._length(line)) for line in lines)]) + SPACE
        self._cell_height = self._height + (2 if self._is_short else 3) * LINE_HEIGHT + 2 * SPACE
        self._columns = min(20, max(1, math.ceil(math.sqrt(len(captions)))))
        n_rows = math.ceil(len(captions) / self._columns)
        width = max(self._columns * self._cell_width, math.ceil(self._font.getlength(heading)) + SPACE) + SPACE
        height = LINE_HEIGHT + 2 * SPACE + n_rows * self._cell_height
        self._sheet = Image.new("L", (width, height), WHITE)
        self._draw = ImageDraw.Draw(self._sheet)
        self._write(SPACE, SPACE, [heading])

    def draw_tile(self, position: int, tile: NDArray[np.uint8]) -> None:
        """Draw an image at this position. Below the image, draw a colored line and the caption."""
        row, column = divmod(position, self._columns)
        x, y = SPACE + column * self._cell_width, LINE_HEIGHT + 2 * SPACE + row * self._cell_height
        self._sheet.paste(Image.fromarray(np.round(tile * (WHITE / 255)).astype(np.uint8)), (x, y))
        caption = self._captions[position]
        color = CORRECT if caption.is_correct else INCORRECT
        y += self._height
        self._draw.rectangle((x, y, x + self._width - 1, y + 2), fill=color)
        for number, line in enumerate(self._lines(caption)):
            self._write(x, y + SPACE // 2 + number * LINE_HEIGHT, line, color)

    def to_png(self) -> bytes:
        self._sheet.putpalette(SHEET_COLORS)
        buffer = io.BytesIO()
        self._sheet.save(buffer, "PNG")
        return buffer.getvalue()

    def _lines(self, caption: Caption) -> list[Line]:
        if self._is_short:
            return [[caption.true, ARROW, caption.predicted], caption.verdict]
        return [[caption.true], [ARROW, caption.predicted], caption.verdict]

    def _length(self, line: Line) -> float:
        return sum(self._part_length(part) for part in line) + 4 * (len(line) - 1)

    def _part_length(self, part: str | Glyph) -> float:
        return self._font.getlength(part) if isinstance(part, str) else GLYPH_SIZE

    def _write(self, x: float, y: float, line: Line, color: int = 0) -> None:
        for part in line:
            if isinstance(part, str):
                self._draw.text((x, y), part, 0, self._font)
            else:
                ink = 0 if part is ARROW else color
                for points in part:
                    self._draw.line([(x + across, y + 3 + down) for across, down in points], ink, 2)
            x += self._part_length(part) + 4
