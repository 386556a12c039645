"""Keyboard shortcuts for annotations and guesses on the misclassified page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Faults
from tests.browser.support.annotation_test_page import clear_annotations
from tests.browser.support.interception import Interceptor, PausedRequest
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def another_run(shared_server: ServerProcess) -> dict[str, Any]:
    """Return a second run on the data set of `finished_run`."""
    run = shared_server.create_run(name="Another", epochs=1)
    ended: dict[str, Any] = shared_server.wait_for_run(run["id"], "finished")
    return ended


@pytest.fixture
def tiles(page: Page, shared_server: ServerProcess, finished_run: dict[str, Any]) -> Iterator[Locator]:
    """Yield the tiles of the misclassified page after all annotations and guesses are deleted."""
    clear_annotations(shared_server, finished_run)
    page.goto(f"{shared_server.base_url}/runs/{finished_run['id']}/misclassified")
    tiles = page.locator("#tiles .tile")
    expect(tiles.first).to_be_visible()
    yield tiles
    clear_annotations(shared_server, finished_run)


def test_keys_flag_label_and_undo_in_all_runs(
    page: Page, tiles: Locator, shared_server: ServerProcess, another_run: dict[str, Any]
) -> None:
    first = tiles.first
    index = int(first.get_attribute("data-index") or "")
    first.focus()
    page.keyboard.press("f")
    expect(first.locator(".tile-flag")).to_be_visible()
    page.keyboard.press("7")
    expect(first).to_have_accessible_name(re.compile("flagged, labeled 7 by a person"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Flag", exact=True)).to_have_attribute("aria-pressed", "true")
    annotation = {"flagged": True, "label": 7, "note": ""}
    wait_until(
        lambda: shared_server.get(f"/api/runs/{another_run['id']}/predictions/{index}")["annotation"] == annotation,
        what="the annotation is stored",
    )

    page.get_by_label("Note").press("u")
    expect(page.get_by_label("Note")).to_have_value("u")
    page.get_by_label("Note").fill("")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Note")).not_to_be_focused()
    expect(page.locator("#detail")).to_be_visible()
    page.keyboard.press("Escape")
    expect(first).to_be_focused()
    page.keyboard.press("u")
    page.keyboard.press("u")
    expect(first.locator(".tile-flag")).to_be_hidden()
    address = f"/api/datasets/{another_run['hyperparameters']['dataset']}/test/annotations"
    wait_until(lambda: shared_server.get(address)["total"] == 0, what="no annotation is stored")


def test_annotation_that_is_not_saved_is_reported_on_the_page(
    page: Page, tiles: Locator, faults: Faults, interceptor: Interceptor
) -> None:
    faults.allow("ERR_FAILED")
    interceptor.pass_all("*/test/annotations", PausedRequest.abort)
    tiles.first.focus()
    page.keyboard.press("f")
    expect(page.get_by_role("alert")).to_contain_text("does not respond")
    expect(tiles.first.locator(".tile-flag")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_guess_mode_by_keyboard(page: Page, tiles: Locator) -> None:
    page.get_by_role("button", name="Guess mode").press("Enter")
    detail, result = page.locator("#detail"), page.get_by_role("status", name="Result")
    expect(detail).to_be_visible()
    expect(page.locator("#annotation")).to_be_hidden()
    expect(detail.locator(".outputs")).to_be_hidden()
    expect(tiles.first).to_have_accessible_name(re.compile("guess its class"))
    page.keyboard.press("3")
    expect(result).to_contain_text("True class: ")
    expect(page.locator("#annotation")).to_be_visible()
    expect(tiles.first).not_to_have_accessible_name(re.compile("guess its class"))
    page.keyboard.press("Enter")
    expect(result).to_have_text("")
    page.keyboard.press("5")
    expect(result).to_contain_text("True class: ")
    page.keyboard.press("ArrowRight")
    expect(result).to_have_text("")
    expect(page.get_by_role("status", name="Score")).to_contain_text("of 2, network")
