"""Write docs/benchmarks.md: python tasks.py bench report [--only NAME ...] [--quick] [--output FILE]

Each section consists of the docstring of a benchmark and the result of its `table()`. `--only` repeats some benchmarks
and leaves the other sections of the file unchanged. The command fails if the other sections were measured on another
machine or with other versions. `--quick` trains for few epochs, to test that all benchmarks run; do not publish its
numbers.
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
from inspect import cleandoc
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks.measuring.mnist import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
NOT_MEASURED = "Not measured yet."
TITLES = {
    "frameworks": "Training time compared with other libraries",
    "trajectories": "Agreement with PyTorch",
    "systems": "Reproduction of eight published systems",
    "accuracy": "Accuracy of the presets",
    "overhead": "Overhead of the dashboard",
    "telemetry_cost": "Cost of telemetry",
    "latency": "Delay of the charts",
    "browsing": "Response time of the page of misclassified images",
    "runs_list": "Response time of the runs page",
    "preflight": "Examination of a configuration",
    "explaining": "Cost of explanations",
    "label_errors": "Detection of label errors",
    "doctor": "Diagnosis of runs that do not learn",
    "counterfactuals": "Sizes of counterfactuals",
    "trials": "Duration of trials",
    "scaling": "Growth of memory and time",
    "memory": "Estimated and measured memory",
    "replay": "Reconnecting viewers",
    "store_faults": "A locked database and a full disk",
    "clients": "Floods of events and vanished clients",
    "pages": "Size and smoothness of the pages",
}
QUICK: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "frameworks": {"epochs": 2},
        "accuracy": {"seeds": 1, "presets": ("digits_quick",)},
        "overhead": {"pairs": 2, "scale": 0.4},
        "telemetry_cost": {"pairs": 3, "presets": ("digits_quick",)},
        "latency": {"epochs": 4},
        "browsing": {"epochs": 4, "times": 2},
        "runs_list": {"runs": 400, "times": 2},
        "preflight": {"times": 2},
        "explaining": {"epochs": 4, "images": 4},
        "label_errors": {"repeats": 1, "seeds": 1},
        "doctor": {"seeds": 1, "only": ("sgd at rate 3", "preset xor_gate")},
        "counterfactuals": {"images": 1},
        "scaling": {"epochs": 2},
        "replay": {"viewers": 3, "epochs": 30},
        "store_faults": {"injections": 1},
        "clients": {"events": (1000,), "vanished": (5,)},
        "pages": {"epochs": 50, "runs": 2},
    }
)
PACKAGES = {"NumPy": "numpy", "SciPy": "scipy", "scikit-learn": "scikit-learn", "PyTorch": "torch", "JAX": "jax"}


def describe_machine() -> str:
    """Return the processor and the versions of the libraries, without the name of the machine."""
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


def measure_section(name: str, *, quick: bool) -> str:
    """Run a benchmark and return the text of its section. Errors of the benchmark propagate."""
    (path,) = (ROOT / "benchmarks").glob(f"*/{name}.py")
    module = import_module(f"benchmarks.{path.parent.name}.{name}")
    body: str = module.table(**(QUICK.get(name, {}) if quick else {}))
    return f"{cleandoc(module.__doc__ or '')}\n\n{body.strip()}"


def page_head(machine: str) -> str:
    """Return the text of docs/benchmarks.md above its sections."""
    return (
        "# Benchmarks\n\n"
        "`python tasks.py bench report` repeats all measurements and writes this page. "
        "Each section names its own command.\n\n"
        f"Measured on {machine}"
    )


def sections_of(page: str) -> tuple[str, dict[str, str]]:
    """Return the text above the sections of a page, and the text of each section by its title."""
    head, *parts = page.strip().split("\n\n## ")
    return head, {title: text.strip() for title, _, text in (part.partition("\n") for part in parts)}


def compose_page(head: str, sections: Mapping[str, str]) -> str:
    """Return the page: the text `head`, followed by `sections`, which maps each title to its text."""
    return "\n\n".join([head, *(f"## {title}\n\n{text}" for title, text in sections.items())]) + "\n"


def write(page: Path, names: Sequence[str], *, quick: bool) -> bool:
    """Run the benchmarks with these names, write the page after each one, and return True if all succeeded.

    Raises SystemExit if some sections stay unchanged, but were measured on another machine or with other versions.
    """
    head = page_head(describe_machine())
    stored: dict[str, str] = {}
    if set(names) != set(TITLES) and page.exists():
        stored_head, stored = sections_of(page.read_text(encoding="utf-8"))
        if stored_head != head:
            raise SystemExit(
                f"{page.name} is from another machine or other versions. Run all benchmarks, without --only."
            )
    succeeded = True
    for name in names:
        print(f"measuring {name}", file=sys.stderr, flush=True)
        try:
            stored[TITLES[name]] = measure_section(name, quick=quick)
        except Exception as error:  # the remaining benchmarks run nevertheless
            traceback.print_exc()
            stored[TITLES[name]] = f"This benchmark failed with {type(error).__name__}."
            succeeded = False
        sections = {title: stored.get(title, NOT_MEASURED) for title in TITLES.values()}
        page.write_text(compose_page(head, sections), encoding="utf-8")
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
