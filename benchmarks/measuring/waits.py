"""Table of waiting times."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from benchmarks.measuring.spread import percentile
from benchmarks.measuring.tables import markdown_table


def waits_row(title: str, seconds: Sequence[float]) -> list[str]:
    """Return a row with the median, two percentiles and the number of measurements."""
    values = (statistics.median(seconds), percentile(seconds, 95), percentile(seconds, 99))
    return [title, *(f"{1000 * value:.0f} ms" for value in values), str(len(seconds))]


def waits_table(rows: Iterable[Sequence[str]]) -> str:
    """Return the Markdown table of rows from `waits_row`."""
    return markdown_table(["wait", "median", "95th percentile", "99th percentile", "times"], rows)
