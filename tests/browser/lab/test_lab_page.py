"""The page of the bug lab: a chosen bug with its checks, and guess mode."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Faults
from tests.browser.support.charts import expect_epochs, y_values
from tests.browser.support.interception import Interceptor, PausedRequest
from tests.support.server_process import ServerProcess


@pytest.fixture
def address(shared_server: ServerProcess) -> str:
    return f"{shared_server.base_url}/lab"


def open_lab(page: Page, address: str) -> None:
    page.goto(address)
    expect_results(page)


def expect_results(page: Page) -> None:
    """Wait until the page shows an experiment."""
    expect(page.locator(".lab-results[aria-busy=false] .js-plotly-plot").first).to_be_visible()


def layer(page: Page, number: int) -> Locator:
    return page.locator(f".lab-layer[data-layer='{number}']")


def test_a_chosen_bug_is_trained_and_found_at_its_layer(page: Page, address: str) -> None:
    open_lab(page, address)
    page.get_by_role("link", name="Sum over the batch").click()
    expect(page).to_have_url(re.compile(r"/lab\?bug=B09$"))
    expect(page.locator("#bug-title")).to_have_text("B09 · Sum over the batch instead of the mean")
    expect(page.locator(".lab-line[data-kind=right] mark")).to_have_text(["(1/N)", "/ N"])
    expect(page.locator(".lab-line[data-kind=wrong]")).to_contain_text("Missing: / N")
    page.get_by_role("group", name="Layer with B09").get_by_text("2", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?bug=B09&layer=2$"))
    expect(layer(page, 2)).to_have_attribute("data-state", "bug")
    expect(layer(page, 2)).to_contain_text("✗ the bug is here")
    expect(layer(page, 2)).to_contain_text("Each element is 20 times too large")
    for number in (1, 3):
        expect(layer(page, number)).to_have_attribute("data-state", "agrees")
    expect(page.locator("[data-part=check-result]")).to_contain_text("Exactly the gradient of B09 in layer 2")
    expect_epochs(page, "Cost", 8)
    lines = y_values(page, "Accuracy")
    assert lines["Right, test"][-1] > lines["With the bug, test"][-1]


def test_a_bug_that_no_gradient_check_sees_shows_its_failed_test_first(page: Page, address: str) -> None:
    open_lab(page, f"{address}?bug=B01")
    sections = page.locator("[data-section]")
    expect(sections).to_have_count(3)
    assert sections.first.get_attribute("data-section") == "tests"
    failed = page.locator(".lab-test[data-verdict=failed]")
    expect(failed).to_have_count(1)
    expect(failed).to_contain_text("Does a small step lower the cost? ✗ fails")
    expect(failed).to_contain_text("fall of the cost ÷ ε‖g‖² −1")
    expect(page.locator(".lab-layer[data-state=agrees]")).to_have_count(3)
    expect(page.locator("[data-part=summary]")).to_contain_text("The gradient check agrees. This small test fails")


def test_two_bugs_at_once(page: Page, address: str) -> None:
    open_lab(page, f"{address}?bug=B03&layer=1")
    page.get_by_label("Second bug").select_option("B19")
    expect(page).to_have_url(re.compile(r"\?bug=B03&layer=1&second=B19$"))
    expect(page.locator("[data-part=summary]")).to_contain_text("“Does every parameter move?”")
    expect(layer(page, 1)).to_have_attribute("data-state", "bug")
    expect(layer(page, 2)).to_have_attribute("data-state", "agrees")
    expect(page.locator(".lab-lines .lab-line")).to_have_count(4)
    page.get_by_label("Second bug").select_option("")
    expect(page).to_have_url(re.compile(r"\?bug=B03&layer=1$"))
    expect(page.locator(".lab-test[data-verdict=failed]")).to_have_count(0)


def test_bugs_that_do_not_fit_into_one_network(page: Page, address: str, faults: Faults) -> None:
    faults.allow("422")
    page.goto(f"{address}?bug=B02&second=B14")
    alert = page.locator("#results [role=alert]")
    expect(alert).to_contain_text("These bugs do not fit into one network: loss must be")
    page.get_by_label("Second bug").select_option("")
    expect_results(page)
    expect(alert).to_have_count(0)


def test_the_address_restores_the_view(page: Page, address: str) -> None:
    open_lab(page, f"{address}?bug=B12&second=B08&second_layer=3")
    expect(page.get_by_label("Second bug")).to_have_value("B08")
    expect(page.get_by_role("group", name="Layer with B08").get_by_label("3", exact=True)).to_be_checked()
    expect(page.locator("#bugs [aria-current=true]")).to_have_attribute("data-bug", "B12")
    page.get_by_role("button", name="Next: B03").click()
    expect(page.locator("#bug-title")).to_contain_text("B03")
    page.go_back()
    expect(page.locator("#bug-title")).to_contain_text("B12")
    expect(page.get_by_label("Second bug")).to_have_value("B08")


def test_search_and_keyboard(page: Page, address: str) -> None:
    open_lab(page, address)
    search = page.get_by_role("searchbox", name="Search bugs")
    search.fill("softmax batch")
    expect(page.locator("#bugs li:visible")).to_have_count(2)
    page.get_by_text("Not seen", exact=True).click()
    expect(page.locator("#bugs li:visible")).to_have_count(0)
    expect(page.locator("#bugs [role=status]")).to_have_text("0 bugs")
    page.get_by_text("All", exact=True).first.click()
    search.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Softmax over the batch")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#bug-title")).to_contain_text("B14")
    expect(page.get_by_role("link", name="Softmax over the batch")).to_be_focused()


def test_a_server_that_does_not_respond_can_be_asked_again(
    page: Page, address: str, interceptor: Interceptor, faults: Faults
) -> None:
    faults.allow("failed: POST|ERR_FAILED")
    interceptor.pass_first("*/api/lab/runs", [PausedRequest.abort])
    page.goto(f"{address}?bug=B09")
    expect(page.locator("#results [role=alert]")).to_contain_text("The Misfit server does not respond")
    page.get_by_role("button", name="Try again").click()
    expect_results(page)


def test_the_example_can_be_copied(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#own-code").text_content()
    page.context.clear_permissions()


# ── Guess mode ──────────────────────────────────────────────────────────────


def open_hidden(page: Page, address: str, server: ServerProcess, bug: str, number: int | None) -> None:
    """Open guess mode with this hidden bug instead of one drawn at random."""
    status, run = server.request("POST", "/api/lab/runs", {"bug": bug, "layer": number, "hidden": True})
    assert status == 201, run
    state = {"score": {"guesses": 0, "bugs": 0, "layers": 0, "points": 0}, "run": run["id"], "clues": []}
    page.goto(address)
    page.evaluate("state => localStorage.setItem('misfit-lab', JSON.stringify(state))", state)
    open_lab(page, f"{address}?mode=guess")


def guess(page: Page, bug: str, number: str) -> None:
    page.locator("#guess [data-part=bug]").select_option(bug)
    page.locator("#guess [data-part=layer]").select_option(number)
    page.get_by_role("button", name="Guess", exact=True).click()


def test_a_right_guess_after_one_clue(page: Page, address: str, shared_server: ServerProcess) -> None:
    open_hidden(page, address, shared_server, "B09", 2)
    expect(page.locator("[data-section]")).to_have_count(0)
    assert "B09" not in page.url
    page.get_by_role("button", name="Show: Gradient check").click()
    expect(page.get_by_role("heading", name="Gradient check")).to_be_focused()
    expect(layer(page, 2)).to_have_attribute("data-state", "bug")
    expect(page.locator("[data-part=check-result]")).not_to_contain_text("B09")
    expect(page.locator("#guess")).to_contain_text("the bug gives 3 points now")
    page.reload()
    expect(layer(page, 2)).to_have_attribute("data-state", "bug")  # a reload hides no clue, and draws no other bug
    guess(page, "B09", "2")
    result = page.get_by_role("status", name="Result")
    expect(result).to_contain_text("✓ Right, it is B09.")
    expect(result).to_contain_text("✓ The layer is right too.")
    expect(result).to_contain_text("4 points.")
    expect(page.get_by_role("status", name="Score")).to_have_text(
        "Score: 4 points from 1 guess; 1 bug and 1 layer right."
    )
    expect(page.get_by_role("button", name="Next bug")).to_be_focused()
    expect(page.locator("[data-part=check-result]")).to_contain_text("Exactly the gradient of B09 in layer 2")
    expect(page.get_by_role("link", name="Study B09")).to_have_attribute("href", "/lab?bug=B09&layer=2")
    page.get_by_role("button", name="Next bug").click()
    expect_results(page)
    expect(page.locator("#answer")).to_be_hidden()
    expect(page.locator("[data-section]")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/lab\?mode=guess$"))


def test_a_wrong_guess_is_explained_and_the_score_can_be_reset(
    page: Page, address: str, shared_server: ServerProcess
) -> None:
    open_hidden(page, address, shared_server, "B01", None)
    page.get_by_role("button", name="Guess", exact=True).click()
    expect(page.locator("#guess [role=alert]").first).to_have_text("Choose a bug.")
    expect(page.locator("#guess [data-part=bug]")).to_be_focused()
    guess(page, "B09", "3")
    expect(page.get_by_role("status", name="Result")).to_contain_text(
        "✗ No, it is B01 (step up the gradient), not B09 (sum over the batch instead of the mean)."
    )
    answer = page.locator("#answer")
    expect(answer).to_contain_text("B01 · Step up the gradient")
    expect(answer.locator(".lab-line[data-kind=wrong]")).to_contain_text("W += eta * dW")
    score = page.get_by_role("status", name="Score")
    expect(score).to_have_text("Score: 0 points from 1 guess; 0 bugs and 0 layers right.")
    page.get_by_role("button", name="Reset score…").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.get_by_role("button", name="Reset score", exact=True).click()
    expect(score).to_have_text("Score: no guess yet.")


def test_a_network_that_the_server_no_longer_stores(page: Page, address: str, faults: Faults) -> None:
    faults.allow("404")
    score = {"guesses": 3, "bugs": 2, "layers": 1, "points": 7}
    state: dict[str, Any] = {"score": score, "run": "gone", "clues": ["tests"]}
    page.goto(address)
    page.evaluate("state => localStorage.setItem('misfit-lab', JSON.stringify(state))", state)
    page.goto(f"{address}?mode=guess")
    expect(page.locator("#results [role=alert]")).to_contain_text("no longer stores the hidden network")
    page.get_by_role("button", name="Try again").click()
    expect_results(page)
    expect(page.get_by_role("status", name="Score")).to_contain_text("7 points from 3 guesses")
