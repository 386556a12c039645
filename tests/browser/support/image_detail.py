"""Page object for the open image."""

from __future__ import annotations

import base64
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.support.server_process import ServerProcess

PIXELS_ON_CANVAS = """canvas => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {willReadFrequently: true});
    copy.drawImage(canvas, 0, 0);
    const {data} = copy.getImageData(0, 0, canvas.width, canvas.height);
    return [...data].filter((_, index) => index % 4 === 0);
}"""
WHITE = 255


def parse_number(text: str) -> float:
    """Return the first number in a text that may contain the minus sign U+2212."""
    found = re.search(r"[+−]?\d[\d,]*(\.\d+)?", text)
    assert found, text
    return float(found[0].replace("−", "-").replace(",", ""))


def decode_pixels(text: str) -> list[int]:
    return list(base64.b64decode(text))


class ImageDetail:
    """Image that is open on the misclassified page, and the server's data about it."""

    def __init__(self, page: Page, server: ServerProcess, run: dict[str, Any]) -> None:
        self.page = page
        self.server = server
        self.run_id = run["id"]
        self.epoch = run["epochs_completed"]
        self.root = page.locator("#detail")

    def misclassified(self, count: int) -> list[int]:
        """Return the indices of the first `count` misclassified images."""
        items = self.server.get(f"/api/runs/{self.run_id}/misclassified?limit={count}")["items"]
        assert len(items) == count
        return [item["index"] for item in items]

    def url(self, index: int, tab: str = "answer", **view: object) -> str:
        query = "".join(f"&{name}={value}" for name, value in view.items())
        return f"{self.server.base_url}/runs/{self.run_id}/misclassified?image={index}&tab={tab}{query}"

    def open(self, index: int, tab: str = "answer", **view: object) -> Any:
        """Open an image, and return the server's explanation of its prediction."""
        self.page.goto(self.url(index, tab, **view))
        self.expect_explanation()
        return self.get_explanation(index)

    def expect_explanation(self) -> None:
        expect(self.part("explanation")).to_have_attribute("aria-busy", "false")

    def get_explanation(self, index: int) -> Any:
        return self.server.get(f"/api/runs/{self.run_id}/explanations/{index}?epoch={self.epoch}")

    def predict_edited_image(self, index: int, **edit: object) -> Any:
        """Return the server's prediction for an edited image."""
        body = {"index": index, "epoch": self.epoch, **edit}
        status, prediction = self.server.request("POST", f"/api/runs/{self.run_id}/probe", body)
        assert status == 200, prediction
        return prediction

    def part(self, name: str) -> Locator:
        return self.root.locator(f'[data-part="{name}"]')

    def tab(self, name: str) -> Locator:
        return self.root.locator(f"#explanation-tab-{name}")

    def slider(self, name: str) -> Locator:
        return self.root.get_by_role("slider", name=name, exact=True)

    def canvas_pixels(self, part: str) -> list[int]:
        """Return the pixels, from 0 to 255, of the canvas in this part of the page."""
        pixels: list[int] = self.part(part).locator("canvas").evaluate(PIXELS_ON_CANVAS)
        return pixels

    def expect_outputs(self, part: str, prediction: dict[str, Any]) -> None:
        """Wait until this part of the page shows the logits of the prediction."""
        logits = [f"{value:z.2f}".replace("-", "−") for value in prediction["sums"]]
        expect(self.part(part).locator(".output-logit")).to_have_text(logits)
