"""The pictures in the README, from a real run: `python -m docs.screenshots` in the project's environment.

Trains the preset "MNIST modern" (MISFIT_DATASETS_DIR tells where MNIST is), takes the train page in the middle of the
run, the misclassified page and one explanation at its end; then the run page of the preset "XOR, with a hidden layer".
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.conftest import CHROMIUM_ARGUMENTS
from tests.support.server_process import ROOT, ServerProcess
from tests.support.waiting import wait_until

IMAGES = ROOT / "docs" / "img"
EPOCH_OF_TRAIN_PICTURE = 7


def shoot(page: Page, name: str) -> None:
    """Save what the window shows."""
    page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    page.screenshot(path=IMAGES / f"{name}.png")
    print(f"docs/img/{name}.png")


def take(page: Page, server: ServerProcess) -> None:
    """Start the run in the page, as a person would, and take the pictures."""
    page.set_viewport_size({"width": 1280, "height": 1080})
    page.goto(f"{server.base_url}/?preset=mnist_modern")
    page.locator("#start").click()
    expect(page.locator('#status-strip [data-part="status"]')).to_have_text("running", timeout=60_000)
    cost = page.locator(".chart-frame").first
    wait_until(lambda: int(cost.get_attribute("data-epochs") or 0) >= EPOCH_OF_TRAIN_PICTURE, timeout=600, what="drawn")
    expect(page.locator("#worst .tile").first).to_be_visible()
    shoot(page, "train")

    run = server.wait_for_run(1, "finished", timeout=600)
    page.set_viewport_size({"width": 1280, "height": 960})
    page.goto(f"{server.base_url}/runs/{run['id']}/misclassified?sort=loss&tab=gap")
    expect(page.locator("#tiles")).to_have_attribute("aria-busy", "false")
    page.wait_for_function("() => [...document.querySelectorAll('#tiles canvas')].every(one => one.width === 28)")
    shoot(page, "misclassified")
    page.locator("#tiles .tile").nth(2).click()
    expect(page.locator("#detail .gap-unit").first).to_be_visible()
    expect(page.locator('#detail [data-part="explanation"]')).to_have_attribute("aria-busy", "false")
    page.evaluate("document.activeElement?.blur()")
    page.mouse.move(0, 0)
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


def main() -> None:
    """Run a server and a browser for as long as it takes."""
    IMAGES.mkdir(exist_ok=True)
    datasets = Path(os.environ.get("MISFIT_DATASETS_DIR", ROOT.parent / "shared" / "data"))
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(Path(folder) / "data", datasets_dir=datasets) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(reduced_motion="reduce")
        take(page, server)


if __name__ == "__main__":
    main()
