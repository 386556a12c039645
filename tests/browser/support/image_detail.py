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
    return [...data].filter((_, place) => place % 4 === 0);
}"""
LIGHT = 255


def number(text: str) -> float:
    """Return the number in a text of the page, which uses the minus sign U+2212."""
    found = re.search(r"[+−]?\d[\d,]*(\.\d+)?", text)
    assert found, text
    return float(found[0].replace("−", "-").replace(",", ""))


def bytes_of(text: str) -> list[int]:
    return list(base64.b64decode(text))


class Detail:
    """The open image of a page, and the data that the server has about it."""

    def __init__(self, page: Page, server: ServerProcess, run: dict[str, Any]) -> None:
        self.page = page
        self.server = server
        self.run_id = run["id"]
        self.epoch = run["epochs_completed"]
        self.root = page.locator("#detail")

    def mistakes(self, count: int) -> list[int]:
        """Return the indices of misclassified images, in the order of the page."""
        items = self.server.get(f"/api/runs/{self.run_id}/misclassified?limit={count}")["items"]
        assert len(items) == count
        return [item["index"] for item in items]

    def path(self, index: int, tab: str = "answer", **view: object) -> str:
        query = "".join(f"&{name}={value}" for name, value in view.items())
        return f"{self.server.base_url}/runs/{self.run_id}/misclassified?image={index}&tab={tab}{query}"

    def open(self, index: int, tab: str = "answer", **view: object) -> Any:
        """Open an image, and return its explanation from the server."""
        self.page.goto(self.path(index, tab, **view))
        self.expect_explained()
        return self.explanation(index)

    def expect_explained(self) -> None:
        expect(self.part("explanation")).to_have_attribute("aria-busy", "false")

    def explanation(self, index: int) -> Any:
        return self.server.get(f"/api/runs/{self.run_id}/explanations/{index}?epoch={self.epoch}")

    def probe(self, index: int, **change: object) -> Any:
        body = {"index": index, "epoch": self.epoch, **change}
        status, answer = self.server.request("POST", f"/api/runs/{self.run_id}/probe", body)
        assert status == 200, answer
        return answer

    def part(self, name: str) -> Locator:
        return self.root.locator(f'[data-part="{name}"]')

    def tab(self, name: str) -> Locator:
        return self.root.locator(f"#explanation-tab-{name}")

    def slider(self, name: str) -> Locator:
        return self.root.locator(f'[data-slider="{name}"]')

    def canvas(self, part: str) -> list[int]:
        """Return the pixels of the canvas in a part, 0 to 255."""
        inside: list[int] = self.part(part).locator("canvas").evaluate(PIXELS_ON_CANVAS)
        return inside

    def expect_outputs(self, part: str, answer: dict[str, Any]) -> None:
        """Wait until the bars of a part show these logits."""
        sums = [f"{value:z.2f}".replace("-", "−") for value in answer["sums"]]
        expect(self.part(part).locator(".output-logit")).to_have_text(sums)
