"""PNG files of images, weights and contact sheets."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from webapp.images.contact_sheet import Caption, draw_contact_sheet
from webapp.images.png import NEGATIVE, NOT_FINITE, POSITIVE, ZERO, draw_image, draw_weights

CORRECT, INCORRECT, WHITE = (0x1B, 0x7A, 0x3D), (0xC0, 0x2A, 0x37), (255, 255, 255)


def decode_png(png: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(png)))


def test_pixels_are_scaled_to_the_full_range() -> None:
    pixels = np.array([0, 1, 8, 16], dtype=np.uint8)
    assert decode_png(draw_image(pixels, (2, 2), 16)).tolist() == [[0, 16], [128, 255]]


def test_weights_are_orange_if_negative_gray_at_zero_and_blue_if_positive() -> None:
    weights = np.array([[-2.0], [0.0], [2.0], [1.0]])
    (first, second), (third, fourth) = decode_png(draw_weights(weights, (2, 2))).tolist()
    assert (tuple(first[:3]), tuple(second[:3]), tuple(third[:3])) == (NEGATIVE, ZERO, POSITIVE)
    halfway = [(zero + end) / 2 for zero, end in zip(ZERO, POSITIVE, strict=True)]
    assert np.allclose(fourth[:3], halfway, atol=0.5)


def test_units_share_one_scale_and_form_a_grid() -> None:
    weights = np.array([[1.0, 10.0, -10.0, 0.0, 5.0]])
    sheet = decode_png(draw_weights(weights, (1, 1)))
    assert sheet.shape == (3, 5, 4)  # 3 columns and 2 rows of one pixel, with a line between them
    assert tuple(sheet[0, 2, :3]) == POSITIVE
    assert tuple(sheet[0, 4, :3]) == NEGATIVE
    assert tuple(sheet[2, 0, :3]) == ZERO
    assert sheet[1, :, 3].tolist() == [0] * 5  # the line between the rows
    assert sheet[2, 4, 3] == 0  # there is no sixth unit
    faint = decode_png(draw_weights(weights, (1, 1), unit=0))[0, 0]
    assert np.array_equal(faint, sheet[0, 0, :3])
    assert np.abs(faint.astype(int) - ZERO).max() < 30


def test_non_finite_weights_have_their_own_color() -> None:
    weights = np.array([[np.nan], [np.inf], [1.0], [0.0]], dtype=np.float32)
    (first, second), (third, fourth) = decode_png(draw_weights(weights, (2, 2))).tolist()
    assert (tuple(first[:3]), tuple(second[:3])) == (NOT_FINITE, NOT_FINITE)
    assert (tuple(third[:3]), tuple(fourth[:3])) == (POSITIVE, ZERO)
    all_nan = decode_png(draw_weights(np.full_like(weights, np.nan), (2, 2)))
    assert (all_nan[..., :3] == NOT_FINITE).all()


def test_zero_weights_are_gray() -> None:
    assert tuple(decode_png(draw_weights(np.zeros((1, 1)), (1, 1)))[0, 0, :3]) == ZERO


def read_sheet(levels: list[list[int]], shape: tuple[int, int], captions: list[Caption]) -> NDArray[np.uint8]:
    """Return the colors of a contact sheet (height, width, 3)."""
    png = draw_contact_sheet(np.array(levels, np.uint8).reshape(len(captions), -1), shape, captions, "Some images")
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def has_color(sheet: NDArray[np.uint8], color: tuple[int, int, int]) -> bool:
    return bool((sheet == color).all(axis=-1).any())


def test_every_pixel_of_a_tile_is_a_square() -> None:
    sheet = read_sheet([[0, 85, 170, 255]], (2, 2), [Caption("4", "9", "50.00%")])
    rows, columns = np.nonzero((sheet == (0, 0, 0)).all(axis=-1))
    block = sheet[33 : 33 + 84, 8 : 8 + 84]  # each pixel is a square of 42 × 42
    assert (rows >= 33).any()
    assert columns.min() >= 8
    for (y, x), level in zip([(0, 0), (0, 42), (42, 0), (42, 42)], [0, 85, 170, 255], strict=True):
        square = block[y : y + 42, x : x + 42].astype(int)
        assert np.ptp(square) == 0
        assert abs(square - level).max() <= 1


def test_correct_and_incorrect_predictions_differ_in_color_and_mark() -> None:
    correct = read_sheet([[0]], (1, 1), [Caption("4", "4", "50.00%")])
    incorrect = read_sheet([[0]], (1, 1), [Caption("4", "9", "50.00%")])
    assert (has_color(correct, CORRECT), has_color(correct, INCORRECT)) == (True, False)
    assert (has_color(incorrect, CORRECT), has_color(incorrect, INCORRECT)) == (False, True)
    pairs = ((correct, CORRECT), (incorrect, INCORRECT))
    tick, cross = ((sheet == color).all(axis=-1)[33 + 84 + 3 :] for sheet, color in pairs)
    assert tick.any()
    assert cross.any()
    assert not np.array_equal(tick, cross)


def test_captions_differ_and_do_not_overlap() -> None:
    names = ["4", "9"], ["T-shirt/top", "Ankle boot"]
    for true, predicted in names:
        captions = [Caption(true, predicted, "50.00%"), Caption(predicted, true, "not finite")]
        sheet = read_sheet([[255], [255]], (1, 1), captions)
        ink = (sheet[33 + 84 :] != WHITE).any(axis=(0, 2))
        edges = np.flatnonzero(np.diff(ink.astype(int)) == 1)
        assert edges.size >= 1
        half = sheet.shape[1] // 2
        assert not np.array_equal(sheet[33:, :half], sheet[33:, half : 2 * half])
        assert (sheet[:, -8:] == WHITE).all()  # nothing is cut off


def test_images_form_rows_of_twenty() -> None:
    captions = [Caption("4", "9", "50.00%")] * 1000
    sheet = read_sheet([[0]] * 1000, (1, 1), captions)
    columns = (sheet[33] == (0, 0, 0)).all(axis=-1)
    assert np.count_nonzero(np.diff(columns.astype(int)) == 1) == 20
    last = sheet[-(84 + 2 * 17 + 16) :]
    assert has_color(last, INCORRECT)
    assert np.array_equal(last[:84, 8:92], sheet[33 : 33 + 84, 8:92])


def test_a_sheet_without_images_has_its_heading() -> None:
    sheet = np.asarray(Image.open(io.BytesIO(draw_contact_sheet(np.empty((0, 4), np.uint8), (2, 2), [], "Nothing"))))
    assert sheet.shape[0] < 50
    assert np.ptp(sheet) > 0
