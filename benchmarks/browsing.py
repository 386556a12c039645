"""How quickly the misclassified page follows a person, from the input to the frame that shows the answer.

`python tasks.py bench browsing [--epochs 30] [--times 20]`

Trains the preset "MNIST modern", then, in Chromium: opens the page by the link on the run's page (first with nothing
cached, then again and again as people do), filters by class, sorts, moves the scrubber, and opens images with each kind
of explanation. A time begins with the browser's own time stamp of the click or key and ends after the frame in which
everything that was asked for stands: figures, tiles with their pictures, explanation. The first image of each kind,
which pays for what all of them share, is left out. The digits stand in for MNIST where it is not there
(MISFIT_DATASETS_DIR).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from benchmarks.explaining import Explanation
from benchmarks.measuring.dashboard import dashboard
from benchmarks.measuring.waits import waits_row, waits_table

# `lastInput` is the time of the last input, of whatever page; `painted` resolves with the time at which all stands.
WATCH = """
for (const kind of ["pointerdown", "keydown", "input", "change", "click"]) {
    const note = (event) => sessionStorage.setItem("lastInput", performance.timeOrigin + event.timeStamp);
    addEventListener(kind, note, {capture: true});
}
window.stands = ({search, image}) => {
    const tiles = document.getElementById("tiles");
    if (!location.search.includes(search) || tiles?.getAttribute("aria-busy") !== "false") return false;
    const pictures = [...tiles.querySelectorAll("canvas")];
    if (!pictures.length && !tiles.hidden || pictures.some((canvas) => canvas.width === 300)) return false;
    if (image === undefined) return true;
    const detail = document.getElementById("detail");
    return detail.querySelector('[data-part="index"]').textContent.replace(",", "") === image
        && ![...detail.querySelectorAll('[aria-busy="true"]')].some((part) => part.checkVisibility());
};
window.painted = (wanted) => new Promise((resolve) => {
    const look = () => {
        if (!window.stands(wanted)) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => {
            resolve(performance.timeOrigin + performance.now() - Number(sessionStorage.getItem("lastInput")));
        }));
    };
    requestAnimationFrame(look);
});
if (location.pathname.endsWith("/misclassified")) window.awaited = window.painted({search: ""});
"""
TABS = ("answer", "gap", "pixels", "examples")


class Browsed:
    """A page, and the run that it is about."""

    def __init__(self, page: Page, explained: Explanation) -> None:
        self.page = page
        self.run_url = explained.server.base_url + explained.path.removeprefix("/api")
        self.epochs = explained.epochs
        page.add_init_script(WATCH)

    def seconds(self, act: Callable[[], object], search: str, **wanted: str) -> float:
        """From the input that `act` makes until the view of `search`, a part of the address, is painted."""
        self.page.evaluate("wanted => { window.awaited = painted(wanted); }", {"search": search, **wanted})
        act()
        milliseconds: float = self.page.evaluate("window.awaited")
        return milliseconds / 1000

    def open(self) -> float:
        """Seconds to open the page from that of the run."""
        self.page.goto(self.run_url)
        link = self.page.locator("#misclassified-link")
        link.wait_for()
        self.page.wait_for_load_state("networkidle")
        link.click()
        self.page.wait_for_url("**/misclassified*")
        milliseconds: float = self.page.evaluate("window.awaited")
        return milliseconds / 1000

    def choose(self, name: str, value: str) -> float:
        """Seconds to choose something else in one of the selects."""
        select = self.page.locator(f'#filters select[name="{name}"]')
        return self.seconds(lambda: select.select_option(value), f"{name}={value}")

    def filters(self, times: int) -> Iterator[float]:
        """Seconds to filter by class."""
        for time in range(times):
            yield self.choose("true", str(time % 10))
        self.page.locator("#clear").click()

    def sorts(self, times: int) -> Iterator[float]:
        """Seconds to sort, by what is known of each image without a search."""
        orders = ("loss", "margin", "learned", "index")
        for time in range(times):
            yield self.choose("sort", orders[time % len(orders)])

    def scrubs(self, times: int) -> Iterator[float]:
        """Seconds to move the scrubber by an epoch, most of which have not been looked at."""
        slider = self.page.locator('#epochs [data-part="slider"]')
        slider.focus()
        epoch = self.epochs
        for _ in range(min(times, self.epochs - 1)):
            epoch -= 1
            yield self.seconds(lambda: slider.press("ArrowLeft"), f"epoch={epoch}")

    def images(self, tab: str, times: int) -> Iterator[float]:
        """Seconds to open one image after another with one kind of explanation; the first is not told."""
        self.page.goto(f"{self.run_url}/misclassified?tab={tab}")
        self.page.evaluate("window.awaited")
        tiles = self.page.locator("#tiles .tile")
        for time in range(times + 1):
            tile = tiles.nth(time % tiles.count())
            index = tile.get_attribute("data-index") or ""
            seconds = self.seconds(tile.click, f"image={index}", image=index)
            self.page.keyboard.press("Escape")
            if time:
                yield seconds


def table(epochs: int = 30, times: int = 20) -> str:
    """Everything; Markdown."""
    with dashboard() as (server, browser):
        explained = Explanation(server, epochs)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        browsed = Browsed(page, explained)
        rows = [
            waits_row("open the page, nothing cached", [browsed.open()]),
            waits_row("open the page", [browsed.open() for _ in range(times)]),
            waits_row("filter by class", list(browsed.filters(times))),
            waits_row("sort", list(browsed.sorts(times))),
            waits_row("move the scrubber", list(browsed.scrubs(times))),
            *(waits_row(f"open an image, {tab}", list(browsed.images(tab, times))) for tab in TABS),
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
