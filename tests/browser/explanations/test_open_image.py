"""Open image: history strip, layout, navigation and guess mode."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Faults
from tests.browser.support.accessibility import wait_until_settled
from tests.browser.support.image_detail import ImageDetail, decode_pixels
from tests.browser.support.interception import Interceptor, PausedRequest
from tests.browser.support.page_waiting import wait_for_events
from tests.support.server_process import ServerProcess

# Change the address as the Back button does, without loading the page again.
OPEN_FROM_HISTORY = """(url) => {
    history.pushState(null, "", url);
    dispatchEvent(new PopStateEvent("popstate"));
}"""


@pytest.mark.parametrize("tab", ["answer", "gap"])
def test_first_row_of_images_stays_visible_below_an_open_image(detail: ImageDetail, tab: str) -> None:
    detail.page.set_viewport_size({"width": 1280, "height": 900})
    detail.open(detail.misclassified(1)[0], tab)
    wait_until_settled(detail.page)
    detail.root.evaluate("panel => panel.scrollIntoView()")
    expect(detail.page.locator("#tiles .tile").first).to_be_in_viewport(ratio=0.2)


def test_history_strip_selects_an_epoch(detail: ImageDetail) -> None:
    index = detail.misclassified(1)[0]
    detail.open(index)
    strip = detail.part("history-strip")
    expect(strip.locator(".history-cell")).to_have_count(detail.epoch)
    history = detail.server.get(f"/api/runs/{detail.run_id}/histories/{index}")
    strip.focus()
    detail.page.keyboard.press("ArrowLeft")
    expect(detail.page).to_have_url(re.compile(f"epoch={detail.epoch - 1}"))
    expect(strip).to_have_attribute("aria-valuenow", str(detail.epoch - 1))
    label = history["predicted"][detail.epoch - 2]
    outcome = "correct" if label == history["true_label"] else "misclassified"
    value_text = f"epoch {detail.epoch - 1} of {detail.epoch}: {label}, {outcome}"
    expect(strip).to_have_attribute("aria-valuetext", value_text)
    detail.page.keyboard.press("Home")
    expect(detail.page).to_have_url(re.compile("epoch=1&|epoch=1$"))
    expect(detail.part("index")).to_have_text(f"{index:,}")


def test_history_strip_becomes_a_slider_when_its_values_are_loaded(
    detail: ImageDetail, interceptor: Interceptor
) -> None:
    index = detail.misclassified(1)[0]
    held: list[PausedRequest] = []
    interceptor.pass_all(f"*/histories/{index}", held.append)
    with detail.page.expect_request(f"**/histories/{index}"):
        detail.page.goto(detail.url(index))
    strip = detail.part("history-strip")
    expect(strip).to_have_attribute("aria-busy", "true")
    assert strip.get_attribute("role") is None
    wait_for_events(detail.page, lambda: held, what="the request")
    detail.tab("gap").click()
    expect(detail.page).to_have_url(re.compile("tab=gap"))
    held[0].proceed()
    expect(strip).to_have_attribute("role", "slider")
    expect(strip).to_have_attribute("aria-valuenow", str(detail.epoch))
    assert len(held) == 1, "the page, rendered again, must not repeat the request"


def test_history_strip_groups_many_epochs(page: Page, shared_server: ServerProcess, tanh_run: dict[str, Any]) -> None:
    detail = ImageDetail(page, shared_server, tanh_run)
    detail.open(detail.misclassified(1)[0])
    strip = detail.part("history-strip")
    assert strip.locator(".history-cell").count() < detail.epoch
    box = strip.bounding_box()
    assert box
    strip.click(position={"x": 1, "y": box["height"] / 2})
    expect(strip).to_have_attribute("aria-valuenow", "1")
    expect(strip.locator(".history-cell").first).to_have_attribute("data-selected", "true")
    strip.click(position={"x": box["width"] - 1, "y": box["height"] / 2})
    expect(strip).to_have_attribute("aria-valuenow", str(detail.epoch))


def test_stepping_cancels_outdated_requests_without_changing_the_layout(detail: ImageDetail) -> None:
    page = detail.page
    images = detail.misclassified(3)
    detail.open(images[0], "gap")
    wait_until_settled(page)
    get_height = "panel => panel.getBoundingClientRect().height"
    initial_height = detail.root.evaluate(get_height)
    held: list[Route] = []
    failed: list[Request] = []

    def hold(route: Route) -> None:
        held.append(route)

    def record_failure(request: Request) -> None:
        failed.append(request)

    page.route(f"**/explanations/{images[1]}?*", hold)
    page.on("requestfailed", record_failure)
    with page.expect_request(f"**/explanations/{images[1]}?*"):
        page.keyboard.press("ArrowRight")
    expect(detail.part("index")).to_have_text(f"{images[1]:,}")
    expect(detail.part("explanation")).to_have_attribute("aria-busy", "true")
    assert detail.root.evaluate(get_height) == initial_height
    page.keyboard.press("ArrowRight")
    expect(detail.part("index")).to_have_text(f"{images[2]:,}")
    detail.expect_explanation()
    wait_for_events(page, lambda: held and failed, what="the cancellation of the outdated request")
    canceled = [request.url for request in failed if "/explanations/" in request.url]
    assert canceled == [held[0].request.url]
    assert detail.root.evaluate(get_height) == initial_height
    explanation = detail.get_explanation(images[2])
    expect(detail.part("gap-sentence")).to_contain_text(
        f"{explanation['predicted_label']} leads {explanation['rival_label']} by"
    )


@pytest.mark.parametrize(
    ("part", "request_url", "message"),
    [
        ("image", r"/test/pixels\?indices={index}$", "The server could not load the images."),
        ("history", r"/histories/{index}$", "It failed."),
        ("explanation-problem", r"/explanations/{index}\?", "It failed."),
    ],
)
def test_failed_request_can_be_repeated(
    detail: ImageDetail, faults: Faults, part: str, request_url: str, message: str
) -> None:
    """The image is neither in the list nor opened by the address of the page, which contains the pixels of both."""
    faults.allow("500")
    error = {"error": {"code": "internal", "message": "It failed."}}
    index = detail.server.get(f"/api/runs/{detail.run_id}/misclassified?answer=right&limit=1")["items"][0]["index"]
    pattern = re.compile(request_url.format(index=index))
    detail.page.route(pattern, lambda route: route.fulfill(status=500, json=error))
    detail.page.goto(detail.url(detail.misclassified(1)[0]))
    detail.expect_explanation()
    detail.page.evaluate(OPEN_FROM_HISTORY, detail.url(index))
    alert = detail.part(part).get_by_role("alert")
    expect(alert).to_contain_text(message)
    detail.page.unroute(pattern)
    alert.get_by_role("button", name="Try again").press("Enter")
    expect(alert).to_have_count(0)
    expect(detail.root).to_be_focused()
    explanation = detail.get_explanation(index)
    detail.expect_explanation()
    detail.expect_outputs("outputs", explanation)
    assert detail.canvas_pixels("image") == decode_pixels(explanation["pixels"])
    expect(detail.part("history-strip")).to_have_attribute("aria-valuenow", str(detail.epoch))


def test_guess_mode_hides_the_prediction_of_an_open_image(detail: ImageDetail) -> None:
    index = detail.misclassified(1)[0]
    detail.page.goto(detail.url(index, "gap", guess="true"))
    expect(detail.part("hidden-title")).to_have_text(f"Test image {index:,}")
    expect(detail.page.get_by_text("What is this?")).to_have_count(1)
    expect(detail.part("image").get_by_role("img")).to_have_accessible_name(f"Test image {index}")
    for part in ["prediction", "verdict", "metrics", "history", "explanation"]:
        expect(detail.part(part)).to_be_hidden()
    for part in ["true", "predicted", "confidence", "history-strip"]:
        expect(detail.part(part)).to_have_count(0)
