"""How long people or programs waited, as rows of a table."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from benchmarks.measuring.spread import percentile
from benchmarks.measuring.tables import markdown_table


def waits_row(what: str, seconds: Sequence[float]) -> list[str]:
    """The median, two percentiles and the number of measurements."""
    figures = (statistics.median(seconds), percentile(seconds, 95), percentile(seconds, 99))
    return [what, *(f"{1000 * figure:.0f} ms" for figure in figures), str(len(seconds))]


def waits_table(rows: Iterable[Sequence[str]]) -> str:
    """Rows of `waits_row` under their header; Markdown."""
    return markdown_table(["wait", "median", "95th percentile", "99th percentile", "times"], rows)
