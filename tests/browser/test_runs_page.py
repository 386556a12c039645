"""Runs page: a table that can be sorted and filtered, and a comparison of the selected runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Faults
from tests.browser.support.accessibility import assert_accessible, assert_no_wider_than_screen
from tests.browser.support.charts import column, expect_epochs, expect_line_count, expect_lines, y_values
from tests.support.server_process import ServerProcess
from tests.support.stored_runs import LONGEST_NAME, store_runs


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, list[dict[str, Any]]]]:
    """Start a separate server, so that the table contains only these three runs."""
    folder: Path = tmp_path_factory.mktemp("runs-page")
    with ServerProcess(folder / "data", datasets_dir=folder / "datasets") as server:
        ids = [
            server.create_run(name="Slow", epochs=3, learning_rate=0.0001)["id"],
            server.create_run(name="Fast", epochs=3, learning_rate=0.01)["id"],
            server.create_run(name="Wide", epochs=2, hidden_sizes=[128])["id"],
        ]
        yield server, [server.wait_for_run(run_id, "finished") for run_id in ids]


@pytest.fixture(scope="module")
def many_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Start a server with 60 runs of all presets."""
    with ServerProcess(tmp_path_factory.mktemp("many-runs") / "data") as server:
        store_runs(server.data_dir, 60)
        yield server


Runs = tuple[ServerProcess, list[dict[str, Any]]]


def test_newest_run_is_first_until_a_column_header_is_clicked(page: Page, runs: Runs) -> None:
    server, stored = runs
    page.goto(f"{server.base_url}/runs")
    expect(page.locator("#runs .runs-name")).to_have_text(["Wide", "Fast", "Slow"])
    page.get_by_role("columnheader", name="Name").get_by_role("button").click()
    expect(page.locator("#runs .runs-name")).to_have_text(["Fast", "Slow", "Wide"])

    page.get_by_role("columnheader", name="Test").get_by_role("button").click()
    expect(page).to_have_url(re.compile("sort=test_accuracy"))
    best_first = sorted(stored, key=lambda run: run["metrics"]["test_accuracy"], reverse=True)
    expect(page.locator("#runs .runs-name")).to_have_text([run["name"] for run in best_first])
    page.reload()
    expect(page.locator("#runs .runs-name")).to_have_text([run["name"] for run in best_first])


def test_filter_shows_matching_runs_and_can_be_cleared(page: Page, runs: Runs) -> None:
    server, _ = runs
    page.goto(f"{server.base_url}/runs")
    expect(page.locator("#count")).to_have_text("3 runs")
    page.get_by_role("searchbox").fill("fast")
    expect(page.locator("#runs .runs-name")).to_have_text(["Fast"])
    expect(page.locator("#count")).to_have_text("1 of 3 runs")
    page.get_by_role("searchbox").fill("no such run")
    expect(page.locator("#no-match")).to_be_visible()
    page.get_by_role("button", name="Show every run").click()
    expect(page.locator("#runs .runs-name")).to_have_count(3)


def test_rows_show_the_diagnosis_with_an_icon_and_are_sorted_by_it(page: Page, many_runs: ServerProcess) -> None:
    page.goto(f"{many_runs.base_url}/runs")
    shown = page.locator("#runs tbody tr").locator("[data-label=Diagnosis]")
    expect(shown).to_have_count(25)
    texts = {" ".join(text.split()) for text in shown.all_inner_texts()}
    assert texts == {"–", "✓ Learns well", "✗ Diverging", f"⚠ {LONGEST_NAME}"}
    page.get_by_role("columnheader", name="Diagnosis").get_by_role("button").click()
    expect(page).to_have_url(re.compile("sort=diagnosis&order=asc"))
    expect(shown.filter(has_text="✗ Diverging")).to_have_count(15)
    expect(shown.first).to_have_text(re.compile(r"✗\s+Diverging"))
    page.get_by_role("searchbox").fill("learns well")
    expect(shown).to_have_text([re.compile(r"✓\s+Learns well")] * 15)


def test_a_phone_shows_the_diagnosis_of_each_run_in_its_card(page: Page, many_runs: ServerProcess) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{many_runs.base_url}/runs?filter=diverging")
    cell = page.locator("#runs tbody tr").first.locator("[data-label=Diagnosis]")
    expect(cell).to_have_text(re.compile(r"✗\s+Diverging"))
    expect(page.get_by_role("combobox", name="Sort by")).to_contain_text("Diagnosis")
    assert_no_wider_than_screen(page, "runs")
    assert_accessible(page, "runs")


def test_selected_runs_are_compared_and_stored_in_the_address(page: Page, runs: Runs) -> None:
    server, stored = runs
    slow, fast, _ = stored
    page.goto(f"{server.base_url}/runs")
    page.get_by_label("Compare Slow").check()
    page.get_by_label("Compare Fast").check()
    expect(page).to_have_url(re.compile(rf"compare={slow['id']}(,|%2C){fast['id']}"))
    page.get_by_role("button", name="Compare 2 runs").click()
    heading = page.get_by_role("heading", name="Comparison")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()

    def expect_comparison() -> None:
        expect(page.locator("#comparison .comparison-runs li")).to_have_count(2)
        expect_epochs(page, "Accuracy", 3)
        expect_lines(page, "Accuracy", {"Slow", "Fast"})
        differing = page.locator('[data-part="differences"] tbody tr th')
        expect(differing.filter(has_text="Learning rate")).to_have_count(1)
        expect(differing.filter(has_text="Hidden layers")).to_have_count(0)

    expect_comparison()
    page.locator("#comparison").get_by_text("Test", exact=True).click()
    page.reload()
    expect_comparison()
    lines = y_values(page, "Accuracy")
    for run in (slow, fast):
        epochs = server.get(f"/api/runs/{run['id']}/epochs")["items"]
        assert lines[run["name"]] == column(epochs, "test_accuracy")


def test_run_created_through_the_api_appears(page: Page, server: ServerProcess) -> None:
    page.goto(f"{server.base_url}/runs")
    expect(page.locator("#none")).to_be_visible()
    server.create_run(name="From a script", epochs=1)
    expect(page.locator("#runs .runs-name")).to_have_text(["From a script"])
    expect(page.locator("#runs .badge")).to_have_text("finished")


def test_closing_the_comparison_keeps_the_selection(page: Page, runs: Runs) -> None:
    server, stored = runs
    page.goto(f"{server.base_url}/runs?compare={stored[0]['id']},{stored[1]['id']}")
    comparison = page.get_by_role("region", name="Comparison")
    expect(comparison).to_be_visible()
    comparison.get_by_role("button", name="Close").click()
    expect(comparison).to_be_hidden()
    compare = page.get_by_role("button", name="Compare 2 runs")
    expect(compare).to_be_focused()
    expect(page.get_by_label("Compare Slow")).to_be_checked()

    compare.press("Enter")
    comparison.get_by_role("button", name="Remove Slow from the comparison").press("Enter")
    expect(page.get_by_role("heading", name="Comparison")).to_be_focused()
    page.get_by_role("button", name="Clear selection").click()
    expect(comparison).to_be_hidden()
    expect(page.get_by_role("region", name="Table of runs")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/runs$"))


def test_comparison_follows_a_run_with_the_same_name_as_another(page: Page, runs: Runs) -> None:
    server, _ = runs
    created = [server.create_run(epochs=1, seed=seed)["id"] for seed in (1, 2)]
    first, second = (server.wait_for_run(run_id, "finished") for run_id in created)
    assert first["name"] == second["name"]
    page.goto(f"{server.base_url}/runs?compare={first['id']},{second['id']}")
    names = [f"{run['name']} (run {run['id']})" for run in (first, second)]
    expect_lines(page, "Cost", set(names))

    page.get_by_role("button", name=f"Edit {first['name']}").last.click()
    page.get_by_label("Name", exact=True).fill("a.b #1 ä 'x' ]")
    page.get_by_role("button", name="Save").click()
    expect_lines(page, "Cost", {"a.b #1 ä 'x' ]", second["name"]})
    page.get_by_role("button", name="Remove a.b #1 ä 'x' ] from the comparison").click()
    expect_lines(page, "Cost", {second["name"]})
    expect_lines(page, "Accuracy", {second["name"]})
    for run_id in created:
        server.request("DELETE", f"/api/runs/{run_id}")


def test_ninth_run_is_refused_with_a_message(page: Page, many_runs: ServerProcess) -> None:
    page.goto(f"{many_runs.base_url}/runs")
    boxes = page.locator("#runs input[type=checkbox]")
    for position in range(8):
        boxes.nth(position).check()
    compared = page.url
    boxes.nth(8).click()
    expect(page.locator("#selection")).to_contain_text("At most 8 runs can be compared.")
    expect(boxes.nth(8)).not_to_be_checked()
    expect(boxes.nth(0)).to_be_checked()
    assert page.url == compared
    boxes.nth(0).uncheck()
    expect(page.locator("#selection")).not_to_contain_text("At most")
    boxes.nth(8).check()
    expect(page.get_by_role("button", name="Compare 8 runs")).to_be_visible()


def test_link_to_too_many_runs_names_those_that_are_not_compared(
    page: Page, many_runs: ServerProcess, faults: Faults
) -> None:
    faults.allow("404")  # run 999
    page.goto(f"{many_runs.base_url}/runs?compare=999,1,2,3,4,5,6,7,8,9")
    expect(page.locator("#comparison .comparison-runs li")).to_have_count(8)
    expect(page.locator("#deleted")).to_contain_text("There is no run 999. Perhaps it was deleted.")
    for place in ("#comparison", "#selection"):
        expect(page.locator(place)).to_contain_text("run 9 is not compared.")
    expect_line_count(page, "Cost", 8)


def test_page_loads_only_the_shown_runs(page: Page, many_runs: ServerProcess) -> None:
    paths: list[str] = []
    page.on("request", lambda request: paths.append(request.url.removeprefix(many_runs.base_url)))
    page.goto(f"{many_runs.base_url}/runs?sort=name&order=asc")
    rows = page.locator("#runs tbody tr")
    expect(rows).to_have_count(25)
    expect(page.locator("#count")).to_have_text("60 runs")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("navigation", name="Pages of runs")).to_contain_text("Page 2 of 3")
    expect(page).to_have_url(re.compile("offset=25"))
    names = [run["name"] for run in many_runs.get("/api/runs?sort=name&order=asc&offset=25&limit=25")["items"]]
    expect(page.locator("#runs .runs-name")).to_have_text(names)
    page.get_by_role("searchbox").fill("mnist modern")
    expect(page.locator("#count")).to_have_text(re.compile(r"^\d of 60 runs$"))
    listed = [path for path in paths if path.startswith("/api/runs")]
    assert listed
    assert [path for path in listed if not re.search(r"\?.*\blimit=(25|1)\b", path)] == []


def test_offset_beyond_the_end_shows_the_last_page(page: Page, many_runs: ServerProcess) -> None:
    page.goto(f"{many_runs.base_url}/runs?offset=500")
    expect(page.get_by_role("navigation", name="Pages of runs")).to_contain_text("Page 3 of 3")
    expect(page.locator("#runs tbody tr")).to_have_count(10)


def test_table_fits_a_laptop(page: Page, many_runs: ServerProcess) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{many_runs.base_url}/runs")
    region = page.get_by_role("region", name="Table of runs")
    expect(region.locator("tbody tr")).to_have_count(25)
    assert region.evaluate("region => region.scrollWidth - region.clientWidth") == 0
    expect(page.get_by_role("columnheader", name="Duration")).to_be_in_viewport(ratio=1)
