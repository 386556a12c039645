"""The list of all findings of a diagnosis. `python tasks.py types` writes it into docs/diagnosis.md.

The text comes from the docstrings of the rules: a definition, and paragraphs that begin with `Guard:`, `Remedy:` and
`Source:`.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from itertools import groupby
from pathlib import Path

from nn.diagnosis.rules.registry import RULES
from nn.diagnosis.rules.rule import Rule

DOCUMENT = Path(__file__).resolve().parent / "diagnosis.md"
LINE_WIDTH = 120
LABELS = ("Guard", "Remedy", "Source")
GROUPS = {
    "scales": "Scales",
    "labels": "Labels",
    "examples": "Examples and splits",
    "units": "Units and initial weights",
    "gradients": "Gradients",
    "steps": "Steps of the optimizer",
    "optimizer": "Settings of the optimizer",
    "outcome": "Outputs, capacity and duration",
    "regularization": "Regularization",
    "divergence": "Divergence",
}
INTRODUCTION = """# Findings of a diagnosis

A diagnosis first looks at the outcome of the run. A run that learns well is healthy, and whatever the rules below
observe about it is no alarm. The measure is the data set itself: the accuracy that the nearest neighbors of the
examples reach, and for a regression the fraction of the variance that is explained. A run that learns badly is ill, and
its findings are the causes, each before its consequences. Before two epochs and a tenth of the run, the result is
unknown, and an unfinished run is ill only if a cause is known and the cost would remain high at its present slope.

A finding is *exact* if it is a count or a comparison with an analytic level, *observed* if it compares a measurement
with a threshold, and known by a *trial* if a short training run has shown the cause.

This document is generated from the rules in `nn/diagnosis/rules/`. To change it, change their docstrings and run
`python tasks.py types`.
"""
WRONG_GRADIENT = """## Bug lab

### `wrong_gradient`

The gradient is not that of the cost. Only the bug lab, which can compare it with central differences for each layer,
reports this finding.
"""


def document() -> str:
    """Return the whole document."""
    rules = sorted(RULES.values(), key=lambda rule: list(GROUPS).index(_group(rule)))
    sections = [INTRODUCTION]
    for group, members in groupby(rules, key=_group):
        sections.append(f"## {GROUPS[group]}\n\n" + "\n".join(map(_section, members)))
    return "\n".join([*sections, WRONG_GRADIENT])


def _group(rule: Rule) -> str:
    return type(rule).__module__.rpartition(".")[2]


def _section(rule: Rule) -> str:
    """Return the section of one rule."""
    text = ""
    for line in inspect.cleandoc(type(rule).__doc__ or "").splitlines():
        label, colon, rest = line.partition(": ")
        text += f"\n\n*{label}:* {rest[0].upper()}{rest[1:]}" if colon and label in LABELS else f"\n{line}"
    if rule.explains:
        text += f"\n\n*Consequences:* {', '.join(f'`{code}`' for code in rule.explains)}."
    paragraphs = [_wrapped(each) for each in text.split("\n\n") if each.strip()]
    return "\n\n".join([f"### `{rule.code}`", *paragraphs]) + "\n"


def _wrapped(paragraph: str) -> str:
    words = " ".join(paragraph.split())
    return textwrap.fill(words, LINE_WIDTH, break_long_words=False, break_on_hyphens=False)


def main() -> int:
    """Write the document."""
    DOCUMENT.write_text(document(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
