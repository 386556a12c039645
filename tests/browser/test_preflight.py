"""Notes about a configuration beside the fields of the form, and their remedies."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.support.interception import Interceptor, PausedRequest
from tests.browser.support.page_waiting import wait_for_events
from tests.support.server_process import ServerProcess

NOTES = '[data-part="note"]'
SATURATED = "preset=none&input_scaling=none&activation=sigmoid&initializer=normal"
TOO_LONG = "preset=none&optimizer=sgd&learning_rate=3"


def open_form(page: Page, server: ServerProcess, query: str) -> None:
    page.goto(f"{server.base_url}/?{query}")
    expect(page.locator("#start-summary")).to_have_text(re.compile("^Cost before the first step"))


def answer(text: str, field: str | None = "learning_rate", **values: Any) -> str:
    note = {"code": "learning_rate_too_high", "field": field, "text": text, "remedy": None}
    start = {"first_cost": 2.0, "expected_first_cost": 2.0, "step_length": None, "step_limit": None}
    return json.dumps({"notes": [note], **start, **values})


def test_a_healthy_configuration_has_a_summary_and_no_note(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, "preset=none&optimizer=sgd&learning_rate=0.1")
    expect(page.locator("#start-summary")).to_have_text(
        re.compile(r"^Cost before the first step \d\.\d\d, expected 2\.30 · step length 0\.\d+ of 2$")
    )
    expect(page.locator(NOTES)).to_have_count(0)


def test_a_note_describes_its_field(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, SATURATED)
    note = page.locator("#field-initializer-note")
    expect(note).to_have_text(re.compile(r"^With these initial weights, \d+% of the first layer's sigmoid units are"))
    field = page.locator("#field-initializer")
    expect(field).to_have_attribute("aria-describedby", re.compile("field-initializer-note"))
    expect(page.locator("#field-epochs")).not_to_have_attribute("aria-describedby", re.compile("note"))


def test_a_remedy_is_one_press_of_a_key_and_back_undoes_it(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, TOO_LONG)
    rate = page.locator("#field-learning_rate")
    note = page.locator("#field-learning_rate-note")
    expect(note).to_have_text(re.compile("^The step length, which is the learning rate times the curvature, is 11"))
    remedy = page.get_by_role("button", name=re.compile("^Lower the learning rate to"))
    remedy.focus()
    page.keyboard.press("Enter")
    expect(rate).to_be_focused()
    expect(rate).not_to_have_value("3")
    expect(page.locator(NOTES)).to_have_count(0)
    page.go_back()
    expect(rate).to_have_value("3")
    expect(note).to_be_visible()


def test_a_note_of_a_hidden_field_stands_above_the_start_button(page: Page, shared_server: ServerProcess) -> None:
    open_form(page, shared_server, "preset=none&optimizer=sgd&learning_rate=0.1&reduction=sum")
    beside, above = page.locator("#field-reduction-note"), page.locator("#start-notes")
    expect(beside).to_be_visible()  # the address opens the group of a changed advanced field
    expect(above).to_be_empty()
    page.locator("fieldset", has=beside).locator("summary").click()
    expect(above).to_contain_text("The sum over 32 examples")
    expect(beside).to_have_count(0)


def test_only_the_newest_values_have_notes(page: Page, shared_server: ServerProcess, interceptor: Interceptor) -> None:
    requests: list[PausedRequest] = []
    interceptor.pass_all("*/api/preflight", requests.append)
    page.goto(f"{shared_server.base_url}/?{TOO_LONG}")
    wait_for_events(page, lambda: requests, what="the first examination")
    page.locator("#field-learning_rate").fill("5")
    wait_for_events(page, lambda: len(requests) > 1, what="the examination of the new value")
    requests[1].respond(answer("About 5."))
    note = page.locator("#field-learning_rate-note")
    expect(note).to_have_text("About 5.")
    expect(page.locator("#field-learning_rate")).to_be_focused()


@pytest.mark.parametrize(("name", "text"), [("epochs", "0"), ("dataset", "fashion_mnist")])
def test_values_that_cannot_be_examined_have_no_summary(
    page: Page, shared_server: ServerProcess, name: str, text: str
) -> None:
    open_form(page, shared_server, TOO_LONG)
    expect(page.locator(NOTES)).to_have_count(1)
    field = page.locator(f"#field-{name}")
    if name == "dataset":
        field.select_option(text)
    else:
        field.fill(text)
    expect(page.locator("#start-summary")).to_have_text("")
    expect(page.locator(NOTES)).to_have_count(0)


def test_the_form_does_not_jump_when_the_summary_arrives(
    page: Page, shared_server: ServerProcess, interceptor: Interceptor
) -> None:
    requests: list[PausedRequest] = []
    interceptor.pass_all("*/api/preflight", requests.append)
    page.goto(f"{shared_server.base_url}/?preset=none")
    wait_for_events(page, lambda: requests, what="the examination")
    before = [page.locator(selector).bounding_box() for selector in ("#field-epochs", "#start")]
    requests[0].proceed()
    expect(page.locator("#start-summary")).to_contain_text("Cost before the first step")
    assert [page.locator(selector).bounding_box() for selector in ("#field-epochs", "#start")] == before


def test_a_failed_examination_leaves_the_form_usable(
    page: Page, shared_server: ServerProcess, interceptor: Interceptor
) -> None:
    interceptor.pass_all("*/api/preflight", lambda request: request.respond("nonsense"))
    page.goto(f"{shared_server.base_url}/?{TOO_LONG}&epochs=1&hidden_sizes=8")
    page.locator("#start").click()
    expect(page.locator("#outcome")).to_contain_text("1 epoch")
    expect(page.locator(NOTES)).to_have_count(0)
