"""Copy of the project in which tests run tasks.py, with fake installers that write a log."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from pathlib import Path

from tests.support.server_process import ROOT

LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-node.txt", "requirements-bench.txt"]
PARTS = ["tasks.py", *LOCKS, "package-lock.json", "types", "benchmarks"]

# The fake `uv venv` creates only the part that tasks.py checks: a Python that runs.
UV = """
echo "uv $*" >> "$LOG"
test -z "$FAIL_UV" || { echo "no route to host"; exit 7; }
if [ "$1" = venv ]; then
  for folder; do :; done
  mkdir -p "$folder/bin" && ln -sf "$FAKE_PYTHON" "$folder/bin/python"
fi
"""
NPM = """
echo "npm $*" >> "$LOG"
test -z "$FAIL_NPM" || { echo "no route to host"; exit 7; }
inter=node_modules/@fontsource-variable/inter
mkdir -p node_modules/bootstrap/dist/css node_modules/socket.io-client/dist $inter/files
echo css > node_modules/bootstrap/dist/css/bootstrap.min.css
echo js > node_modules/socket.io-client/dist/socket.io.esm.min.js
for subset in latin latin-ext; do echo font > $inter/files/inter-$subset-wght-normal.woff2; done
echo license > $inter/LICENSE
mkdir -p node_modules/lit-html/directives
for name in lit-html directive directive-helpers directives/live directives/repeat; do
  for end in js d.ts; do echo lit > node_modules/lit-html/$name.$end; done
done
"""
NODE = "echo v20.0.0"
PYTHON = """
case "$*" in -c*|*"pip config list"*) exit 0;; esac
echo "python $*" >> "$LOG"
exit "${DASHBOARD_ENDS_WITH:-0}"
"""


class Project:
    """Copy of the project in which the tests run tasks.py, and the log of the commands that tasks.py runs."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.tools = folder / "tools"
        self.log_path = folder / "log"
        self.root.mkdir()
        self.tools.mkdir()
        for name in PARTS:
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copyfile)(source, self.root / name)
        for name, script in {"uv": UV, "npm": NPM, "node": NODE, "fake-python": PYTHON}.items():
            tool = self.tools / name
            tool.write_text(f'#!/bin/sh\nenv > "$LOG.{name}"\n{script}')
            tool.chmod(tool.stat().st_mode | stat.S_IXUSR)

    def run_tasks(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run tasks.py with these arguments. Afterwards, `calls` lists the commands that tasks.py ran."""
        self.log_path.write_text("")
        base_env = {
            "PATH": f"{self.tools}:/usr/bin:/bin",
            "LOG": str(self.log_path),
            "FAKE_PYTHON": str(self.tools / "fake-python"),
        }
        return subprocess.run(
            [sys.executable, str(self.root / "tasks.py"), *arguments],
            env=base_env | env,
            cwd=self.tools,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        """First three words of each command, in order."""
        return [" ".join(line.split()[:3]) for line in self.log_path.read_text().splitlines()]
