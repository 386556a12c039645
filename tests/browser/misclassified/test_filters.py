"""Filters of the misclassified page: presets, confidence ranges, learning dynamics, confusions and exports."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Faults
from tests.browser.support.annotation_test_page import clear_annotations
from tests.browser.support.misclassified_page import MisclassifiedPage


@pytest.mark.parametrize(
    ("name", "query", "heading"),
    [
        ("Confidently misclassified", {"min_confidence": 0.9}, "0 misclassified test images"),
        ("Nearly correct", {"max_margin": 0.1}, r"misclassified test images?, nearly correct \(margin up to 0.1\)"),
        ("Include correct", {"answer": "any"}, "359 test images"),
        ("Correct", {"answer": "right"}, "correctly classified test images?"),
    ],
)
def test_filter_preset_selects_its_images(
    finished_page: MisclassifiedPage, name: str, query: dict[str, object], heading: str
) -> None:
    finished_page.open(image=5)
    finished_page.filter_button(name).click()
    expect(finished_page.filter_button(name)).to_have_attribute("aria-pressed", "true")
    expect(finished_page.filter_button("Misclassified")).to_have_attribute("aria-pressed", "false")
    expect(finished_page.detail).to_be_hidden()
    finished_page.expect_tiles(finished_page.get_indices(**query))
    expect(finished_page.heading).to_have_text(re.compile(heading))

    finished_page.page.reload()
    finished_page.expect_tiles(finished_page.get_indices(**query))
    expect(finished_page.filter_button(name)).to_have_attribute("aria-pressed", "true")
    finished_page.filter_button("Misclassified").click()
    finished_page.expect_tiles(finished_page.get_indices())


def test_filter_preset_does_not_change_the_class(finished_page: MisclassifiedPage) -> None:
    true = finished_page.get_list()["items"][0]["true_label"]
    finished_page.open(true=true)
    finished_page.filter_button("Correct").click()
    finished_page.expect_tiles(finished_page.get_indices(true=true, answer="right"))
    expect(finished_page.heading).to_have_text(re.compile(rf"correctly classified test images? of {true}"))
    finished_page.page.get_by_role("button", name="Clear filters").click()
    finished_page.expect_tiles(finished_page.get_indices())


def test_heading_counts_flagged_label_suspects(finished_page: MisclassifiedPage) -> None:
    clear_annotations(finished_page.server, finished_page.run)
    suspects = finished_page.get_indices(suspects="true", sort="label_error")
    assert len(suspects) > 1
    try:
        finished_page.open()
        finished_page.filter_button("Label suspects").click()
        finished_page.expect_tiles(suspects)
        expect(finished_page.tiles.first).to_contain_text("score")
        expect(finished_page.page.get_by_label("Sort by")).to_have_value("label_error")
        expect(finished_page.heading).to_have_text(
            re.compile(rf"^{len(suspects)} label suspects, 0 of {len(suspects)} flag")
        )
        finished_page.tiles.first.click()
        evidence = finished_page.page.get_by_text(re.compile(r"^Label suspect, possibly .* of 10 labeled"))
        expect(evidence).to_be_visible()
        finished_page.page.reload()
        expect(evidence).to_be_visible()
        finished_page.tiles.first.focus()
        finished_page.page.keyboard.press("f")
        expect(finished_page.heading).to_have_text(re.compile(f"1 of {len(suspects)} flagged"))
        finished_page.filter_button("Flagged").click()
        finished_page.expect_tiles(suspects[:1])
        expect(finished_page.page.get_by_label("Sort by")).to_have_value("confidence")
        finished_page.tiles.first.focus()
        finished_page.page.keyboard.press("f")
        expect(finished_page.page.locator("#nothing")).to_be_visible()
        finished_page.page.get_by_role("button", name="Clear filters").last.click()
        finished_page.expect_tiles(finished_page.get_indices())
    finally:
        clear_annotations(finished_page.server, finished_page.run)


def test_confidence_range_filters_the_list(finished_page: MisclassifiedPage) -> None:
    finished_page.open()
    lowest, highest = (
        finished_page.page.get_by_label(f"{bound} confidence in percent") for bound in ("Lowest", "Highest")
    )
    lowest.fill("40")
    lowest.press("Enter")
    finished_page.expect_tiles(finished_page.get_indices(min_confidence=0.4))
    highest.fill("62.5")
    highest.press("Enter")
    expected = finished_page.get_indices(min_confidence=0.4, max_confidence=0.625)
    assert 0 < len(expected) < len(finished_page.get_indices(min_confidence=0.4))
    finished_page.expect_tiles(expected)
    expect(finished_page.heading).to_contain_text("with a confidence of 40% to 62.5%")
    expect(finished_page.page).to_have_url(re.compile("min_confidence=0.4&max_confidence=0.625"))

    lowest.fill("70")
    lowest.press("Enter")
    expect(lowest).to_have_value("62.5")
    expect(highest).to_have_value("70")
    highest.fill("")
    highest.press("Enter")
    finished_page.expect_tiles(finished_page.get_indices(min_confidence=0.625))


def test_learning_history_filters_the_list(finished_page: MisclassifiedPage) -> None:
    counts = finished_page.server.get(f"/api/runs/{finished_page.run['id']}/histories")["counts"]
    finished_page.open()
    history_filter = finished_page.page.locator('select[name="history"]')
    for history, description in (("forgotten", "forgotten"), ("never", "never learned"), ("late", "learned late")):
        expect(history_filter.locator(f'option[value="{history}"]')).to_have_text(f"{description} ({counts[history]})")
    assert counts["never"]
    epochs = finished_page.run["epochs_completed"]
    history_filter.select_option("never")
    finished_page.expect_tiles(finished_page.get_indices(history="never"))
    expect(finished_page.heading).to_have_text(
        re.compile(f"^{counts['never']} misclassified test images?, never learned up to epoch {epochs}$")
    )
    expect(history_filter).to_have_accessible_description(
        f"Epochs 1 to {epochs}: misclassified in each of these epochs"
    )

    finished_page.page.get_by_label("Sort by").select_option("learned")
    history_filter.select_option("late")
    finished_page.filter_button("Include correct").click()
    finished_page.expect_tiles(finished_page.get_indices(history="late", answer="any", sort="learned"))


def test_invalid_address_shows_the_default_view(finished_page: MisclassifiedPage) -> None:
    finished_page.open(
        history="x", answer="x", min_confidence="7", max_margin="-1", flagged="x", sort="x", tab="x", true=77
    )
    finished_page.expect_tiles(finished_page.get_indices())


def test_matrix_shows_percentages_of_rows(finished_page: MisclassifiedPage) -> None:
    finished_page.open()
    matrix = finished_page.get_matrix()
    finished_page.page.get_by_text("% of row").click()
    for label, row in enumerate(matrix):
        percentage = 100 * row[label] / sum(row)
        expect(finished_page.matrix_cell(label, label)).to_have_text(
            "100" if percentage == 100 else f"{percentage:.1f}"
        )
    expect(finished_page.page).to_have_url(re.compile("matrix=shares"))
    finished_page.page.get_by_text("Counts", exact=True).click()
    expect(finished_page.matrix_cell(0, 0)).to_have_text(str(matrix[0][0]))


def test_top_confusions_filter_the_list(finished_page: MisclassifiedPage) -> None:
    matrix = finished_page.get_matrix()
    cells = [(-n, i, j) for i, row in enumerate(matrix) for j, n in enumerate(row) if i != j and n]
    finished_page.open()
    confusions = finished_page.page.locator("#confusions button:visible")
    names = confusions.evaluate_all("buttons => buttons.map(button => button.ariaLabel)")
    assert names == [
        f"true {i}, predicted {j}: {-n} {'image' if n == -1 else 'images'}" for n, i, j in sorted(cells)[:6]
    ]
    _, true, predicted = min(cells)
    confusions.first.click()
    finished_page.expect_tiles(finished_page.get_indices(true=true, predicted=predicted))
    expect(finished_page.matrix_cell(true, predicted)).to_have_attribute("aria-pressed", "true")
    expect(finished_page.heading).to_have_text(
        re.compile(rf"misclassified test images? of {true} predicted as {predicted}")
    )
    confusions.first.click()
    finished_page.expect_tiles(finished_page.get_indices())


def test_cell_of_the_open_image_is_marked(finished_page: MisclassifiedPage) -> None:
    item = finished_page.get_list()["items"][2]
    finished_page.open(image=item["index"])
    expect(finished_page.matrix_cell(item["true_label"], item["predicted_label"])).to_have_attribute(
        "data-open", "true"
    )
    expect(finished_page.page.locator(".matrix-cell[data-open]")).to_have_count(1)


def test_calibration_is_loaded_when_opened(finished_page: MisclassifiedPage, faults: Faults) -> None:
    page = finished_page.page
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url) if "plotly" in request.url else None)
    finished_page.open()
    assert [url for url in scripts if url.endswith(".js")] == [], (
        "plotly.js, 4.8 MB, must not load before the chart is opened"
    )
    page.get_by_text("Calibration", exact=True).click()
    calibration = finished_page.server.get(f"/api/runs/{finished_page.run['id']}/calibration")

    def expect_text(threshold: float) -> None:
        expected = calibration["thresholds"][round(100 * threshold)]
        text = page.locator("#calibration-text")
        expect(text).to_contain_text(
            f"At {threshold:.0%}, the network classifies {100 * expected['coverage']:.1f}% of the images"
        )
        expect(text).to_contain_text(f"{100 * expected['accuracy']:.2f}% of them correctly")

    expect_text(0.9)
    expect(page.locator("#calibration-error")).to_have_text(f"{100 * calibration['expected_calibration_error']:.1f}%")
    for chart in ("#coverage", "#reliability"):
        expect(page.locator(f"{chart} .plot-container").first).to_be_visible()
    page.locator("#threshold").focus()
    page.keyboard.press("ArrowLeft")
    expect_text(0.89)
    expect(page).to_have_url(re.compile("trust=true&threshold=0.89"))
    page.get_by_text("Values as tables").click()
    rows = page.locator("#calibration-tables table").first.locator("tbody tr")
    shown = [int(row.locator("td").first.inner_text()) for row in rows.all()]
    assert shown == [interval["images"] for interval in calibration["bins"]]
    assert sum(shown) == calibration["images"]

    page.get_by_role("button", name="misclassified above it").click()
    finished_page.expect_tiles(finished_page.get_indices(min_confidence=0.89))
    page.get_by_role("button", name="below the threshold").click()
    finished_page.expect_tiles(finished_page.get_indices(answer="any", max_confidence=0.89))
    page.reload()
    expect_text(0.89)
    assert faults.unexpected() == []


def test_list_can_be_exported(finished_page: MisclassifiedPage, tmp_path: Path) -> None:
    finished_page.open(answer="right", sort="index", order="asc")
    expected = finished_page.get_list(answer="right", sort="index", order="asc", limit=500)
    files = {}
    for file_format, name in (("csv", "CSV"), ("json", "JSON"), ("png", "Contact sheet")):
        with finished_page.page.expect_download() as downloading:
            finished_page.page.get_by_text("Export").click()
            finished_page.page.get_by_role("link", name=name).click()
        expect(finished_page.page.get_by_role("link", name=name)).to_be_hidden()
        files[file_format] = tmp_path / file_format
        downloading.value.save_as(files[file_format])
    rows = files["csv"].read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + expected["total"]
    exported = json.loads(files["json"].read_text(encoding="utf-8"))
    assert [item["index"] for item in exported["items"]] == [item["index"] for item in expected["items"]]
    assert files["png"].read_bytes().startswith(b"\x89PNG")


def test_escape_or_a_click_elsewhere_closes_the_export_menu(finished_page: MisclassifiedPage) -> None:
    page = finished_page.page
    finished_page.open(true=8)
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
    finished_page.heading.click()
    expect(link).to_be_hidden()


@pytest.mark.parametrize(
    ("sort", "member", "pattern"), [("loss", "loss", "loss {:.4g}"), ("margin", "margin", "margin {:.2f}")]
)
def test_tiles_show_the_sort_value(finished_page: MisclassifiedPage, sort: str, member: str, pattern: str) -> None:
    finished_page.open(sort=sort)
    item = finished_page.server.get(f"/api{finished_page.path}?limit=1&sort={sort}")["items"][0]
    value = finished_page.page.locator("#tiles .tile .tile-confidence").first
    expect(value).to_contain_text(pattern.format(item[member]))


def test_leaving_guess_mode_restores_the_view(finished_page: MisclassifiedPage) -> None:
    page = finished_page.page
    finished_page.open(sort="loss")
    images = finished_page.get_indices(sort="loss")
    finished_page.expect_tiles(images)
    page.keyboard.press("g")
    expect(page).to_have_url(re.compile("guess=true"))
    page.keyboard.press("g")
    finished_page.expect_tiles(images)
    expect(page).to_have_url(re.compile(r"\?sort=loss$"))
