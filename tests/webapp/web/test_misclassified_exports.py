"""Exported lists: the images of the list in the same order, without cells that a spreadsheet would execute."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from nn.datasets import load_dataset
from tests.support.app_client import Trained
from tests.support.run_engine import make_config
from webapp.web.routes import misclassified_exports as exports

QUERIES = [
    "",
    "epoch=1&sort=index&order=asc",
    "answer=any&sort=learned",
    "true=8&max_confidence=0.9&sort=loss&order=asc",
    "min_confidence=1&max_confidence=0",
]
FORMULAS = {
    '=HYPERLINK("http://x","y")': '\'=HYPERLINK("http://x","y")',
    "+1": "'+1",
    "-1+1": "'-1+1",
    "@SUM(A1)": "'@SUM(A1)",
    "  =1": "'=1",  # a stored note has no spaces around it
    "＝1": "'＝1",
    '"=1"': '\'"=1"',
    "one;=1": "one;'=1",
    "one; =1; +2": "one;' =1;' +2",
    'one;"=1"': 'one;\'"=1"',
    "one\n=1": "one\n'=1",
    "one\r\n\r\n-1": "one\r\n\r\n'-1",
    "one\t@SUM(A1)": "one\t'@SUM(A1)",
    "one\u2028＝1": "one\u2028'＝1",
    "a = b": "a = b",
    "'=1": "'=1",
    "über\nzwei, drei; vier\n\nfünf": "über\nzwei, drei; vier\n\nfünf",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    """A finished run that only this file uses, because its tests annotate images."""
    with Trained(make_config(tmp_path_factory.mktemp("exports"))) as trained:
        yield trained


def list_items(run: Trained, query: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = run.get(f"/misclassified?limit=500&{query}")["items"]
    return items


def read_table(run: Trained, query: str) -> list[dict[str, str]]:
    response = run.client.get(f"{run.path}/misclassified.csv?{query}")
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(response.data.decode(), newline="")))


@pytest.mark.parametrize("query", QUERIES)
def test_the_csv_file_has_the_images_of_the_list(run: Trained, query: str) -> None:
    table = read_table(run, query)
    items = list_items(run, query)
    assert len(table) == len(items)
    for row, item in zip(table, items, strict=True):
        assert int(row["index"]) == item["index"]
        assert row["true_class"] == row["true_label"] == str(item["true_label"])
        assert row["predicted_class"] == row["predicted_label"] == str(item["predicted_label"])
        assert [float(row[name]) for name in ("confidence", "loss", "margin")] == [
            item[name] for name in ("confidence", "loss", "margin")
        ]
        assert [float(row[f"probability of {digit}"]) for digit in range(10)] == item["probabilities"]
        assert (row["history"], row["learned_epoch"]) == (item["history"], str(item["learned_epoch"] or ""))
        assert (row["change"], row["flagged"], row["person_label"], row["note"]) == ("", "0", "", "")


def test_no_note_becomes_a_formula(run: Trained) -> None:
    indices = [item["index"] for item in list_items(run, "answer=any&sort=index&order=asc")][: len(FORMULAS)]
    for index, note in zip(indices, FORMULAS, strict=True):
        body = {"indices": [index], "flagged": True, "label": 3, "note": note}
        assert run.client.patch("/api/datasets/digits/test/annotations", json=body).status_code == 200
    table = read_table(run, "answer=any&flagged=true&sort=index&order=asc")
    assert [row["note"] for row in table] == list(FORMULAS.values())
    assert {(row["flagged"], row["person_label"]) for row in table} == {("1", "3")}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_is_a_formula_in_a_spreadsheet_with_another_separator(run: Trained, separator: str) -> None:
    """A spreadsheet splits the lines of the file at its own separator, and ignores quotes inside a cell."""
    item = list_items(run, "answer=right&true=0")[0]
    for note in FORMULAS:
        annotated: Any = {**item, "annotation": {"flagged": True, "label": 3, "note": note}}
        text = exports.csv_lines([exports.csv_cells(annotated, tuple("0123456789"))])
        cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]
        if separator != ",":
            cells += [cell for line in text.splitlines() for cell in line.split(separator)]
        starts = {cell.strip(' "')[:1] for cell in cells if not is_number(cell)}
        assert starts.isdisjoint("=+-@＝"), note


def is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("text", ["=a", "+a", "-a", "@a", "\ta", "\ra", "\na", " =a", "＝a", "＋a", "－a", "＠a"])
def test_no_class_name_becomes_a_formula(run: Trained, text: str) -> None:
    names = (text, *"123456789")
    item = list_items(run, "answer=right&true=0")[0]
    cells = next(csv.reader(io.StringIO(exports.csv_lines([exports.csv_cells(cast(Any, item), names)]), newline="")))
    assert cells[3:5] == [f"'{text}", f"'{text}"]


@pytest.mark.parametrize("query", QUERIES)
def test_the_json_file_has_the_images_of_the_list_and_their_source(run: Trained, query: str) -> None:
    response = run.client.get(f"{run.path}/misclassified.json?{query}")
    assert response.mimetype == "application/json"
    found = response.get_json()
    items = list_items(run, query)
    assert found["items"] == items
    assert (found["total"], found["dataset"], found["split"]) == (len(items), "digits", "test")
    assert found["run"] == {"id": run.run_id, "name": "A finished run"}
    assert found["epoch"] == (1 if "epoch=1" in query else 3)
    assert found["class_names"] == [str(digit) for digit in range(10)]
    assert found["flagged"] == sum(bool(item["annotation"]) for item in items)


def test_the_json_file_has_the_filters(run: Trained) -> None:
    query = "true=8&max_confidence=0.9&history=late&flagged=false&sort=loss&order=asc&epoch=2"
    assert run.client.get(f"{run.path}/misclassified.json?{query}").get_json()["filters"] == {
        "true": 8,
        "answer": "wrong",
        "max_confidence": 0.9,
        "history": "late",
        "flagged": False,
        "suspects": False,
        "sort": "loss",
        "order": "asc",
    }


@pytest.mark.parametrize("kind", ["csv", "json", "png"])
def test_a_file_is_named_after_its_run_and_epoch(run: Trained, kind: str) -> None:
    response = run.client.get(f"{run.path}/misclassified.{kind}?epoch=2")
    name = f"misfit-run-{run.run_id}-epoch-2-images.{kind}"
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert response.headers["Cache-Control"] == "no-store"


def read_contact_sheet(run: Trained, query: str) -> Any:
    response = run.client.get(f"{run.path}/misclassified.png?{query}")
    assert (response.status_code, response.mimetype) == (200, "image/png")
    return np.asarray(Image.open(io.BytesIO(response.data)).convert("L"))


def test_the_contact_sheet_has_the_images_of_the_list_in_order(run: Trained) -> None:
    query = "answer=any&sort=index&order=asc"
    folders: Any = {"datasets_dir": run.config.datasets_dir, "cache_dir": run.config.cache_dir}
    images = load_dataset("digits", **folders).test.inputs
    drawn = read_contact_sheet(run, query)
    columns = 19  # the square root of 359, rounded up
    for index in (0, 1, 18, 19, 358):
        row, column = divmod(index, columns)
        y, x = 33 + row * (80 + 2 * 17 + 16), 8 + column * (drawn.shape[1] - 8) // columns
        tile = drawn[y : y + 80 : 10, x : x + 80 : 10].astype(int)
        assert np.abs(tile - images[index].reshape(8, 8) * (255 / 16)).max() <= 2


def test_the_contact_sheet_of_an_empty_list_is_a_heading(run: Trained) -> None:
    assert read_contact_sheet(run, "min_confidence=1&max_confidence=0").shape[0] < 50


def test_the_contact_sheet_has_a_limited_number_of_images(run: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read_contact_sheet(run, "answer=any&sort=index&order=asc")
    monkeypatch.setattr(exports, "MAX_TILES", 9)
    part = read_contact_sheet(run, "answer=any&sort=index&order=asc")
    assert part.shape[0] == 33 + 3 * (80 + 2 * 17 + 16)
    assert np.array_equal(part[33 : 33 + 80, 8 : 8 + 80], whole[33 : 33 + 80, 8 : 8 + 80])
