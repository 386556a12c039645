"""Lists of runs: filter, order and page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, cast, get_args

from nn.analysis.prediction_filter import SortOrder
from nn.datasets import DatasetRegistry
from webapp.runs.row_text import RowTexts
from webapp.storage.run_queries import RunRow, StoredSortKey
from webapp.storage.run_record import RunRecord
from webapp.storage.run_store import RunStore
from webapp.threads import in_thread

RunRecords = list[RunRecord]
ComputedSortKey = Literal["name", "dataset", "optimizer", "duration"]
RunSortKey = StoredSortKey | ComputedSortKey

_STORED: frozenset[Any] = frozenset(get_args(StoredSortKey))


@dataclass(frozen=True, slots=True)
class RunListQuery:
    """A page of the runs that contain every word of `query`.

    Without `sort`, runs are sorted by age. `utc_offset` is the offset of the reader's clock from UTC, because a row
    contains the time at which the run started.
    """

    query: str = ""
    sort: RunSortKey | None = None
    order: SortOrder = "desc"
    offset: int = 0
    limit: int = 50
    utc_offset: timedelta = timedelta()


class RunList:
    """Finds stored runs."""

    def __init__(self, store: RunStore, datasets: DatasetRegistry) -> None:
        self._store = store
        self._datasets = datasets

    def find(self, query: RunListQuery) -> tuple[RunRecords, int]:
        """Return a page of the matching runs, and the number of all matching runs.

        The database sorts and selects the page if it can. It cannot search the text of a row, because this text
        contains rounded numbers, and it does not know the order of names.
        """
        words = query.query.lower().split()
        descending = query.order == "desc"
        if not words and (query.sort is None or query.sort in _STORED):
            return self._store.runs(query.offset, query.limit, _stored(query.sort), descending=descending)
        run_ids = in_thread(self._matching_ids, words, query.sort, descending, query.utc_offset)
        return self._store.runs_of(run_ids[query.offset : query.offset + query.limit]), len(run_ids)

    def _matching_ids(
        self, words: list[str], sort: RunSortKey | None, descending: bool, utc_offset: timedelta
    ) -> list[int]:
        """Return the sorted ids of the runs that contain every word."""
        texts = RowTexts(self._datasets, utc_offset)
        keys: dict[RunSortKey, Callable[[RunRow], Any]] = {
            "name": lambda row: natural_order(row.name),
            "dataset": lambda row: natural_order(texts.dataset(row)),
            "optimizer": lambda row: natural_order(texts.optimizer(row)),
            "duration": texts.seconds,
        }
        computed = keys.get(sort) if sort else None
        rows = self._store.rows(_stored(sort), descending=descending or computed is not None)
        if words:
            rows = [row for row in rows if _contains_all(texts.text(row), words)]
        if computed:
            rows = sort_rows(rows, computed, descending=descending)
        return [row.id for row in rows]


def sort_rows(rows: list[RunRow], key: Callable[[RunRow], Any], *, descending: bool) -> list[RunRow]:
    """Sort rows by a key. Rows without a key come last. Rows with equal keys keep their order."""
    keyed = [(key(row), row) for row in rows]
    known = sorted((pair for pair in keyed if pair[0] is not None), key=lambda pair: pair[0], reverse=descending)
    return [row for _, row in known] + [row for value, row in keyed if value is None]


def natural_order(text: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return a sort key that ignores case and compares numbers by value: Run 9, Run 10.

    Signs come before digits, and digits before letters. Accents decide only between texts that are otherwise equal.
    """
    folded = text.casefold()
    plain = "".join(each for each in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(each))
    return [_part_order(part) for part in re.findall(r"\d+|\D", plain)], folded


def _part_order(part: str) -> tuple[int, int, str]:
    if part[0].isdecimal():
        return 1, int(part), ""
    return (2 if part.isalpha() else 0), 0, part


def _stored(sort: RunSortKey | None) -> StoredSortKey | None:
    return cast(StoredSortKey, sort) if sort in _STORED else None


def _contains_all(text: str, words: list[str]) -> bool:
    lowered = text.lower()
    return all(word in lowered for word in words)
