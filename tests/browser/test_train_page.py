"""Train page: the form, its presets and errors, and a run from start to end."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.browser.support.charts import column, expect_epochs, y_values
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

STATUS = '#status-strip [data-part="status"]'
LONG_RUN = "learning_rate=0.0001&epochs=10000&hidden_sizes=200+200"  # query string of a run that takes minutes


def open_form(page: Page, server: ServerProcess, query: str = "") -> None:
    page.goto(f"{server.base_url}/?{query}")
    expect(page.locator("#start")).to_be_enabled()


def shown_run_id(page: Page) -> int:
    """Return the id of the run in the address of the page."""
    expect(page).to_have_url(re.compile(r"[?&]run=\d+"))
    return int(re.findall(r"[?&]run=(\d+)", page.url)[0])


def test_one_click_trains_on_the_digits_and_shows_every_epoch(page: Page, shared_server: ServerProcess) -> None:
    page.goto(shared_server.base_url)
    page.get_by_role("button", name="Train on the 8×8 digits").click()
    expect(page.locator(STATUS)).to_have_text("finished")
    run = shared_server.get(f"/api/runs/{shown_run_id(page)}")
    epochs = shared_server.get(f"/api/runs/{run['id']}/epochs")["items"]
    assert run["status"] == "finished"
    assert len(epochs) == run["hyperparameters"]["epochs"]

    for title, metric in (("Cost", "cost"), ("Accuracy", "accuracy")):
        expect_epochs(page, title, len(epochs))
        lines = y_values(page, title)
        assert set(lines) == {"Train", "Validation", "Test"}
        for name, values in lines.items():
            assert values == column(epochs, f"{name.lower()}_{metric}")

    expect(page.locator("#outcome")).to_contain_text(f"Epoch {run['best_epoch']} has the highest validation accuracy")
    misclassified = shared_server.get(f"/api/runs/{run['id']}/misclassified?limit=12")
    expect(page.locator('#worst [data-part="all"]')).to_contain_text(
        f"All {misclassified['total']} misclassified images"
    )
    shown = page.locator("#worst .tile").evaluate_all("tiles => tiles.map(tile => Number(tile.dataset.index))")
    assert shown == [item["index"] for item in misclassified["items"]]


def test_a_double_click_starts_one_run(page: Page, shared_server: ServerProcess) -> None:
    run_count = shared_server.get("/api/runs")["total"]
    page.goto(shared_server.base_url)
    page.get_by_role("button", name="Train on the 8×8 digits").dblclick()
    expect(page.locator(STATUS)).to_have_text("finished")
    assert shared_server.get("/api/runs")["total"] == run_count + 1


@pytest.mark.parametrize(
    ("name", "invalid", "message", "valid"),
    [
        ("batch_size", "5000", "training examples", "64"),
        ("hidden_sizes", "1000000000", "at most", "32"),
    ],
)
def test_value_that_only_the_server_rejects_is_reported_beside_its_field(
    page: Page, shared_server: ServerProcess, faults: Faults, name: str, invalid: str, message: str, valid: str
) -> None:
    faults.allow("422")
    open_form(page, shared_server, "epochs=2")
    run_count = shared_server.get("/api/runs")["total"]
    field = page.locator(f"#field-{name}")
    field.fill(invalid)
    page.locator("#start").click()

    expect(page.locator(f"#field-{name}-error")).to_contain_text(message)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(message))
    expect(page.locator("#form-problems")).to_contain_text("1 value is invalid")
    assert shared_server.get("/api/runs")["total"] == run_count

    field.fill(valid)
    page.locator("#start").click()
    expect(page.locator(f"#field-{name}-error")).to_be_hidden()
    expect(page.locator(STATUS)).to_have_text("finished")
    assert str(shared_server.get(f"/api/runs/{shown_run_id(page)}")["hyperparameters"][name]).strip("[]") == valid


def test_invalid_values_are_reported_beside_their_fields(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server)
    invalid = {"learning_rate": "NaN", "epochs": "1e12", "validation_fraction": "-0.1", "batch_size": "many"}
    for name, text in invalid.items():
        page.locator(f"#field-{name}").fill(text)
    page.locator("#start").click()
    for name in invalid:
        expect(page.locator(f"#field-{name}-error")).to_be_visible()
        expect(page.locator(f"#field-{name}-error")).not_to_be_empty()
    expect(page.locator("#status-strip")).to_be_hidden()


def test_error_summary_links_to_the_fields_also_in_a_closed_group(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, "divergence_factor=0&epochs=0")
    details = page.locator("details", has=page.locator("#field-divergence_factor"))
    details.locator("summary").click()
    expect(page.locator("#field-divergence_factor")).to_be_hidden()
    page.locator("#start").click()
    summary = page.locator("#form-problems")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("2 values are invalid")
    summary.get_by_role("link", name="Divergence threshold").click()
    expect(page.locator("#field-divergence_factor")).to_be_focused()
    expect(page.locator("#field-divergence_factor")).to_be_in_viewport()


def test_typing_keeps_the_cursor_and_the_reset_button_restores_the_preset(
    page: Page, shared_server: ServerProcess
) -> None:
    open_form(page, shared_server)
    field = page.locator("#field-hidden_sizes")
    field.fill("30")
    field.press("Home")
    page.keyboard.type("1 ")
    assert field.evaluate("field => [field.value, field.selectionStart]") == ["1 30", 2]
    expect(page.locator("#field-hidden_sizes-hint")).to_contain_text("64 → 1 → 30 → 10")
    page.get_by_role("button", name="Hidden layers: reset to").click()
    expect(field).to_have_value("128")
    expect(field).to_be_focused()
    expect(page.locator("#changes")).to_be_hidden()


def test_presets_fill_the_form_and_the_address(page: Page, shared_server: ServerProcess) -> None:
    presets = {preset["id"]: preset for preset in shared_server.get("/api/presets")["items"]}
    open_form(page, shared_server)
    for preset in presets.values():
        page.get_by_label("Preset").select_option(preset["id"])
        expect(page.locator("#preset-note")).to_have_text(preset["note"])
        expect(page.locator("#field-dataset")).to_have_value(preset["hyperparameters"]["dataset"])
        expect(page.locator("#field-epochs")).to_have_value(str(preset["hyperparameters"]["epochs"]))

    groups: dict[str, list[str]] = {}
    for preset in presets.values():
        groups.setdefault(preset["group"], []).append(preset["title"])
    options = page.locator("#preset optgroup").evaluate_all(
        "groups => groups.map(group => [group.label, [...group.children].map(option => option.textContent)])"
    )
    assert dict(options) == groups
    assert len(options) == len(groups) > 1
    measured_preset = next(preset for preset in presets.values() if preset["reached"])
    page.get_by_label("Preset").select_option(measured_preset["id"])
    expect(page.locator(".preset-facts")).to_contain_text(f"In Misfit{measured_preset['reached']}")

    page.get_by_label("Preset").select_option("nielsen_chapter_1")
    page.locator("#field-epochs").fill("7")
    expect(page.locator("#changes")).to_be_visible()
    expect(page).to_have_url(re.compile("preset=nielsen_chapter_1.*epochs=7"))
    page.reload()
    expect(page.locator("#field-epochs")).to_have_value("7")
    expect(page.locator("#field-learning_rate")).to_have_value("3")
    page.get_by_role("button", name="Reset all").click()
    expect(page.locator("#field-epochs")).to_have_value(str(presets["nielsen_chapter_1"]["hyperparameters"]["epochs"]))


def test_run_can_be_paused_resumed_and_stopped(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, LONG_RUN)
    page.get_by_label("Name of the run").fill("Long run")
    page.locator("#start").click()
    strip = page.locator("#status-strip")
    expect(page.locator(STATUS)).to_have_text("running")
    run_id = shown_run_id(page)
    wait_until(lambda: shared_server.get(f"/api/runs/{run_id}")["epochs_completed"] >= 2, what="two epochs")

    strip.get_by_role("button", name="Pause").click()
    expect(page.locator(STATUS)).to_have_text("paused")
    paused_at = shared_server.get(f"/api/runs/{run_id}")["epochs_completed"]
    expect_epochs(page, "Cost", paused_at)
    assert shared_server.get(f"/api/runs/{run_id}")["epochs_completed"] == paused_at

    strip.get_by_role("button", name="Resume").click()
    expect(page.locator(STATUS)).to_have_text("running")
    wait_until(lambda: shared_server.get(f"/api/runs/{run_id}")["epochs_completed"] > paused_at, what="a new epoch")

    strip.get_by_role("button", name="Stop").click()
    expect(page.locator(STATUS)).to_have_text("stopped")
    expect(page.locator("#outcome")).to_contain_text("Stopped on request")
    run = shared_server.get(f"/api/runs/{run_id}")
    assert (run["name"], run["stop_reason"]) == ("Long run", "stopped")
    expect_epochs(page, "Cost", run["epochs_completed"])
    assert len(y_values(page, "Cost")["Train"]) == run["epochs_completed"]


def test_reload_during_a_run_restores_every_epoch(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, LONG_RUN)
    page.locator("#start").click()
    run_id = shown_run_id(page)
    wait_until(lambda: shared_server.get(f"/api/runs/{run_id}")["epochs_completed"] >= 3, what="three epochs")
    page.reload()
    expect(page.locator(STATUS)).to_have_text("running")
    page.locator("#status-strip").get_by_role("button", name="Stop").click()
    expect(page.locator(STATUS)).to_have_text("stopped")
    epochs = shared_server.get(f"/api/runs/{run_id}/epochs")["items"]
    expect_epochs(page, "Accuracy", len(epochs))
    assert y_values(page, "Accuracy")["Train"] == column(epochs, "train_accuracy")


def test_help_describes_the_symptom(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server)
    page.get_by_role("button", name="Help for Learning rate").click()
    expect(page.locator("#field-learning_rate-help")).to_contain_text("If the cost becomes NaN")


def test_run_can_be_started_with_the_keyboard(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, "preset=none&epochs=1")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "start":
            break
    expect(page.locator("#start")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(STATUS)).to_have_text("finished")
