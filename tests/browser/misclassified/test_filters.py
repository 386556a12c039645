"""Filters of the misclassified page: presets, ranges, learning histories, confusions, calibration, exports."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Faults
from tests.browser.support.annotation_test_page import clear
from tests.browser.support.misclassified_page import MisclassifiedImages


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("Confidently misclassified", {"min_confidence": 0.9}, "No images match these filters"),
        ("Nearly correct", {"max_margin": 0.1}, r"misclassified test images?, nearly correct \(margin up to 0.1\)"),
        ("Include correct", {"answer": "any"}, "359 test images"),
        ("Correct", {"answer": "right"}, "correctly classified test images?"),
    ],
)
def test_filter_presets(finished: MisclassifiedImages, name: str, query: dict[str, object], words: str) -> None:
    finished.open(image=5)
    finished.chip(name).click()
    expect(finished.chip(name)).to_have_attribute("aria-pressed", "true")
    expect(finished.chip("Misclassified")).to_have_attribute("aria-pressed", "false")
    expect(finished.detail).to_be_hidden()
    finished.expect_tiles(finished.stored(**query))
    expect(finished.heading).to_have_text(re.compile(words))

    finished.page.reload()
    finished.expect_tiles(finished.stored(**query))
    expect(finished.chip(name)).to_have_attribute("aria-pressed", "true")
    finished.chip("Misclassified").click()
    finished.expect_tiles(finished.stored())


def test_filter_presets_keep_the_class(finished: MisclassifiedImages) -> None:
    true = finished.answer()["items"][0]["true_label"]
    finished.open(true=true)
    finished.chip("Correct").click()
    finished.expect_tiles(finished.stored(true=true, answer="right"))
    expect(finished.heading).to_have_text(re.compile(rf"correctly classified test images? of {true}"))
    finished.page.get_by_role("button", name="Clear filters").click()
    finished.expect_tiles(finished.stored())


def test_label_suspects_count_flagged_images(finished: MisclassifiedImages) -> None:
    clear(finished.server, finished.run)
    suspects = finished.stored(suspects="true")
    assert len(suspects) > 1
    try:
        finished.open()
        finished.chip("Label suspects").click()
        finished.expect_tiles(suspects)
        expect(finished.heading).to_have_text(
            re.compile(rf"^{len(suspects)} label suspects, 0 of {len(suspects)} flag")
        )
        finished.tiles.first.focus()
        finished.page.keyboard.press("f")
        expect(finished.heading).to_have_text(re.compile(f"1 of {len(suspects)} flagged"))
        finished.chip("Flagged").click()
        finished.expect_tiles(suspects[:1])
        finished.tiles.first.focus()
        finished.page.keyboard.press("f")
        expect(finished.page.locator("#nothing")).to_be_visible()
        finished.page.get_by_role("button", name="Clear filters").last.click()
        finished.expect_tiles(finished.stored())
    finally:
        clear(finished.server, finished.run)


def test_a_range_of_confidence(finished: MisclassifiedImages) -> None:
    finished.open()
    lowest, highest = (finished.page.get_by_label(f"{which} confidence in percent") for which in ("Lowest", "Highest"))
    lowest.fill("40")
    lowest.press("Enter")
    finished.expect_tiles(finished.stored(min_confidence=0.4))
    highest.fill("62.5")
    highest.press("Enter")
    expected = finished.stored(min_confidence=0.4, max_confidence=0.625)
    assert 0 < len(expected) < len(finished.stored(min_confidence=0.4))
    finished.expect_tiles(expected)
    expect(finished.heading).to_contain_text("with a confidence of 40% to 62.5%")
    expect(finished.page).to_have_url(re.compile("min_confidence=0.4&max_confidence=0.625"))

    lowest.fill("70")
    lowest.press("Enter")
    expect(highest).to_have_value("70")
    highest.fill("")
    highest.press("Enter")
    finished.expect_tiles(finished.stored(min_confidence=0.7))


def test_filter_by_learning_history(finished: MisclassifiedImages) -> None:
    counts = finished.server.get(f"/api/runs/{finished.run['id']}/histories")["counts"]
    finished.open()
    learned = finished.page.locator('select[name="history"]')
    for kind, words in (("forgotten", "forgotten"), ("never", "never learned"), ("late", "learned late")):
        expect(learned.locator(f'option[value="{kind}"]')).to_have_text(f"{words} ({counts[kind]})")
    assert counts["never"]
    learned.select_option("never")
    finished.expect_tiles(finished.stored(history="never"))
    expect(finished.heading).to_have_text(re.compile(f"^{counts['never']} misclassified test images?, never learned$"))
    expect(learned).to_have_accessible_description("misclassified in every epoch up to this one")

    finished.page.get_by_label("Sort by").select_option("learned")
    learned.select_option("late")
    finished.chip("Include correct").click()
    finished.expect_tiles(finished.stored(history="late", answer="any", sort="learned"))


def test_invalid_address_shows_the_default_view(finished: MisclassifiedImages) -> None:
    finished.open(history="x", answer="x", min_confidence="7", max_margin="-1", flagged="x", sort="x", tab="x", true=77)
    finished.expect_tiles(finished.stored())


def test_matrix_shows_percentages_of_rows(finished: MisclassifiedImages) -> None:
    finished.open()
    matrix = finished.matrix()
    finished.page.get_by_text("% of row").click()
    for label, row in enumerate(matrix):
        share = 100 * row[label] / sum(row)
        expect(finished.cell(label, label)).to_have_text("100" if share == 100 else f"{share:.1f}")
    expect(finished.page).to_have_url(re.compile("matrix=shares"))
    finished.page.get_by_text("Counts", exact=True).click()
    expect(finished.cell(0, 0)).to_have_text(str(matrix[0][0]))


def test_top_confusions_select_their_images(finished: MisclassifiedImages) -> None:
    matrix = finished.matrix()
    cells = [(-n, i, j) for i, row in enumerate(matrix) for j, n in enumerate(row) if i != j and n]
    finished.open()
    confusions = finished.page.locator("#confusions button:visible")
    names = confusions.evaluate_all("all => all.map(one => one.ariaLabel)")
    assert names == [
        f"true {i}, predicted {j}: {-n} {'image' if n == -1 else 'images'}" for n, i, j in sorted(cells)[:6]
    ]
    _, true, predicted = min(cells)
    confusions.first.click()
    finished.expect_tiles(finished.stored(true=true, predicted=predicted))
    expect(finished.cell(true, predicted)).to_have_attribute("aria-pressed", "true")
    expect(finished.heading).to_have_text(re.compile(rf"misclassified test images? of {true} predicted as {predicted}"))
    confusions.first.click()
    finished.expect_tiles(finished.stored())


def test_cell_of_the_open_image_is_marked(finished: MisclassifiedImages) -> None:
    item = finished.answer()["items"][2]
    finished.open(image=item["index"])
    expect(finished.cell(item["true_label"], item["predicted_label"])).to_have_attribute("data-open", "true")
    expect(finished.page.locator(".matrix-cell[data-open]")).to_have_count(1)


def test_calibration_is_loaded_when_opened(finished: MisclassifiedImages, faults: Faults) -> None:
    page = finished.page
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url) if "plotly" in request.url else None)
    finished.open()
    assert [url for url in scripts if url.endswith(".js")] == [], "4.8 MB that most people never need"
    page.get_by_text("Calibration", exact=True).click()
    calibration = finished.server.get(f"/api/runs/{finished.run['id']}/calibration")

    def expect_words(threshold: float) -> None:
        at = calibration["thresholds"][round(100 * threshold)]
        words = page.locator("#calibration-text")
        expect(words).to_contain_text(
            f"At {threshold:.0%}, the network classifies {100 * at['coverage']:.1f}% of the images"
        )
        expect(words).to_contain_text(f"{100 * at['accuracy']:.2f}% of them correctly")

    expect_words(0.9)
    expect(page.locator("#calibration-error")).to_have_text(f"{100 * calibration['expected_calibration_error']:.1f}%")
    for drawing in ("#coverage", "#reliability"):
        expect(page.locator(f"{drawing} .plot-container").first).to_be_visible()
    page.locator("#threshold").focus()
    page.keyboard.press("ArrowLeft")
    expect_words(0.89)
    expect(page).to_have_url(re.compile("trust=true&threshold=0.89"))
    page.get_by_text("Values as tables").click()
    rows = page.locator("#calibration-table table").first.locator("tbody tr")
    shown = [int(row.locator("td").first.inner_text()) for row in rows.all()]
    assert shown == [one["images"] for one in calibration["bins"]]
    assert sum(shown) == calibration["images"]

    page.get_by_role("button", name="misclassified above it").click()
    finished.expect_tiles(finished.stored(min_confidence=0.89))
    page.get_by_role("button", name="below the threshold").click()
    finished.expect_tiles(finished.stored(answer="any", max_confidence=0.89))
    page.reload()
    expect_words(0.89)
    assert faults.unexpected() == []


def test_list_can_be_exported(finished: MisclassifiedImages, tmp_path: Path) -> None:
    finished.open(answer="right", sort="index", order="asc")
    wanted = finished.answer(answer="right", sort="index", order="asc", limit=500)
    files = {}
    for kind, name in (("csv", "CSV"), ("json", "JSON"), ("png", "Contact sheet")):
        with finished.page.expect_download() as downloading:
            finished.page.get_by_text("Export").click()
            finished.page.get_by_role("link", name=name).click()
        expect(finished.page.get_by_role("link", name=name)).to_be_hidden()
        files[kind] = tmp_path / kind
        downloading.value.save_as(files[kind])
    rows = files["csv"].read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + wanted["total"]
    told = json.loads(files["json"].read_text(encoding="utf-8"))
    assert [item["index"] for item in told["items"]] == [item["index"] for item in wanted["items"]]
    assert files["png"].read_bytes().startswith(b"\x89PNG")


def test_export_menu_closes_on_escape_and_on_leaving(finished: MisclassifiedImages) -> None:
    page = finished.page
    finished.open(true=8)
    button, link = page.locator("#export summary"), page.get_by_role("link", name="CSV")
    button.press("Enter")
    expect(link).to_be_visible()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(button).to_be_focused()
    expect(page).to_have_url(re.compile("true=8"))
    button.click()
    finished.heading.click()
    expect(link).to_be_hidden()


@pytest.mark.parametrize(
    ("sort", "member", "pattern"), [("loss", "loss", "loss {:.4g}"), ("margin", "margin", "margin {:.2f}")]
)
def test_tiles_show_the_sort_value(finished: MisclassifiedImages, sort: str, member: str, pattern: str) -> None:
    finished.open(sort=sort)
    item = finished.server.get(f"/api{finished.path}?limit=1&sort={sort}")["items"][0]
    figure = finished.page.locator("#tiles .tile .tile-confidence").first
    expect(figure).to_contain_text(pattern.format(item[member]))


def test_leaving_guess_mode_restores_the_view(finished: MisclassifiedImages) -> None:
    page = finished.page
    finished.open(sort="loss")
    images = finished.stored(sort="loss")
    finished.expect_tiles(images)
    page.keyboard.press("g")
    expect(page).to_have_url(re.compile("guess=true"))
    page.keyboard.press("g")
    finished.expect_tiles(images)
    expect(page).to_have_url(re.compile(r"\?sort=loss$"))
