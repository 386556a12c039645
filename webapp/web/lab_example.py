"""The example of `check_gradient` that the page of the bug lab shows: the code and the output of docs/lab.md."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "lab.md"
BLOCKS = re.compile(r"^```(python|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@cache
def load_example(path: Path = DOCUMENT) -> dict[str, str]:
    """Return the first block of each language of the document: the code as "python", and its output as "text"."""
    blocks = BLOCKS.findall(path.read_text(encoding="utf-8"))
    return {language: code.strip() for language, code in reversed(blocks)}
