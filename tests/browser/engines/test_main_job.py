"""Main job of Misfit in three browser engines: train, browse misclassified images, explain one, compare, print.

The test finds elements by role and accessible name only, so that it holds for any markup.
"""

from __future__ import annotations

from pathlib import Path

from tests.browser.engines.engine import Engine
from tests.browser.engines.engine_page import EnginePage, exactly
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

LONG_RUN = "/?learning_rate=0.0001&epochs=10000&hidden_sizes=200+200"  # takes minutes
TILE = r"^Image \d+: true"
OPEN_IMAGE = "^true . → predicted"  # heading of the explanation
# The paths of the lines in the chart with this title. Plotly.js names their class.
DRAWN_LINES = """(title) => {
    const heading = [...document.querySelectorAll("h2, h3")].find((each) => each.textContent.trim() === title);
    const lines = heading?.closest("section")?.querySelectorAll("path.js-line") ?? [];
    return [...lines].map((line) => line.getAttribute("d")).filter(Boolean);
}"""
# True if the visible tab shows an explanation: images or a list, no busy part, and no canvas of the initial size.
IS_EXPLAINED = """() => {
    const isShown = (element) => element.checkVisibility();
    const panel = [...document.querySelectorAll('[role="tabpanel"]')].find(isShown);
    const parts = [...panel?.querySelectorAll("canvas, li") ?? []].filter(isShown);
    return parts.length > 0 && parts.every((part) => part.width !== 300)
        && ![...document.querySelectorAll('[aria-busy="true"]')].some(isShown);
}"""
# Faults of each kind that an engine must report.
PROVOKE_FAULTS = """() => {
    setTimeout(() => { throw new Error("thrown"); });
    Promise.reject(new Error("rejected"));
    console.error("written");
    document.body.append(Object.assign(document.createElement("style"), {textContent: "p { color: red }"}));
}"""
PROVOKED = ("thrown", "rejected", "written", "style-src")


class MainJob:
    """Steps of the main job, in their order."""

    def __init__(self, page: EnginePage, server: ServerProcess) -> None:
        self.page = page
        self.server = server
        self.run_ids: list[int] = []

    def run_id(self) -> int:
        """Return the id of the run in the address."""
        found = int(self.page.expect_address(r"[?&]run=(\d+)"))
        self.run_ids.append(found)
        return found

    def expect_lines(self, title: str, count: int) -> None:
        self.page.wait_for(
            f"(title, count) => ({DRAWN_LINES})(title).length >= count", title, count, what=f"lines in {title}"
        )

    def train(self) -> None:
        page = self.page
        page.open("/")
        page.click("button", "^Train on the 8×8 digits$")
        page.expect_text("region", "^Progress$", "finished")
        self.run_id()
        for title in ("Cost", "Accuracy"):
            self.expect_lines(title, 3)  # training, validation and test
        page.expect("link", TILE)

    def watch_live(self) -> None:
        """Start a long run, wait until its progress and its charts change, and stop it."""
        page = self.page
        page.open(LONG_RUN)
        page.click("button", "^Start training$")
        page.expect_text("region", "^Progress$", "running")
        run_id = self.run_id()
        for title in ("Cost", "Accuracy"):
            self.expect_lines(title, 3)
            before = page.engine.run_script(DRAWN_LINES, title)
            has_changed = f"(title, before) => JSON.stringify(({DRAWN_LINES})(title)) !== JSON.stringify(before)"
            page.wait_for(has_changed, title, before, what=f"a new point in {title}")
        page.click("button", "^Stop$")
        page.expect_text("region", "^Progress$", "stopped")
        self.server.wait_for_run(run_id, "stopped")

    def browse(self) -> None:
        """Filter the misclassified images of the first run by a cell of the matrix, and look at an earlier epoch."""
        page = self.page
        page.open(f"/runs/{self.run_ids[0]}")
        page.click("link", "^See misclassified images$")
        page.expect("heading", "^Misclassified images$")
        page.click("button", r"^true \d, predicted \d: [1-9].*misclassified$")
        page.expect_address(r"[?&]true=\d")
        page.expect_text("heading", "misclassified", r"\d")
        page.click("button", "^Clear filters$")
        page.wait_for("() => !location.search.includes('true=')", what="no filter in the address")
        page.focus("slider", "^Epoch$")
        page.engine.press("ArrowLeft")
        page.expect_address(r"[?&]epoch=\d+")
        page.click("link", TILE)
        page.expect("heading", OPEN_IMAGE)

    def read_each_tab(self) -> None:
        page = self.page
        tabs = page.texts("tab")
        assert len(tabs) >= 5
        for tab in tabs:
            page.click("tab", exactly(tab))
            page.expect("tabpanel", exactly(tab))
            page.wait_for(IS_EXPLAINED, what=f"the explanation {tab}")

    def edit_image(self) -> None:
        """Paint on the image, undo the stroke, and compute the smallest change that corrects the prediction."""
        page = self.page
        page.click("tab", "^What if$")
        page.drag_down("application", "^Paint")
        page.expect_text("tabpanel", "^What if$", "Size of the change")
        page.expect_text("tabpanel", "^What if$", r"Now predicted as \d")
        page.click("button", "^Undo stroke$")
        page.wait_for(
            "() => !document.body.textContent.includes('Size of the change')", what="the image without the stroke"
        )
        page.click("button", "^Search for the smallest change$")
        page.expect("button", "^Edit this image$")

    def go_to_next_image(self) -> None:
        page = self.page
        image = page.expect_address(r"[?&]image=(\d+)")
        page.click("button", "^Next image$")
        page.expect_address(rf"[?&]image=(?!{image}\b)\d+")
        page.engine.press("Escape")
        page.expect_gone("heading", OPEN_IMAGE)

    def compare(self) -> None:
        page = self.page
        names = [f"Run {run_id} of the job" for run_id in self.run_ids]
        for run_id, name in zip(self.run_ids, names, strict=True):
            self.server.request("PATCH", f"/api/runs/{run_id}", {"name": name})
        page.open("/runs")
        for name in names:
            page.click("checkbox", exactly(f"Compare {name}"))
        page.click("button or link", r"^Compare \d")
        page.expect("heading", "^Comparison$")
        for title in ("Cost", "Accuracy"):
            self.expect_lines(title, 2)

    def print_run(self) -> None:
        """Print the run page, and check that the page is unchanged afterwards."""
        page = self.page
        page.open(f"/runs/{self.run_ids[0]}")
        page.expect("heading", "^Confusion matrix$")
        self.expect_lines("Cost", 3)
        printed = page.engine.print_page()
        assert printed is None or printed.startswith(b"%PDF-")
        self.expect_lines("Cost", 3)


def test_main_job(engine: Engine, shared_server: ServerProcess, tmp_path: Path) -> None:
    job = MainJob(EnginePage(engine, shared_server.base_url), shared_server)
    try:
        job.train()
        job.watch_live()
        job.browse()
        job.read_each_tab()
        job.edit_image()
        job.go_to_next_image()
        job.compare()
        job.print_run()
    except Exception:
        screenshot = tmp_path / "failure.png"
        screenshot.write_bytes(engine.screenshot())
        print(f"The window at the time of the failure: {screenshot}")
        raise
    assert engine.faults() == []
    engine.run_script(PROVOKE_FAULTS)
    wait_until(
        lambda: all(any(text in fault for fault in engine.faults()) for text in PROVOKED),
        what="the engine reports each provoked fault",
    )
