"""Tables in Markdown, which a terminal shows as well as a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Line up the cells: the first column to the left, the others, which hold figures, to the right."""
    cells = [list(header), *(list(row) for row in rows)]
    widths = [max(3, *(len(row[column]) for row in cells)) for column in range(len(header))]
    lines = [
        "| " + " | ".join(_aligned(text, width, column) for column, (text, width) in enumerate(pairs)) + " |"
        for pairs in (list(zip(row, widths, strict=True)) for row in cells)
    ]
    rule = (
        "|"
        + "|".join(
            (":" + "-" * (width + 1)) if not column else ("-" * (width + 1) + ":")
            for column, width in enumerate(widths)
        )
        + "|"
    )
    return "\n".join([lines[0], rule, *lines[1:]])


def _aligned(text: str, width: int, column: int) -> str:
    return text.rjust(width) if column else text.ljust(width)
