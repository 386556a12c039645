"""Test page with only the annotation panel and guess mode."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Locator, Page

from tests.support.server_process import ROOT, ServerProcess

DIGITS = [str(digit) for digit in range(10)]
TEMPLATES = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
MARKUP = """
    {% import "parts/annotations.html" as annotation %}
    <h1>One image</h1><h2>Its detail</h2><div class="panel stack">{{ annotation.guess() }}{{ annotation.panel() }}</div>
    <p id="problems" role="alert"></p>
"""
BUILD_PAGE = """async ({markup, dataset, runId, classNames, items}) => {
    for (const name of ["core/components", "annotations"]) {
        const sheet = document.createElement("link");
        Object.assign(sheet, {rel: "stylesheet", href: `/static/test/css/${name}.css`});
        document.head.append(sheet);
        await new Promise((loaded) => sheet.addEventListener("load", loaded));
    }
    document.getElementById("content").innerHTML = markup;
    const {AnnotationStore} = await import("/static/test/js/annotations/annotation_store.js");
    const {AnnotationPanel} = await import("/static/test/js/annotations/annotation_panel.js");
    const {GuessMode} = await import("/static/test/js/annotations/guess_mode.js");
    const store = new AnnotationStore({
        dataset,
        onChanged: () => panel.update(),
        onSaved: (indices) => window.saved.push(...indices),
        onProblem: (message) => document.getElementById("problems").textContent = message,
    });
    const panel = new AnnotationPanel(document.getElementById("annotation"), {store, classNames});
    const guessMode = new GuessMode(document.getElementById("guess"), {
        runId,
        classNames,
        onActive: (active) => window.events.push(active),
        onNext: () => window.showImage(items[(items.indexOf(guessMode.item) + 1) % items.length]),
        onRevealed: (indices) => window.events.push(...indices),
    });
    const showImage = (item) => { panel.show(item); guessMode.show(item); };
    Object.assign(window, {store, panel, guessMode, showImage, events: [], saved: []});
    store.receive(items);
    showImage(items[0]);
}"""


class AnnotationTestPage:
    """Test page that shows the first of `items` in the annotation panel and in guess mode.

    It has no keyboard shortcuts.
    """

    def __init__(self, page: Page, server: ServerProcess, run: dict[str, Any], class_names: list[str]) -> None:
        self.page = page
        self.server = server
        self.run_address = f"/api/runs/{run['id']}"
        self.annotations_address = f"/api/datasets/{run['hyperparameters']['dataset']}/test/annotations"
        self.class_names = class_names
        self.items = [server.get(f"{self.run_address}/predictions/{index}") for index in range(6)]
        self.open()

    def open(self) -> None:
        """Load the page, which shows the stored annotations."""
        stored = {item["index"]: item for item in self.annotations}
        items = [{**item, "annotation": stored.get(item["index"])} for item in self.items]
        self.page.goto(f"{self.server.base_url}/nothing")
        arguments = {
            "markup": TEMPLATES.from_string(MARKUP).render(),
            "dataset": "digits",
            "runId": int(self.run_address.rpartition("/")[2]),
            "classNames": self.class_names,
            "items": items,
        }
        self.page.evaluate(BUILD_PAGE, arguments)

    @property
    def annotations(self) -> list[dict[str, Any]]:
        """Annotations that the server has stored."""
        items: list[dict[str, Any]] = self.server.get(self.annotations_address)["items"]
        return items

    @property
    def guess_mode(self) -> Locator:
        return self.page.get_by_role("region", name="Guess mode")

    @property
    def guess_choices(self) -> Locator:
        """Group of the buttons with which a person guesses the class."""
        return self.guess_mode.get_by_role("group")

    def status(self, name: str) -> Locator:
        return self.page.get_by_role("status", name=name)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def show_image(self, position: int) -> None:
        """Show the image at this position of `items`."""
        self.page.evaluate("item => window.showImage({...item})", self.items[position])

    def shown_annotation(self, index: int) -> dict[str, Any]:
        """Return the annotation that the page shows for an image."""
        annotation: dict[str, Any] = self.page.evaluate("index => window.store.get(index)", index)
        return annotation

    def wait_until_saved(self) -> None:
        """Wait until the server has responded to every change."""
        self.page.evaluate("() => window.store.sending")


def clear_annotations(server: ServerProcess, run: dict[str, Any]) -> None:
    """Remove all annotations of test images and all guesses of the run."""
    address = f"/api/datasets/{run['hyperparameters']['dataset']}/test/annotations"
    annotated = [item["index"] for item in server.get(address)["items"]]
    if annotated:
        blank = {"indices": annotated, "flagged": False, "label": None, "note": ""}
        assert server.request("PATCH", address, blank)[0] == 200
    assert server.request("DELETE", f"/api/runs/{run['id']}/guesses")[0] == 204
