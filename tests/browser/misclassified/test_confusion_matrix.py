"""Keyboard control and marks of the confusion matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.support.misclassified_page import MisclassifiedPage


def matrix_button(page: MisclassifiedPage, row: int, column: int) -> Locator:
    """Return the button at this position; row 0 and column 0 are headers."""
    return page.page.locator(f'#matrix button[data-row="{row}"][data-column="{column}"]')


def test_arrow_keys_move_the_focus_and_the_only_tab_stop(finished_page: MisclassifiedPage) -> None:
    finished_page.open()
    tab_stop = finished_page.page.locator('#matrix button[tabindex="0"]')
    matrix_button(finished_page, 1, 1).focus()
    moves = [
        ("ArrowDown", (2, 1)),
        ("ArrowRight", (2, 2)),
        ("End", (2, 10)),
        ("Home", (2, 0)),
        ("Control+ArrowDown", (10, 0)),
        ("ArrowRight", (10, 1)),
        ("Control+ArrowUp", (0, 1)),
        ("ArrowLeft", (0, 1)),
    ]
    for key, (row, column) in moves:
        finished_page.page.keyboard.press(key)
        expect(matrix_button(finished_page, row, column)).to_be_focused()
        expect(tab_stop).to_have_count(1)
        assert tab_stop.get_attribute("data-row") == str(row)
        headers = [str(index - 1) for index in (column, row) if index]
        expect(finished_page.page.locator("#matrix .matrix-lit")).to_have_text(headers)


def test_enter_and_space_select_a_cell_and_a_header(finished_page: MisclassifiedPage) -> None:
    finished_page.open()
    cell = matrix_button(finished_page, 3, 1)
    cell.press("Enter")
    expect(finished_page.page).to_have_url(re.compile("true=2&predicted=0"))
    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(cell).to_be_focused()
    cell.press("Home")
    header = matrix_button(finished_page, 3, 0)
    header.press("Space")
    expect(finished_page.page).to_have_url(re.compile(r"\?true=2$"))
    expect(header).to_have_attribute("aria-pressed", "true")
    expect(cell).to_have_attribute("aria-pressed", "false")
    header.press("Enter")
    expect(finished_page.page).not_to_have_url(re.compile("true="))


def test_arrow_keys_choose_the_values_of_the_matrix(finished_page: MisclassifiedPage) -> None:
    finished_page.open()
    values = finished_page.page.get_by_role("group", name="Values in the matrix")
    values.get_by_role("radio", name="Counts").focus()
    finished_page.page.keyboard.press("ArrowRight")
    expect(values.get_by_role("radio", name="% of row")).to_be_checked()
    expect(finished_page.page).to_have_url(re.compile("matrix=shares"))
    expect(finished_page.detail).to_be_hidden()


@pytest.fixture
def forced_colors_page(finished_page: MisclassifiedPage) -> Iterator[MisclassifiedPage]:
    """Yield the page in forced colors; later tests use the same browser window without them."""
    finished_page.page.emulate_media(forced_colors="active")
    yield finished_page
    finished_page.page.emulate_media(forced_colors="none")


def test_selection_is_visible_in_forced_colors(forced_colors_page: MisclassifiedPage) -> None:
    forced_colors_page.open(true=2, predicted=0)
    widths = [
        cell.evaluate("cell => getComputedStyle(cell).borderTopWidth")
        for cell in (forced_colors_page.matrix_cell(2, 0), forced_colors_page.matrix_cell(2, 1))
    ]
    assert widths == ["2px", "1px"]
