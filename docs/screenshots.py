"""Screenshots for the README, taken from real runs with `python -m docs.screenshots`.

The script trains the preset "MNIST modern". The folder that MISFIT_DATASETS_DIR names must contain the files of MNIST.
It captures the train page during the run, then the misclassified page and one explanation of the finished run. Then it
trains the preset "XOR, with a hidden layer" and captures the decision boundary, and the preset "Too deep" and captures
its findings after the trials. Last, it captures a bug of the bug lab.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.conftest import CHROMIUM_ARGUMENTS
from tests.support.server_process import ROOT, ServerProcess

IMAGES = ROOT / "docs" / "img"
AT_LEAST_TRAIN_PAGE_EPOCH = re.compile(r"^(?:[7-9]|10)$")  # of the 10 epochs, so that the charts show a course


def save_screenshot(page: Page, name: str) -> None:
    """Save an image of the window as docs/img/NAME.png."""
    page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/img/{name}.png")


def take_screenshots(page: Page, server: ServerProcess) -> None:
    """Start the runs, and take every screenshot of the README."""
    page.set_viewport_size({"width": 1280, "height": 1080})
    page.goto(f"{server.base_url}/?preset=mnist_modern")
    page.locator("#start").click()
    expect(page.locator("#status-strip .badge")).to_have_text("running", timeout=60_000)
    charts = page.locator(".chart-frame")
    expect(charts).to_have_count(2)
    for chart in charts.all():
        expect(chart).to_have_attribute("data-epochs", AT_LEAST_TRAIN_PAGE_EPOCH, timeout=600_000)
    expect(page.locator("#worst .tile").first).to_be_visible()
    save_screenshot(page, "train")

    run = server.wait_for_run(1, "finished", timeout=600)
    page.set_viewport_size({"width": 1280, "height": 960})
    page.goto(f"{server.base_url}/runs/{run['id']}/misclassified?sort=loss&tab=gap")
    expect(page.locator("#tiles")).to_have_attribute("aria-busy", "false")
    page.wait_for_function("() => [...document.querySelectorAll('#tiles canvas')].every(canvas => canvas.width === 28)")
    save_screenshot(page, "misclassified")
    page.locator("#tiles .tile").nth(2).press("Enter")  # a click leaves the pointer over a unit, which it selects
    expect(page.locator("#detail .gap-unit").first).to_be_visible()
    expect(page.locator('#detail [data-part="explanation"]')).to_have_attribute("aria-busy", "false")
    page.evaluate("document.activeElement?.blur()")
    page.locator("#detail").screenshot(path=IMAGES / "logit_gap.png")
    print("docs/img/logit_gap.png")

    response = page.request.post(f"{server.base_url}/api/runs", data={"preset": "xor_gate"})
    run = server.wait_for_run(response.json()["id"], "finished", timeout=600)
    page.goto(f"{server.base_url}/runs/{run['id']}")
    outputs = page.locator("#outputs")
    expect(outputs.locator(".plot-container").first).to_be_visible(timeout=60_000)
    outputs.scroll_into_view_if_needed()
    page.evaluate("document.activeElement?.blur()")
    outputs.screenshot(path=IMAGES / "boundary.png")
    print("docs/img/boundary.png")


def take_diagnosis_screenshots(page: Page, server: ServerProcess) -> None:
    """Start a run that does not learn and its trials, and take the screenshots of its findings and of the bug lab."""
    page.set_viewport_size({"width": 1280, "height": 960})
    run = server.create_run(preset="deep_sigmoid")
    server.wait_for_run(run["id"], "finished", timeout=600)
    page.goto(f"{server.base_url}/runs/{run['id']}")
    page.get_by_role("button", name=re.compile("Find the cause|Show the trials")).click()
    status = page.locator('#trials [data-part="trials-status"]')
    expect(status).to_have_text("The trials are finished.", timeout=60_000)
    expect(page.locator("#trials .js-plotly-plot").first).to_be_visible(timeout=60_000)
    expect(page.locator("#outcome")).to_contain_text("Shown by trial")
    save_screenshot(page, "diagnosis")

    page.goto(f"{server.base_url}/lab?bug=B03")
    expect(page.locator(".lab-results[aria-busy=false] .js-plotly-plot").first).to_be_visible(timeout=60_000)
    save_screenshot(page, "bug_lab")


def main() -> None:
    """Start a server and a browser, take the screenshots, and stop the server and the browser."""
    IMAGES.mkdir(exist_ok=True)
    datasets = Path(os.environ.get("MISFIT_DATASETS_DIR", ROOT.parent / "shared" / "data"))
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(Path(folder) / "data", datasets_dir=datasets) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(reduced_motion="reduce")
        take_screenshots(page, server)
        take_diagnosis_screenshots(page, server)


if __name__ == "__main__":
    main()
