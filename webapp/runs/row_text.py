"""Text of a row in the list of runs, in which a search looks for words.

static/js/runs/run_columns.js formats the same row for the page. tests/run_row_examples.json has examples of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any

from nn.datasets import DatasetRegistry
from nn.hyperparameters.number_text import write_number
from webapp.storage.run_queries import LINE_SEARCH_OPTIMIZERS, RunRow
from webapp.storage.run_record import elapsed_seconds
from webapp.storage.run_status import ENDED

MISSING = "–"
OPTIMIZER_NAMES = MappingProxyType(
    {
        "adam": "Adam",
        "sgd": "SGD",
        "rmsprop": "RMSProp",
        "conjugate_gradient": "Conjugate gradient",
        "lbfgs": "L-BFGS",
    }
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class RowTexts:
    """Formats rows with the titles of the data sets, at one moment, in the time zone of the reader."""

    def __init__(self, datasets: DatasetRegistry, utc_offset: timedelta, now: datetime | None = None) -> None:
        self._titles = {spec.name: spec.title for spec in datasets}
        self._zone = timezone(utc_offset)
        self._now = now or datetime.now(UTC)

    def text(self, row: RunRow) -> str:
        """Return all columns, the notes and the preset of a run as one text."""
        values = row.hyperparameters
        live = row.status not in ENDED
        completed = count(row.epochs_completed) + (f" of {count(values.get('epochs'))}" if live else "")
        parts = (
            row.name,
            row.status,
            verdict(row.diagnosis),
            self.dataset(row),
            "–".join(map(str, values.get("hidden_sizes", ()))) or "none",
            self.optimizer(row),
            MISSING if values.get("optimizer") in LINE_SEARCH_OPTIMIZERS else number(values.get("learning_rate")),
            completed,
            percent(row.test_accuracy),
            percent(row.validation_accuracy),
            cost(row.train_cost),
            self._moment(row.started_at),
            duration(self.seconds(row)),
            row.notes,
            row.preset or "",
        )
        return " ".join(parts)

    def dataset(self, row: RunRow) -> str:
        """Return the title of the data set."""
        name = str(row.hyperparameters.get("dataset"))
        return self._titles.get(name, name)

    def optimizer(self, row: RunRow) -> str:
        """Return the name of the optimizer as the page shows it."""
        name = str(row.hyperparameters.get("optimizer"))
        return OPTIMIZER_NAMES.get(name, name)

    def seconds(self, row: RunRow) -> float | None:
        """Return the duration of a run in seconds.

        For an ended run, it is the time of training and evaluation until its last epoch, as on the page of the run; for
        a live run, it is the time since the start. It is None if there is no such time.
        """
        if row.status in ENDED:
            return row.elapsed_seconds
        return elapsed_seconds(row.started_at, self._now)

    def _moment(self, time: datetime | None) -> str:
        """Format a time: Nov 28, 5:33 AM."""
        if time is None:
            return MISSING
        local = time.astimezone(self._zone)
        half = "AM" if local.hour < 12 else "PM"
        return f"{_MONTHS[local.month - 1]} {local.day}, {local.hour % 12 or 12}:{local.minute:02d} {half}"


def verdict(stored: Mapping[str, Any] | None) -> str:
    """Return the words of a stored verdict: the title of its first finding, or that the run learns well."""
    return str(stored["title"]) if stored else MISSING


def count(value: object) -> str:
    """Format a whole number: 60000 → 60,000."""
    return f"{value:,}" if isinstance(value, int) else MISSING


def number(value: object) -> str:
    """Format the value of a hyperparameter: 0.003, 1, 1e-7."""
    return write_number(value) if isinstance(value, int | float) else str(value)


def percent(fraction: float | None) -> str:
    """Format a fraction with two decimals, never rounded up to 100: 0.97253 → 97.25%, 0.99999 → >99.99%."""
    if fraction is None:
        return MISSING
    rounded = _rounded(100 * fraction, -2)
    return ">99.99%" if fraction < 1 and rounded == 100 else f"{rounded}%"


def cost(value: float | None) -> str:
    """Format a cost with about four digits: 0.04213, 2.303, 1.20e6."""
    if value is None:
        return MISSING
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-3 or size >= 1e5:
        digits, _, power = f"{value:.2e}".partition("e")
        return f"{digits}e{int(power)}"
    if size >= 1000:
        return f"{_rounded(value, 0):,}"
    last_digit = Decimal(value).adjusted() - 3
    rounded = _rounded(value, last_digit)  # 999.96 becomes 1000.0, which has five digits
    return str(rounded if rounded.adjusted() - 3 == last_digit else _rounded(value, last_digit + 1))


def duration(seconds: float | None) -> str:
    """Format a duration: 40 ms, 0.4 s, 1 min 20 s, 2 h 5 min."""
    if seconds is None:
        return MISSING
    if seconds < 0.1:
        return f"{_rounded(1000 * seconds, 0)} ms"
    if seconds < 10:
        return f"{_rounded(seconds, -1)} s"
    whole = int(_rounded(seconds, 0))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _rounded(value: float, last_digit: int) -> Decimal:
    """Round to the power of ten of the last digit. Halves are rounded up, as JavaScript does."""
    return Decimal(value).quantize(Decimal(1).scaleb(last_digit), ROUND_HALF_UP)
