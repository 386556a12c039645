"""Section "Inside the network" of the run page: strips, explanations, keyboard, address, charts, and live updates."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Faults
from tests.browser.support.accessibility import (
    assert_accessible,
    assert_accessible_in_forced_colors,
    assert_no_wider_than_screen,
    assert_targets_large_enough,
)
from tests.browser.support.charts import chart, expect_lines, y_values
from tests.browser.support.interception import Interceptor
from tests.browser.support.table_runs import XOR
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

EPOCHS = 12
LAYERS = 7  # of the preset, with the output layer
TRACKS = "#inside .strip-track"
HIDDEN_LAYERS = {f"Hidden {number}" for number in range(1, LAYERS)}


@pytest.fixture(scope="module")
def deep_run(shared_server: ServerProcess) -> dict[str, Any]:
    run = shared_server.create_run(name="Deep", preset="deep_sigmoid", epochs=EPOCHS)
    ended: dict[str, Any] = shared_server.wait_for_run(run["id"], "finished")
    return ended


def open_run(page: Page, server: ServerProcess, run: dict[str, Any], query: str = "") -> Locator:
    """Open the page of a run, and return its tracks when they are drawn."""
    page.goto(f"{server.base_url}/runs/{run['id']}{query}")
    tracks = page.locator(TRACKS)
    expect(tracks.first).to_be_visible()
    return tracks


def part(page: Page, name: str) -> Locator:
    return page.locator(f'#inside [data-part="{name}"]')


def quantity(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="Quantity").get_by_text(name)


def shown_norm(page: Page) -> float:
    """Return the gradient norm beside the strip of the first layer, which has two digits."""
    return float(page.locator("#inside .strip-value").first.inner_text().strip("▼ "))


def stored_norm(server: ServerProcess, run: dict[str, Any], epoch: int) -> float:
    """Return the last stored gradient norm of the first layer up to `epoch`."""
    items = server.get(f"/api/runs/{run['id']}/telemetry")["items"]
    norm: float = [item["layers"][0]["gradient_norm"] for item in items if 1 <= item["epoch"] <= epoch][-1]
    return norm


def test_strips_show_the_vanishing_gradient(page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]) -> None:
    tracks = open_run(page, shared_server, deep_run)
    expect(tracks).to_have_count(LAYERS)
    expect(page.locator("#inside .strip-name").first).to_have_text("Hidden 1 (32 sigmoid)")
    expect(part(page, "first-cost")).to_have_text(
        re.compile(r"Cost before the first step: \d\.\d\d; expected 2\.30 = ln 10\.")
    )
    expect(part(page, "summary")).to_contain_text("too small in Hidden 1")
    value = page.locator("#inside .strip-value").first
    expect(value).to_have_attribute("data-side", "low")
    assert shown_norm(page) == pytest.approx(stored_norm(shared_server, deep_run, EPOCHS), rel=0.06)

    # The colors of the strip are those of the healthy and the vanishing gradient: the first and the last layer differ.
    first, last = (tracks.nth(index).locator("canvas").screenshot() for index in (0, LAYERS - 1))
    assert first != last


def test_click_explains_the_number_and_chooses_the_epoch(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]
) -> None:
    tracks = open_run(page, shared_server, deep_run)
    box = tracks.first.bounding_box()
    assert box is not None
    tracks.first.click(position={"x": box["width"] * 4.5 / EPOCHS, "y": box["height"] / 2})
    expect(page).to_have_url(re.compile(r"\?epoch=5&layer=1$"))
    explanation = part(page, "explanation")
    expect(explanation).to_contain_text("the gradient of hidden layer 1 had a norm of")
    expect(explanation).to_contain_text("times smaller than that of the output layer: the layer hardly learns.")
    expect(page.locator("#inside .strip-marker")).to_have_count(LAYERS)
    expect(tracks.first).to_have_attribute("aria-valuenow", "5")

    # The address restores the same view, and the back button undoes the selection.
    text = explanation.inner_text()
    page.reload()
    expect(explanation).to_have_text(text)
    page.go_back()
    expect(explanation).to_have_count(0)
    expect(page.locator("#inside .strip-marker")).to_have_count(0)


def test_address_selects_quantity_layer_and_epoch(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]
) -> None:
    tracks = open_run(page, shared_server, deep_run, "?epoch=2&quantity=saturated&layer=3")
    expect(tracks).to_have_count(LAYERS - 1)  # saturated outputs are confident predictions
    expect(part(page, "explanation")).to_contain_text("In epoch 2,")
    expect(part(page, "explanation")).to_contain_text("hidden layer 3")
    quantity(page, "Update ratio").click()
    expect(page).to_have_url(re.compile(r"\?epoch=2&quantity=update&layer=3$"))
    expect(part(page, "explanation")).to_contain_text("changed the weights of hidden layer 3 by")
    # An epoch, a layer and a quantity that do not exist select the last epoch, no layer and the first quantity.
    open_run(page, shared_server, deep_run, "?epoch=99&quantity=dead&layer=99")
    expect(part(page, "summary")).to_contain_text(f"After epoch {EPOCHS}: ")
    expect(part(page, "explanation")).to_have_count(0)


def test_arrow_keys_move_between_epochs_and_layers(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]
) -> None:
    tracks = open_run(page, shared_server, deep_run)
    expect(page.locator(f'{TRACKS}[tabindex="0"]')).to_have_count(1)
    tracks.first.focus()
    for key in ("Home", "ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(tracks.nth(2)).to_be_focused()
    expect(page.locator(f'{TRACKS}[tabindex="0"]')).to_have_count(1)
    expect(tracks.nth(2)).to_have_attribute("tabindex", "0")
    expect(tracks.nth(2)).to_have_attribute("aria-valuetext", re.compile(r"^epoch 2: [\d.e-]+, "))
    expect(page).to_have_url(re.compile(r"\?epoch=2&layer=3$"))
    expect(part(page, "explanation")).to_contain_text("In epoch 2, the gradient of hidden layer 3")
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile(rf"\?epoch={EPOCHS}&layer=3$"))


def test_pointer_shows_the_values_of_an_epoch(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]
) -> None:
    tracks = open_run(page, shared_server, deep_run)
    box = tracks.nth(3).bounding_box()
    assert box is not None
    tracks.nth(3).hover(position={"x": 2, "y": box["height"] / 2})
    expect(page.locator("#inside .strip-axis")).to_contain_text("epoch 1")
    assert shown_norm(page) == pytest.approx(stored_norm(shared_server, deep_run, 1), rel=0.06)


def test_an_ill_run_opens_the_first_quantity_outside_its_range(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.create_run(preset="too_hot")
    shared_server.wait_for_run(run["id"], "diverged")
    wait_until(lambda: (shared_server.get(f"/api/runs/{run['id']}")["diagnosis"] or {}).get("status") == "ill")
    open_run(page, shared_server, run)
    expect(part(page, "summary")).to_contain_text("too large in Output")
    quantity(page, "Gradient").click()
    expect(page).to_have_url(re.compile(r"\?quantity=gradient$"))
    expect(part(page, "summary")).to_contain_text("the network has no other layer to compare with")


def test_charts_are_drawn_on_request(page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]) -> None:
    open_run(page, shared_server, deep_run)
    expect(page.locator("#inside .chart")).to_have_count(0)
    page.get_by_role("button", name="Show as charts").click()
    expect(page).to_have_url(re.compile(r"\?inside=charts$"))
    expect_lines(page, "Gradient norm", HIDDEN_LAYERS | {"Output"})
    expect_lines(page, "Saturated activations", HIDDEN_LAYERS)
    # The labels of the epochs do not overlap, also if fewer epochs were measured than labels fit.
    assert chart(page, "Saturated activations").locator(".xtick").count() < EPOCHS
    items = shared_server.get(f"/api/runs/{deep_run['id']}/telemetry")["items"]
    norms = [item["layers"][0]["gradient_norm"] for item in items if item["step"] is None]
    assert y_values(page, "Gradient norm")["Hidden 1"] == norms
    page.get_by_role("button", name="Hide the charts").click()
    expect(chart(page, "Gradient norm")).to_be_hidden()


def test_relu_network_shows_dead_units(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.create_run(
        hidden_sizes=[16, 16], activation="relu", optimizer="sgd", learning_rate=20, epochs=3
    )
    shared_server.wait_for_run(run["id"])
    tracks = open_run(page, shared_server, run, "?quantity=dead&layer=2")
    expect(tracks).to_have_count(2)
    expect(quantity(page, "Saturated units")).to_have_count(0)
    expect(part(page, "explanation")).to_contain_text("hidden layer 2")
    expect(part(page, "explanation")).to_contain_text(re.compile("dead|active"))


def test_strips_grow_while_the_run_trains(page: Page, shared_server: ServerProcess, endless: Any) -> None:
    tracks = open_run(page, shared_server, endless)
    expect(tracks.first).to_have_attribute("aria-valuenow", re.compile(r"^\d{2,}$"))  # ten epochs or more
    shared_server.request("POST", f"/api/runs/{endless['id']}/stop")
    ended = shared_server.wait_for_run(endless["id"], "stopped")
    expect(tracks.first).to_have_attribute("aria-valuemax", str(ended["epochs_completed"]))
    norm = stored_norm(shared_server, ended, ended["epochs_completed"])
    wait_until(lambda: shown_norm(page) == pytest.approx(norm, rel=0.06), what="the last measurement")


def test_epoch_of_a_table_run_moves_with_its_slider(page: Page, shared_server: ServerProcess) -> None:
    run = shared_server.wait_for_run(shared_server.create_run(name="Gate", **XOR)["id"], "finished")
    tracks = open_run(page, shared_server, run)
    tracks.first.focus()
    page.keyboard.press("Home")
    expect(page.locator("#outputs")).to_contain_text("after epoch 1")
    page.locator("#outputs").get_by_role("button", name="Next epoch").click()
    expect(tracks.first).to_have_attribute("aria-valuenow", "2")


def test_run_of_an_earlier_version_has_no_strips(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any], interceptor: Interceptor
) -> None:
    none = json.dumps({"items": [], "total": 0})
    interceptor.pass_first("*/api/runs/*/telemetry*", [lambda request: request.respond(none)])
    page.goto(f"{shared_server.base_url}/runs/{deep_run['id']}")
    inside = page.locator("#inside")
    expect(inside).to_contain_text("This run has no measurements inside the network")
    expect(page.locator(TRACKS)).to_have_count(0)
    assert "/?" in str(inside.get_by_role("link", name="Train it again").get_attribute("href"))


def test_unreadable_measurements_are_reported(
    page: Page, shared_server: ServerProcess, deep_run: dict[str, Any], interceptor: Interceptor, faults: Faults
) -> None:
    faults.allow("telemetry")
    error = json.dumps({"error": {"code": "not_found", "message": "The telemetry cannot be read."}})
    interceptor.pass_first("*/api/runs/*/telemetry*", [lambda request: request.respond(error, status=404)])
    page.goto(f"{shared_server.base_url}/runs/{deep_run['id']}")
    inside = page.locator("#inside")
    expect(inside.get_by_role("alert")).to_contain_text("The telemetry cannot be read.")
    inside.get_by_role("button", name="Try again").click()
    expect(page.locator(TRACKS)).to_have_count(LAYERS)


def test_terms_are_in_the_glossary(page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]) -> None:
    open_run(page, shared_server, deep_run)
    anchors = set()
    for name in ("Gradient", "Update ratio", "Saturated units"):
        quantity(page, name).click()
        link = page.locator("#inside").get_by_role("link", name="in the glossary")
        anchors.add(urlsplit(str(link.get_attribute("href"))).fragment)
    glossary = shared_server.request_text("/glossary")
    assert anchors == {"gradient-norm", "update-ratio", "saturation"}
    assert {anchor for anchor in anchors if f'id="{anchor}"' not in glossary} == set()


def test_section_is_accessible(page: Page, shared_server: ServerProcess, deep_run: dict[str, Any]) -> None:
    for width in (400, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        open_run(page, shared_server, deep_run, "?layer=1&epoch=2&inside=charts")
        expect_lines(page, "Gradient norm", HIDDEN_LAYERS | {"Output"})
        assert_accessible(page, f"inside the network, {width} px", part="#inside")
        assert_no_wider_than_screen(page, f"inside the network, {width} px")
        assert_targets_large_enough(page, f"inside the network, {width} px")
    assert_accessible_in_forced_colors(page, "inside the network")
