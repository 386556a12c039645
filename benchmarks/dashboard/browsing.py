"""Response time of the page of misclassified images, from the input event to the frame that shows the result.

`python tasks.py bench browsing [--epochs 30] [--times 20]`

The benchmark trains the preset "MNIST modern". Then it opens the page of misclassified images in Chromium, through the
link on the run page, first with an empty cache and then repeatedly. On this page, it filters by class, sorts, and moves
the epoch slider. Then it selects each tab of the explanation in turn and opens images. Each measurement starts at the
browser's time stamp of the click or key press, and ends after the frame that shows the complete result: numbers, tiles
with their images, explanation. The first image of each tab is not counted, because its time includes the computation of
data that all images share. If MNIST is not in MISFIT_DATASETS_DIR, the benchmark uses the 8×8 digits.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from benchmarks.dashboard.explaining import ExplainedRun
from benchmarks.measuring.dashboard import dashboard
from benchmarks.measuring.waits import waits_row, waits_table

# `lastInput` is the time of the last input event on any page. `painted` resolves with the milliseconds from that time
# to the first frame that shows the wanted view completely.
WATCH_PAGE = """
for (const kind of ["pointerdown", "keydown", "input", "change", "click"]) {
    const storeTime = (event) => sessionStorage.setItem("lastInput", performance.timeOrigin + event.timeStamp);
    addEventListener(kind, storeTime, {capture: true});
}
window.isComplete = ({search, image}) => {
    const tiles = document.getElementById("tiles");
    if (!location.search.includes(search) || tiles?.getAttribute("aria-busy") !== "false") return false;
    const canvases = [...tiles.querySelectorAll("canvas")];
    if (!canvases.length && !tiles.hidden || canvases.some((canvas) => canvas.width === 300)) return false;
    if (image === undefined) return true;
    const detail = document.getElementById("detail");
    return detail?.querySelector('[data-part="index"]')?.textContent.replace(",", "") === image
        && ![...detail.querySelectorAll('[aria-busy="true"]')].some((part) => part.checkVisibility());
};
window.painted = (wanted) => new Promise((resolve) => {
    const checkFrame = () => {
        if (!window.isComplete(wanted)) return requestAnimationFrame(checkFrame);
        requestAnimationFrame(() => setTimeout(() => {
            resolve(performance.timeOrigin + performance.now() - Number(sessionStorage.getItem("lastInput")));
        }));
    };
    requestAnimationFrame(checkFrame);
});
if (location.pathname.endsWith("/misclassified")) window.awaited = window.painted({search: ""});
"""
TABS = ("answer", "gap", "pixels", "examples")


class BrowsedRun:
    """Browser page that shows a run and its misclassified images."""

    def __init__(self, page: Page, explained_run: ExplainedRun) -> None:
        self.page = page
        self.run_url = explained_run.server.base_url + explained_run.path.removeprefix("/api")
        self.epochs = explained_run.epochs
        page.add_init_script(WATCH_PAGE)

    def measure(self, make_input: Callable[[], object], search: str, **wanted: str) -> float:
        """Call `make_input`, and return the seconds until a frame shows the view with `search` in its query string."""
        self.page.evaluate("wanted => { window.awaited = painted(wanted); }", {"search": search, **wanted})
        make_input()
        milliseconds: float = self.page.evaluate("window.awaited")
        return milliseconds / 1000

    def open_page(self) -> float:
        """Open the page of misclassified images from the run page, and return the seconds until it is complete."""
        self.page.goto(self.run_url)
        link = self.page.get_by_role("link", name="See misclassified images")
        link.wait_for()
        self.page.wait_for_load_state("networkidle")
        link.click()
        self.page.wait_for_url("**/misclassified*")
        milliseconds: float = self.page.evaluate("window.awaited")
        return milliseconds / 1000

    def select_option(self, name: str, value: str) -> float:
        """Select an option of a filter or of the sort order, and return the seconds until the result is shown."""
        select = self.page.locator(f'#filters select[name="{name}"]')
        return self.measure(lambda: select.select_option(value), f"{name}={value}")

    def filter_by_class(self, times: int) -> Iterator[float]:
        """Filter by one class after another, and yield the seconds of each filtering."""
        for turn in range(times):
            yield self.select_option("true", str(turn % 10))
        self.page.get_by_role("button", name="Clear filters").click()

    def sort_images(self, times: int) -> Iterator[float]:
        """Sort in one order after another, and yield the seconds of each sorting.

        The sort by smallest change is left out, because it starts a search for each image.
        """
        orders = ("loss", "margin", "learned", "index")
        for turn in range(times):
            yield self.select_option("sort", orders[turn % len(orders)])

    def move_epoch_slider(self, times: int) -> Iterator[float]:
        """Move the epoch slider back by one epoch at a time, and yield the seconds of each move.

        The page has not loaded most of these epochs.
        """
        slider = self.page.get_by_role("slider", name="Epoch", exact=True)
        slider.focus()
        epoch = self.epochs
        for _ in range(min(times, self.epochs - 1)):
            epoch -= 1
            yield self.measure(lambda: slider.press("ArrowLeft"), f"epoch={epoch}")

    def open_images(self, tab: str, times: int) -> Iterator[float]:
        """Select this tab of the explanation, open images, and yield the seconds of each image except the first."""
        self.page.goto(f"{self.run_url}/misclassified?tab={tab}")
        self.page.evaluate("window.awaited")
        tiles = self.page.locator("#tiles .tile")
        for turn in range(times + 1):
            tile = tiles.nth(turn % tiles.count())
            index = tile.get_attribute("data-index") or ""
            seconds = self.measure(tile.click, f"image={index}", image=index)
            self.page.keyboard.press("Escape")
            if turn:
                yield seconds


def table(epochs: int = 30, times: int = 20) -> str:
    """Measure all response times, and return a Markdown table."""
    with dashboard() as (server, browser):
        explained_run = ExplainedRun(server, epochs)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        browsed = BrowsedRun(page, explained_run)
        rows = [
            waits_row("open the page, empty cache", [browsed.open_page()]),
            waits_row("open the page", [browsed.open_page() for _ in range(times)]),
            waits_row("filter by class", list(browsed.filter_by_class(times))),
            waits_row("sort", list(browsed.sort_images(times))),
            waits_row("move the epoch slider", list(browsed.move_epoch_slider(times))),
            *(waits_row(f"open an image, {tab}", list(browsed.open_images(tab, times))) for tab in TABS),
        ]
    return waits_table(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    print(table(options.epochs, options.times))


if __name__ == "__main__":
    main()
