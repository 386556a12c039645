"""Write docs/benchmarks.md: python tasks.py bench report [--only NAME ...] [--quick] [--output FILE]

Each section is the docstring of a benchmark and what its `table()` returns. `--only` measures some of them anew and
keeps the others of the file, which must be of the same machine and versions. `--quick` takes few epochs, to see that
everything works; its figures are no good.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from inspect import cleandoc
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks.measuring.mnist import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
NOT_YET = "Not measured yet."
TITLES = {
    "frameworks": "Beside other libraries",
    "trajectories": "The same steps as PyTorch",
    "systems": "The eight systems that Misfit can be",
    "accuracy": "What the presets reach",
    "overhead": "What it costs to watch",
    "latency": "How long a person waits for a chart",
    "browsing": "How quickly the misclassified page follows",
    "explaining": "What explanations cost",
    "scaling": "How memory and time grow",
    "memory": "Memory, estimated and measured",
    "replay": "Viewers that come and go",
}
QUICK: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "frameworks": {"epochs": 2},
        "accuracy": {"seeds": 1, "presets": ("digits_quick",)},
        "overhead": {"pairs": 2, "scale": 0.4},
        "latency": {"epochs": 4},
        "browsing": {"epochs": 4, "times": 2},
        "explaining": {"epochs": 4, "images": 4},
        "scaling": {"epochs": 2},
        "replay": {"viewers": 3, "epochs": 30},
    }
)
PACKAGES = {"NumPy": "numpy", "SciPy": "scipy", "scikit-learn": "scikit-learn", "PyTorch": "torch", "JAX": "jax"}


def machine() -> str:
    """The processor and the versions, and nothing that tells whose they are."""
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", cpuinfo.read_text(), re.MULTILINE) if cpuinfo.exists() else None
    processor = found[1] if found else platform.processor() or platform.machine()
    versions = [f"Python {platform.python_version()}"]
    for name, package in PACKAGES.items():
        try:
            versions.append(f"{name} {version(package)}")
        except PackageNotFoundError:
            versions.append(f"no {name}")
    return f"{os.cpu_count()} cores of {processor}, {platform.system()}; {', '.join(versions)}."


def measured(name: str, *, quick: bool) -> str:
    """The text of one section. Raises whatever the benchmark raises."""
    if find_spec(f"benchmarks.{name}") is None:
        return NOT_YET
    module = import_module(f"benchmarks.{name}")
    body: str = module.table(**(QUICK.get(name, {}) if quick else {}))
    return f"{cleandoc(module.__doc__ or '')}\n\n{body.strip()}"


def head(about: str) -> str:
    """What stands above the sections."""
    return (
        "# Benchmarks\n\n"
        "Written by `python tasks.py bench report`, which measures all anew; every section names its own command.\n\n"
        f"Measured on {about}"
    )


def sections_of(page: str) -> tuple[str, dict[str, str]]:
    """What stands above the sections of a page, and the text of each by its title."""
    above, *parts = page.strip().split("\n\n## ")
    return above, {title: text.strip() for title, _, text in (part.partition("\n") for part in parts)}


def page_of(above: str, sections: Mapping[str, str]) -> str:
    """The whole page, from what stands above and the text of each section by its title."""
    return "\n\n".join([above, *(f"## {title}\n\n{text}" for title, text in sections.items())]) + "\n"


def write(page: Path, names: Sequence[str], *, quick: bool) -> bool:
    """Measure `names` and write the page after each, so that none is lost; whether all could be measured.

    Raises SystemExit where sections would be kept that were measured elsewhere.
    """
    above = head(machine())
    kept: dict[str, str] = {}
    if set(names) != set(TITLES) and page.exists():
        there, kept = sections_of(page.read_text(encoding="utf-8"))
        if there != above:
            raise SystemExit(f"{page.name} is of another machine or of other versions: write it whole, without --only")
    succeeded = True
    for name in names:
        print(f"measuring {name}", file=sys.stderr, flush=True)
        try:
            kept[TITLES[name]] = measured(name, quick=quick)
        except Exception as error:  # the other sections are to be written all the same
            traceback.print_exc()
            kept[TITLES[name]] = f"Could not be measured: {type(error).__name__}."
            succeeded = False
        sections = {title: kept.get(title, NOT_YET) for title in TITLES.values()}
        page.write_text(page_of(above, sections), encoding="utf-8")
    return succeeded


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only", nargs="+", choices=TITLES, default=list(TITLES), metavar="NAME", help=", ".join(TITLES)
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--output", type=Path, default=PAGE)
    options = parser.parse_args()
    sys.exit(0 if write(options.output, options.only, quick=options.quick) else 1)


if __name__ == "__main__":
    main()
