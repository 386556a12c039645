"""Form of the train page: numbers as people type them, checks while typing, the question before a run, and Back."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.charts import expect_epochs
from tests.browser.support.interception import Interceptor, PausedRequest
from tests.browser.support.page_waiting import wait_for_events
from tests.support.server_process import ServerProcess

STATUS = '#status-strip [data-part="status"]'
SHORT_RUN = "preset=none&epochs=1&hidden_sizes=8"
HUGE = {"parameter_count": 107_950_010, "bytes": 5.9e9, "available_bytes": 8e9, "seconds_per_epoch": 712}
USUAL = {"parameter_count": 50_890, "bytes": 219e6, "available_bytes": 8e9, "seconds_per_epoch": 0.3}


def open_form(page: Page, server: ServerProcess, query: str = "") -> None:
    page.goto(f"{server.base_url}/?{query}")
    expect(page.locator("#start")).to_be_enabled()


def run_in_address(page: Page) -> int | None:
    found = re.search(r"[?&]run=(\d+)", page.url)
    return int(found[1]) if found else None


def start_run(page: Page, epochs: str) -> int:
    """Start a run with this number of epochs, wait for its end, and return its id."""
    before = run_in_address(page)
    page.locator("#field-epochs").fill(epochs)
    page.locator("#start").click()
    expect(page.locator("#outcome")).to_contain_text(f"Finished after {epochs} epoch")
    run_id = run_in_address(page)
    assert run_id is not None
    assert run_id != before
    return run_id


def test_a_run_uses_the_numbers_that_the_form_shows(page: Page, shared_server: ServerProcess) -> None:
    run_count = shared_server.get("/api/runs")["total"]
    open_form(page, shared_server, SHORT_RUN)
    page.locator("#field-epochs").fill("1.000")
    page.locator("#start").click()
    expect(page.locator("#field-epochs-error")).to_have_text("is ambiguous: 1.000 can mean 1 or 1000; type 1 or 1000")
    expect(page.locator("#field-epochs")).to_have_value("1.000")
    assert shared_server.get("/api/runs")["total"] == run_count

    typed = {
        "learning_rate": "0,003",
        "hidden_sizes": "16;8",
        "validation_fraction": "20%",
        "batch_size": "\uff13\uff12",
    }
    for name, text in typed.items():
        page.locator(f"#field-{name}").fill(text)
    run_id = start_run(page, "1")
    shown = {name: page.locator(f"#field-{name}").input_value() for name in typed}
    assert shown == {
        "learning_rate": "0.003",
        "hidden_sizes": "16, 8",
        "validation_fraction": "0.2",
        "batch_size": "32",
    }
    used = shared_server.get(f"/api/runs/{run_id}")["hyperparameters"]
    assert {name: used[name] for name in typed} == {
        "learning_rate": 0.003,
        "hidden_sizes": [16, 8],
        "validation_fraction": 0.2,
        "batch_size": 32,
    }


@pytest.mark.parametrize(
    ("name", "text", "invalid", "message"),
    [
        ("hidden_sizes", "1000000", "hidden_sizes", "layer 1 is too large: it must be at most 10,000"),
        ("batch_size", "5000", "batch_size", "must be at most 1,294, the number of training examples"),
        ("validation_fraction", "0.001", "validation_fraction", "must hold out at least one image of each class"),
        ("seed", "9" * 20, "seed", "is too large: it must be at most 4,294,967,295"),
    ],
)
def test_an_invalid_value_is_reported_while_it_is_typed(
    page: Page, shared_server: ServerProcess, name: str, text: str, invalid: str, message: str
) -> None:
    open_form(page, shared_server)
    page.locator(f"#field-{name}").fill(text)
    expect(page.locator(f"#field-{invalid}-error")).to_contain_text(message)
    expect(page.locator(f"#field-{name}")).to_be_focused()


def test_only_possible_networks_have_a_number_of_parameters(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server)
    expect(page.locator("#run-estimate")).to_have_text(re.compile("^About 1.. MB of memory and .+ per epoch$"))
    page.locator("#field-hidden_sizes").fill("64, -5")
    expect(page.locator("#field-hidden_sizes-error")).to_have_text("layer 2 must be at least 1")
    expect(page.locator("#field-hidden_sizes-hint")).to_be_hidden()


def test_a_run_that_needs_much_starts_after_a_question(
    page: Page, shared_server: ServerProcess, interceptor: Interceptor
) -> None:
    body = json.dumps({"fields": {}, "estimate": HUGE})
    interceptor.pass_all("*/api/hyperparameters/check", lambda request: request.respond(body))
    run_count = shared_server.get("/api/runs")["total"]
    open_form(page, shared_server, SHORT_RUN)
    page.locator("#start").click()
    question = page.get_by_role("alert").filter(has_text="Start it anyway?")
    expect(question).to_contain_text("The run needs about 5.9 GB of memory; 8.0 GB are free.")
    expect(question).to_contain_text("An epoch takes about 12 min on this machine.")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(question).to_be_hidden()
    expect(page.locator("#start")).to_be_focused()
    assert shared_server.get("/api/runs")["total"] == run_count

    page.locator("#start").click()
    question.get_by_role("button", name="Start anyway").click()
    expect(page.locator(STATUS)).to_have_text("finished")
    expect(question).to_be_hidden()
    assert shared_server.get("/api/runs")["total"] == run_count + 1


def test_values_that_change_while_the_server_checks_others_are_checked_too(
    page: Page, shared_server: ServerProcess, interceptor: Interceptor
) -> None:
    run_count = shared_server.get("/api/runs")["total"]
    requests: list[PausedRequest] = []
    interceptor.pass_all("*/api/hyperparameters/check", requests.append)
    open_form(page, shared_server, SHORT_RUN)
    page.locator("#start").click()
    wait_for_events(page, lambda: requests, what="the check")
    page.locator("#field-epochs").fill("3")
    requests[0].respond(json.dumps({"fields": {}, "estimate": USUAL}))
    wait_for_events(page, lambda: len(requests) > 1, what="the check of the new values")
    requests[1].respond(json.dumps({"fields": {}, "estimate": HUGE}))
    expect(page.locator("#question")).to_contain_text("and all 3 epochs about 36 min")
    assert shared_server.get("/api/runs")["total"] == run_count


def test_back_returns_to_the_previous_run_and_to_the_form(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, SHORT_RUN)
    first = start_run(page, "2")
    second = start_run(page, "3")
    epochs = page.locator("#field-epochs")

    page.go_back()
    expect(page.locator("#outcome")).to_contain_text("Finished after 2 epochs")
    expect(epochs).to_have_value("3")  # the values before the second start
    assert run_in_address(page) == first
    page.go_back()
    expect(page.locator("#no-run")).to_be_visible()
    expect(page.locator("#status-strip")).to_be_hidden()
    expect(page.locator("#charts")).to_be_hidden()
    expect(epochs).to_have_value("2")
    assert run_in_address(page) is None

    page.go_forward()
    expect(page.locator("#outcome")).to_contain_text("Finished after 2 epochs")
    page.go_forward()
    expect(page.locator("#outcome")).to_contain_text("Finished after 3 epochs")
    expect(page.locator("#no-run")).to_be_hidden()
    assert run_in_address(page) == second
    for title in ("Cost", "Accuracy"):
        expect_epochs(page, title, 3)


def test_a_run_whose_description_arrives_late_is_shown_with_its_values(
    page: Page, shared_server: ServerProcess, interceptor: Interceptor
) -> None:
    open_form(page, shared_server, SHORT_RUN)
    run_id = start_run(page, "3")
    requests: list[PausedRequest] = []
    interceptor.pass_first(f"*/api/runs/{run_id}", [requests.append])
    page.goto(f"{shared_server.base_url}/?run={run_id}")
    expect(page).to_have_url(re.compile("preset="))  # the form stores its values in the address
    requests[0].proceed()
    expect(page.locator("#outcome")).to_contain_text("Finished after 3 epochs")
    expect(page.locator("#field-epochs")).to_have_value("3")
    expect(page.locator("#field-hidden_sizes")).to_have_value("8")


def test_back_returns_to_the_values_before_another_preset(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, SHORT_RUN)
    page.locator("#field-epochs").fill("7")
    page.get_by_label("Preset").select_option("nielsen_chapter_1")
    expect(page.locator("#field-hidden_sizes")).to_have_value("30")
    page.go_back()
    expect(page.locator("#field-epochs")).to_have_value("7")
    expect(page.locator("#field-hidden_sizes")).to_have_value("8")
    page.go_forward()
    expect(page.locator("#field-hidden_sizes")).to_have_value("30")


def test_the_color_of_a_finished_run_is_neutral(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, SHORT_RUN)
    start_run(page, "1")
    dot = "badge => getComputedStyle(badge, '::before').backgroundColor"
    badge = page.locator(STATUS)
    finished = badge.evaluate(dot)
    badge.evaluate("badge => { badge.dataset.status = 'stopped' }")
    assert badge.evaluate(dot) == finished
    badge.evaluate("badge => { badge.dataset.status = 'failed' }")
    assert badge.evaluate(dot) != finished


def test_the_duration_is_the_same_in_the_table_and_on_the_run_page(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, SHORT_RUN)
    run_id = start_run(page, "1")
    page.goto(f"{shared_server.base_url}/runs/{run_id}")
    time = page.locator(".metrics div", has=page.get_by_text("Time", exact=True)).locator("dd")
    expect(time).not_to_have_text("–")
    shown = time.inner_text()
    page.goto(f"{shared_server.base_url}/runs")
    row = page.get_by_role("row").filter(has=page.locator(f'a[href="/runs/{run_id}"]'))
    expect(row.locator('[data-label="Duration"]')).to_have_text(shown)
