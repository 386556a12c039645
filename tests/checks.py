"""All checks except pytest, in parallel: `python -m tests.checks NODE`, where NODE is the Node.js executable."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"


def check_commands(node: str) -> dict[str, list[str]]:
    """Return the command of each check by name, in descending order of duration."""
    script_tests = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("tests/js/**/*.test.js"))]
    return {
        "mypy": [sys.executable, "-m", "mypy", "--strict"],
        "tsc": [node, str(NODE_MODULES / "typescript" / "bin" / "tsc"), "--project", "."],
        "biome": [node, str(NODE_MODULES / "@biomejs" / "biome" / "bin" / "biome"), "ci", "--error-on-warnings"],
        "node --test": [node, "--import", "./tests/js/support/document.js", "--test", *script_tests],
        "ruff check": [sys.executable, "-m", "ruff", "check", "."],
        "ruff format": [sys.executable, "-m", "ruff", "format", "--check", "."],
    }


def passes(name: str, command: list[str]) -> bool:
    """Run one check, and print its result, and its output if it failed. Return True if it passed."""
    finished = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, errors="replace")
    if finished.returncode == 0:
        print(f"{name} passed", flush=True)
        return True
    print(f"{name} failed\n{finished.stdout}{finished.stderr}", flush=True)
    return False


def main() -> int:
    """Run the checks, and return 1 if one failed."""
    commands = check_commands(sys.argv[1])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return 0 if all(list(pool.map(passes, commands.keys(), commands.values()))) else 1


if __name__ == "__main__":
    sys.exit(main())
