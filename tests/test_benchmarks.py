"""Computations and report of the benchmarks, without a measurement."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import report
from benchmarks.contenders.misfit import hyperparameters_of
from benchmarks.contenders.workloads import WORKLOADS, Workload
from benchmarks.dashboard.pages import classes_of
from benchmarks.measuring.spread import Spread
from benchmarks.measuring.tables import markdown_table
from benchmarks.network.frameworks import PEERS, Contender, Peer, fastest_of_each, without_laggards, workload_table
from tests.support.server_process import ROOT

MISFIT, _, PYTORCH, JAX, PRODUCTS = PEERS


def contender(peer: Peer, n_threads: int, seconds: list[float], accuracy: float = 0.9) -> Contender:
    return Contender(peer, n_threads, "modern", seconds=seconds, accuracy=accuracy)


def test_spread_is_the_median_with_the_quartiles() -> None:
    assert Spread.of([4.0, 1.0, 2.0, 5.0, 3.0]) == Spread(3.0, 2.0, 4.0)
    assert Spread.of([2.5]) == Spread(2.5, 2.5, 2.5)


def test_ratios_are_computed_pair_by_pair() -> None:
    """If the machine is ten times slower in one round, the ratios do not change."""
    assert Spread.of_ratios([2.0, 20.0, 2.0], [1.0, 10.0, 1.0]) == Spread(2.0, 2.0, 2.0)
    with pytest.raises(ValueError, match="argument"):
        Spread.of_ratios([1.0, 2.0], [1.0])


def test_spread_is_formatted_with_its_quartiles() -> None:
    assert f"{Spread(1.0, 0.5, 2.0):.2f}" == "1.00 (0.50–2.00)"


def test_table_is_aligned_and_every_row_needs_a_cell_for_each_column() -> None:
    assert markdown_table(["what", "n"], [["epochs", "3"], ["a", "1000"]]).splitlines() == [
        "| what   |    n |",
        "|:-------|-----:|",
        "| epochs |    3 |",
        "| a      | 1000 |",
    ]
    with pytest.raises(ValueError, match="argument"):
        markdown_table(["what", "n"], [["epochs"]])


def test_the_faster_number_of_threads_is_used() -> None:
    slow, fast = contender(PYTORCH, 2, [9.0, 2.0, 2.0]), contender(PYTORCH, 1, [1.0, 1.0, 3.0])
    other = contender(JAX, 1, [5.0])
    assert fastest_of_each([slow, fast, other]) == [fast, other]


def test_only_a_contender_far_behind_its_sibling_in_each_round_is_dropped() -> None:
    alone, best = contender(MISFIT, 1, [9.0, 9.0]), contender(PYTORCH, 1, [1.0, 1.0])
    fast, slow = contender(JAX, 1, [1.0, 1.0]), contender(JAX, 2, [30.0, 2.5])
    slow_once = contender(PYTORCH, 2, [30.0, 1.5])
    assert without_laggards([alone, best, slow_once, fast, slow], 2) == [alone, best, slow_once, fast]


def test_workload_table_has_ratios_accuracies_and_compile_time() -> None:
    ours, theirs = contender(MISFIT, 1, [1.0, 2.0, 1.0], 0.95), contender(JAX, 2, [2.0, 4.0, 2.0], 0.94)
    theirs.compile_seconds = 1.5
    bare = contender(PRODUCTS, 1, [0.5, 1.0, 0.5], float("nan"))
    text = workload_table(WORKLOADS["modern"], [ours, theirs, bare], 4)
    cells = {
        row[0].strip(): [cell.strip() for cell in row[1:]]
        for row in re.findall(r"\| (.+?)\|(.+?)\|(.+?)\|(.+?)\|", text)
    }
    assert cells["Misfit"] == ["1.000", "1", "95.00%"]
    assert cells["JAX, 2 threads"] == ["2.000", "2.00 (2.00–2.00)", "94.00%"]
    assert cells["bare matrix products, 1 thread"] == ["0.500", "0.50 (0.50–0.50)", ""]
    assert "at most 1.00 percentage points" in text
    assert "JAX took 1.5 s to compile" in text


def test_classes_of_a_style_sheet_are_in_its_selectors() -> None:
    sheet = (
        '/* .a */ .b, p.c:not(.d)::after { content: ".e"; margin: 0.5em } @media (width < 30.5rem) { .f-g { top: 0 } }'
    )
    assert classes_of(sheet) == {"b", "c", "d", "f-g"}


@pytest.mark.parametrize("name", WORKLOADS)
def test_misfit_trains_the_same_network_as_the_others(name: str) -> None:
    workload = WORKLOADS[name]
    h = hyperparameters_of(workload)
    layers = list(workload.first_layers())
    assert [weights.shape for weights, _ in layers] == list(zip(workload.sizes[:-1], workload.sizes[1:], strict=True))
    assert (h.hidden_sizes, h.batch_size, h.learning_rate) == (
        workload.hidden_sizes,
        workload.batch_size,
        workload.learning_rate,
    )
    assert (h.validation_fraction, h.l1, h.l2, h.dropout_rate, h.momentum, h.schedule) == (0, 0, 0, 0, 0, "constant")
    assert h.optimizer == workload.optimizer


def test_first_weights_have_the_documented_standard_deviation() -> None:
    (weights, biases), *_ = Workload((100,), "relu", 10, "sgd", 0.1).first_layers()
    assert weights.std() == pytest.approx(np.sqrt(2 / 784), rel=0.02)
    assert not biases.any()
    (weights, biases), *_ = Workload((100,), "sigmoid", 10, "sgd", 0.1).first_layers()
    assert weights.std() == pytest.approx(1, rel=0.02)
    assert biases.any()


def test_report_keeps_the_sections_of_other_benchmarks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "benchmarks.md"
    monkeypatch.setattr(report, "measure_section", lambda name, quick: f"{name} first\n\n### Subsection\n\n{quick}")
    assert report.write(page, list(report.TITLES), quick=True)
    head, sections = report.sections_of(page.read_text())
    assert list(sections) == list(report.TITLES.values())
    assert sections[report.TITLES["memory"]] == "memory first\n\n### Subsection\n\nTrue"

    monkeypatch.setattr(report, "measure_section", lambda name, quick: f"{name} again {quick}")
    assert report.write(page, ["memory"], quick=False)
    assert report.sections_of(page.read_text()) == (head, sections | {report.TITLES["memory"]: "memory again False"})


def test_report_continues_after_a_benchmark_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def measure_section(name: str, *, quick: bool) -> str:
        if name == "frameworks":
            raise RuntimeError("failed")
        return f"{name} {quick}"

    page = tmp_path / "benchmarks.md"
    monkeypatch.setattr(report, "measure_section", measure_section)
    assert not report.write(page, list(report.TITLES), quick=False)
    _, sections = report.sections_of(page.read_text())
    assert sections[report.TITLES["frameworks"]] == "This benchmark failed with RuntimeError."
    assert sections[report.TITLES["replay"]] == "replay False"


def test_report_never_mixes_measurements_of_two_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text(report.compose_page(report.page_head("an abacus."), {}))
    monkeypatch.setattr(report, "measure_section", lambda name, quick: f"{name} {quick}")
    with pytest.raises(SystemExit, match="another machine"):
        report.write(page, ["memory"], quick=False)


def test_report_has_a_section_for_every_benchmark() -> None:
    folders = [ROOT / "benchmarks" / name for name in ("network", "dashboard")]
    assert {path.stem for folder in folders for path in folder.glob("*.py")} == set(report.TITLES)
