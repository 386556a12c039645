"""Page object for the misclassified page of a run."""

from __future__ import annotations

import io
import urllib.request
from typing import Any
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.support.server_process import ServerProcess

PAGE_SIZE = 48


def create_poor_run(server: ServerProcess) -> dict[str, Any]:
    """Train a run with enough misclassified images for several pages."""
    run = server.create_run(
        name="Poor", epochs=3, optimizer="sgd", learning_rate=0.01, hidden_sizes=[8], activation="sigmoid"
    )
    ended: dict[str, Any] = server.wait_for_run(run["id"], "finished")
    return ended


class MisclassifiedPage:
    """Misclassified page of a run, and the server's data about the run."""

    def __init__(self, page: Page, server: ServerProcess, run: dict[str, Any]) -> None:
        self.page = page
        self.server = server
        self.run = run
        self.path = f"/runs/{run['id']}/misclassified"
        self.tiles = page.locator("#tiles .tile")
        self.detail = page.locator("#detail")
        self.heading = page.locator("#total")

    def open(self, **view: object) -> None:
        self.page.goto(f"{self.server.base_url}{self.path}?{urlencode(view)}")
        expect(self.page.locator("#tiles")).to_have_attribute("aria-busy", "false")

    def get_list(self, **query: object) -> Any:
        """Return the server's list of images for this query."""
        return self.server.get(f"/api{self.path}?{urlencode({'limit': PAGE_SIZE, **query})}")

    def get_indices(self, **query: object) -> list[int]:
        """Return the indices of the images in the server's list."""
        return [item["index"] for item in self.get_list(**query)["items"]]

    def get_matrix(self, epoch: int | None = None) -> list[list[int]]:
        query = f"?epoch={epoch}" if epoch else ""
        matrix: list[list[int]] = self.server.get(f"/api/runs/{self.run['id']}/confusion_matrix{query}")["matrix"]
        return matrix

    def get_pixels(self, index: int) -> list[int]:
        """Return the gray levels of a test image from its PNG."""
        address = f"{self.server.base_url}/api/datasets/{self.run['hyperparameters']['dataset']}/test/{index}.png"
        with urllib.request.urlopen(address) as response:  # noqa: S310 - always the server under test
            return list(Image.open(io.BytesIO(response.read())).tobytes())

    def expect_tiles(self, indices: list[int]) -> None:
        """Wait until the tiles show exactly these images, in this order."""
        expect(self.tiles).to_have_count(len(indices))
        for position in {0, len(indices) - 1} if indices else set():
            expect(self.tiles.nth(position)).to_have_attribute("data-index", str(indices[position]))
        assert self.tiles.evaluate_all("tiles => tiles.map(tile => +tile.dataset.index)") == indices

    def expect_image(self, index: int) -> None:
        """Wait until the image with this index is open."""
        expect(self.detail.locator('[data-part="index"]')).to_have_text(str(index))

    def matrix_cell(self, true: int, predicted: int) -> Locator:
        return self.page.locator(f'.matrix-cell[data-row="{true + 1}"][data-column="{predicted + 1}"]')

    def filter_button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)
